/**
 * The core as it lasts beyond a failure of its module's instance: what it failed in fails, with a typed error, and the next call has a fresh core with the
 * session and the key that there were. A sign-in or a renewal that was under way is over.
 *
 * @module
 */
import { AtWork } from "../at-work.ts";
import type { ClientModule } from "../wasm/browser.ts";
import { ClientCore } from "./core.ts";
import { type Call, callsOf, changing } from "./core-calls.ts";

export class LastingCore {
  /** To be used as the core itself. */
  readonly core: ClientCore;
  #jwk: string | undefined;
  /** The session as it was last. The page keeps it, as the module's memory did: no script can reach either. */
  #session: string | undefined;

  /** @throws EdgewardError `config_invalid`, `internal_error`. */
  constructor(module: ClientModule, config: string) {
    const atWork = new AtWork<Call>(module.instance, () => {
      const call = callsOf(new module.ClientPort(module.asksHost), config);
      const core = new ClientCore(call);
      if (this.#jwk !== undefined) core.useKey(this.#jwk);
      if (this.#session !== undefined) core.adopt(this.#session);
      return call;
    });
    this.core = new ClientCore((number, ...values) => {
      const call = atWork.now();
      try {
        try {
          return call(number, ...values);
        } finally {
          if (changing.has(number)) this.#session = new ClientCore(call).share(true);
        }
      } catch (thrown) {
        throw atWork.fault(thrown, call);
      }
    });
  }

  /** Takes a key, now and after each failure. */
  useKey(jwk: string): void {
    this.core.useKey(jwk);
    this.#jwk = jwk;
  }
}
