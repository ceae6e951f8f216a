/**
 * One issuer's tokens, checked with keys that are given: signature and claims, and nothing else. Nothing is fetched and no token is
 * remembered.
 *
 * @module
 */
import { inCore } from "./errors.ts";
import { frozen } from "./frozen.ts";
import type { IssuerPolicy } from "./policy.ts";
import type { VerifiedToken } from "./verifier.ts";
import type { SlimCore } from "./wasm/generated/slim.js";
import { Input } from "./wasm/input.ts";

/** What the tokens must say. Unknown members are refused. */
export type SlimPolicy = Pick<
  IssuerPolicy,
  "issuer" | "audience" | "token_profile" | "clock_tolerance_seconds"
> & {
  /** Default: both. */
  algorithms?: ("ES256" | "RS256")[];
};

/** What a slim verifier may be given besides its policy. */
export interface SlimOptions {
  /** The time in milliseconds since the epoch. Default: `Date.now`. */
  now?: () => number;
}

export interface SlimVerifier {
  /**
   * Judges a token (compact JWS, without "Bearer").
   *
   * @throws EdgewardError what is wrong with the token.
   */
  verifySync(token: string): VerifiedToken;
  /**
   * Takes another key set, as object or JSON text, for the tokens from now on.
   *
   * @throws EdgewardError `key_set_malformed`; the one there was then stays.
   */
  provideKeySet(keySet: object | string): void;
}

/**
 * What an entry file knows of its runtime.
 *
 * @internal
 */
interface SlimRuntime {
  SlimCore: typeof SlimCore;
  memory: WebAssembly.Memory;
}

/**
 * Makes the `createVerifier` of a runtime.
 *
 * @internal
 */
export const slimVerifiersOf =
  (runtime: SlimRuntime) =>
  (policy: SlimPolicy, keySet: object | string, options: SlimOptions = {}): SlimVerifier =>
    new CoreVerifier(runtime, policy, keySet, options);

class CoreVerifier implements SlimVerifier {
  readonly #core: SlimCore;
  readonly #input: Input;
  readonly #maxTokenBytes: number;
  readonly #now: () => number;

  constructor(runtime: SlimRuntime, policy: SlimPolicy, keySet: object | string, options: SlimOptions) {
    this.#core = inCore(() => new runtime.SlimCore(JSON.stringify(policy)));
    this.#input = new Input(this.#core, runtime.memory);
    this.#maxTokenBytes = runtime.SlimCore.maxTokenBytes();
    this.#now = options.now ?? Date.now;
    this.provideKeySet(keySet);
  }

  verifySync(token: string): VerifiedToken {
    return frozen(
      JSON.parse(
        inCore(() => this.#core.verify(this.#input.write(token, this.#maxTokenBytes), this.#now() / 1000)),
      ),
    );
  }

  provideKeySet(keySet: object | string): void {
    const text = typeof keySet === "string" ? keySet : JSON.stringify(keySet);
    inCore(() => this.#core.provideKeySet(text));
  }
}
