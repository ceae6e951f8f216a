/** How many names are kept. */
const maxKept = 1_000;

/** What the core says of names of headers, which is always the same. Callers choose names, so when all places are taken it stays at that. */
export class KnownNames {
  readonly #said = new Map<string, boolean>();
  readonly #ask: (name: string) => boolean;

  constructor(ask: (name: string) => boolean) {
    this.#ask = ask;
  }

  /** What is said of a name. */
  has(name: string): boolean {
    let said = this.#said.get(name);
    if (said === undefined) {
      said = this.#ask(name);
      if (this.#said.size < maxKept) this.#said.set(name, said);
    }
    return said;
  }
}
