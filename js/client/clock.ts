/**
 * What time it is by the server's clock: a person's own may be wrong, and must not lock them out.
 *
 * @module
 */

/** This device's clock, in seconds since the epoch: for what begins and ends on it, whatever it shows. */
export const deviceNow = (): number => Date.now() / 1000;

/** The server's clock, for what a server has dated or will read. */
export class ServerClock {
  readonly #page: string;
  readonly #tolerance: number;
  #offset = 0;

  /**
   * `page` is a URL of this page's own origin: its server's `Date` is one that scripts may read. `tolerance` is by how many seconds the clocks may seem to
   * differ while they don't.
   */
  constructor(page: string, tolerance: number) {
    this.#page = page;
    this.#tolerance = tolerance;
  }

  /** In seconds since the epoch. */
  now(): number {
    return deviceNow() + this.#offset;
  }

  /** Takes note of a `Date` that came just now. Gives whether the clock was changed by it. */
  heed(headers: { get(name: string): string | null }): boolean {
    const date = Date.parse(headers.get("date") ?? "");
    // An answer out of a cache has lain there so long (RFC 9111 section 5.1).
    const age = Number(headers.get("age") ?? 0);
    if (Number.isNaN(date) || Number.isNaN(age)) return false;
    const offset = date / 1000 + age - deviceNow();
    const before = this.#offset;
    this.#offset = Math.abs(offset) <= this.#tolerance ? 0 : offset;
    return Math.abs(this.#offset - before) > this.#tolerance;
  }

  /** Asks this page's own server for the time. Gives whether the clock was changed by it. */
  async ask(milliseconds: number): Promise<boolean> {
    try {
      const signal = AbortSignal.timeout(milliseconds);
      const { headers } = await fetch(this.#page, { method: "HEAD", cache: "no-store", signal });
      return this.heed(headers);
    } catch {
      return false;
    }
  }
}
