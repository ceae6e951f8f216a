/** Where the time of a request went, for hooks, logs and metrics. */
import type { Need } from "./needs.ts";

/**
 * How long each part took, in milliseconds; 0 where there was none of it.
 *
 * In workerd the clock stands still between I/O, so that nobody can measure code by it: there `verify` is 0 unless the platform checked the
 * signature, and what the core computed while it had an answer in hand is not seen at all. What waited for a network is measured everywhere.
 */
export interface Timing {
  /** Until the keys were there: stores, metadata, key set, and moments in which another request's answer was waited for. */
  keys: number;
  /** The decision itself, the signature included. */
  verify: number;
  /** Until the issuer had answered about the token. */
  introspect: number;
  /** Until it was known whether a DPoP proof had been used. */
  proof: number;
  /** Until the deny list was there, or was changed. */
  revocation: number;
  /** Until there was a token for the origin, where the policy has it get another than the client's. */
  token: number;
  /** Until the origin's answer began; with a guard, until the application's was handed over. */
  upstream: number;
}

/**
 * Measures the parts of one request: what has gone by since the last reading belongs to the part that is named.
 *
 * @internal
 */
export class Stopwatch {
  readonly timing: Timing = {
    ...{ keys: 0, verify: 0, introspect: 0, proof: 0, revocation: 0, token: 0, upstream: 0 },
  };
  readonly #clock: () => number;
  #since: number;

  /** @param clock shows milliseconds */
  constructor(clock: () => number) {
    this.#clock = clock;
    this.#since = clock();
  }

  lap(part: keyof Timing): void {
    const now = this.#clock();
    // A clock that is set back takes nothing away.
    this.timing[part] += Math.max(0, now - this.#since);
    this.#since = now;
  }
}

/**
 * The part that waiting for something belongs to.
 *
 * @internal
 */
export const partOf: Readonly<Record<Need["kind"], keyof Timing>> = {
  stored: "keys",
  shared: "keys",
  metadata: "keys",
  key_set: "keys",
  moment: "keys",
  introspection: "introspect",
  token: "token",
  proof_use: "proof",
  deny_list: "revocation",
  deny_list_put: "revocation",
  deny_list_remove: "revocation",
  request_body: "revocation",
};

/**
 * The header `Server-Timing` (W3C Server Timing section 3): names and durations in milliseconds, and no more.
 *
 * @internal
 */
export const serverTiming = (timing: Timing): string =>
  Object.entries(timing)
    .map(([part, took]) => `${part};dur=${Math.round(took * 100) / 100}`)
    .join(", ");
