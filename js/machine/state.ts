/**
 * One core of the module's with all that hangs on it: the token, the key that it is bound to, the nonces. It is thrown away as a whole.
 *
 * @module
 */
import type { Fetch } from "../documents.ts";
import { type EdgewardError, inCore } from "../errors.ts";
import type { MachineCore } from "../wasm/generated/machine.js";
import { ApiFetch } from "./api-fetch.ts";
import { ProofKey } from "./proof-key.ts";
import { MachineTokens } from "./tokens.ts";
import type { MachineOptions, PrivateJwk } from "./types.ts";

/** Runs a call into the core. What is thrown is an `EdgewardError`, of the core's own or that the module has failed. */
export type Working = <T>(call: () => T) => T;

/** What it works with, and whom it tells. */
interface Surroundings {
  private_key: PrivateJwk | undefined;
  fetch: NonNullable<MachineOptions["fetch"]> & Fetch;
  /** In seconds since the epoch. */
  now: () => number;
  /** A call into the core has thrown this. Gives what is to be thrown in its place. */
  failed: (thrown: unknown) => EdgewardError;
}

export class MachineState {
  readonly tokens: MachineTokens;
  readonly api: ApiFetch;

  /** @throws EdgewardError `config_invalid` */
  constructor(module: typeof MachineCore, config: string, given: Surroundings) {
    const { private_key, fetch, now, failed } = given;
    const core = inCore(() => new module(config));
    // Only calls into the core are guarded: what `fetch` throws is the platform's, and the module has no part in it.
    const working: Working = (call) => {
      try {
        return inCore(call);
      } catch (thrown) {
        throw failed(thrown);
      }
    };
    const bounds = {
      max_bytes: module.maxDocumentBytes(),
      timeout_milliseconds: module.fetchTimeoutMilliseconds(),
    };
    const key = new ProofKey({ module, core, working, now });
    this.tokens = new MachineTokens({ core, working, bounds, key, private_key, fetch, now });
    this.api = new ApiFetch({ core, working, key, tokens: this.tokens, fetch });
  }
}
