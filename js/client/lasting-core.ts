/**
 * The core as it lasts beyond a failure of its module's instance: what it failed in fails, with a typed error, and the next call has a fresh core with the
 * session and the key that there were. A sign-in or a renewal that was under way is over.
 *
 * @module
 */
import { AtWork } from "../at-work.ts";
import { inCore } from "../errors.ts";
import type { ClientModule } from "../wasm/browser.ts";
import type { ClientCore } from "../wasm/generated/client.js";

/** Calls after which the session may be another. */
const changing = new Set(["adopt", "conclude", "forget", "leave", "logout", "readTokens"]);

export class LastingCore {
  /** To be used as the core itself. */
  readonly core: ClientCore;
  readonly #atWork: AtWork<ClientCore>;
  #jwk: string | undefined;
  /** The session as it was last. The page keeps it, as the module's memory did: no script can reach either. */
  #session: string | undefined;

  /** @throws EdgewardError `config_invalid`, `internal_error`. */
  constructor(module: ClientModule, config: string) {
    this.#atWork = new AtWork(module.instance, () => {
      const core = inCore(() => new module.ClientCore(config, module.asksHost));
      if (this.#jwk !== undefined) core.useKey(this.#jwk);
      if (this.#session !== undefined) core.adopt(this.#session);
      return core;
    });
    this.core = new Proxy({} as ClientCore, { get: (_, name) => this.#member(name) });
  }

  /** Takes a key, now and after each failure. */
  useKey(jwk: string): void {
    inCore(() => this.core.useKey(jwk));
    this.#jwk = jwk;
  }

  #member(name: string | symbol): unknown {
    const core = this.#atWork.now();
    const guarded = <T>(run: () => T): T => {
      try {
        return inCore(run);
      } catch (thrown) {
        throw this.#atWork.fault(thrown, core);
      }
    };
    const member: unknown = guarded(() => Reflect.get(core, name, core));
    if (typeof member !== "function") return member;
    return (...values: unknown[]) =>
      guarded(() => {
        try {
          return member.apply(core, values);
        } finally {
          if (changing.has(String(name))) this.#session = core.share(true);
        }
      });
  }
}
