// Command lines with options, for the commands that have several.

import { parseArgs } from "node:util";

/** The command can't be carried out as it was given: exit status 2. */
export class Misuse extends Error {}

/**
 * Reads a command line, or says what is wrong with it.
 * @template {import("node:util").ParseArgsConfig} T
 * @param {T} config
 */
export function parseCommandLine(config) {
  try {
    return parseArgs(config);
  } catch (error) {
    throw new Misuse(error instanceof Error ? error.message : String(error));
  }
}
