/** The command can't be carried out as it was given. */
export class Misuse extends Error {}
