/** What is kept under numbers, as long as it is used now and then: at least the `limit` used last, at most twice as many. */
export class Kept<Value> {
  readonly #limit: number;
  #young = new Map<number, Value>();
  /** What was young before. Whatever is not asked for until the next change of places is let go. */
  #old = new Map<number, Value>();

  constructor(limit: number) {
    this.#limit = limit;
  }

  get(number: number): Value | undefined {
    const young = this.#young.get(number);
    if (young !== undefined) return young;
    const old = this.#old.get(number);
    if (old !== undefined) this.set(number, old);
    return old;
  }

  set(number: number, value: Value): void {
    // One map emptied from its front would grow slow: its dead entries are walked over each time.
    if (this.#young.size >= this.#limit) {
      this.#old = this.#young;
      this.#young = new Map();
    }
    this.#young.set(number, value);
  }
}
