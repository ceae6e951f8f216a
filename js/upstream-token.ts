/**
 * Tokens that the origin gets in place of clients': the core knows when which one serves, and each is taken across once.
 *
 * @module
 */
import { Kept } from "./kept.ts";
import type { GateCore } from "./wasm/generated/gate.js";

/** A token for the origin: the whole header, and the number by which the core knows it. */
export interface UpstreamToken {
  readonly serial: number;
  readonly authorization: string;
}

export class UpstreamTokens {
  readonly #core: GateCore;
  readonly #tokens: Kept<UpstreamToken>;

  constructor(core: GateCore) {
    this.#core = core;
    this.#tokens = new Kept(core.upstreamTokensKept);
  }

  /** That of the core's last decision; `undefined` on a public route. */
  ofDecision(): UpstreamToken | undefined {
    const serial = this.#core.upstreamTokenSerial;
    if (serial === 0) return undefined;
    const kept = this.#tokens.get(serial);
    if (kept !== undefined) return kept;
    const token = { serial, authorization: this.#core.upstreamAuthorization() ?? "" };
    this.#tokens.set(serial, token);
    return token;
  }

  /** That the origin has answered 401 to a request with it. */
  rejected({ serial }: UpstreamToken): void {
    this.#core.upstreamTokenRejected(serial);
  }
}
