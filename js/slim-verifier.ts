/**
 * One issuer's tokens, checked with keys that are given: signature and claims, and nothing else. Nothing is fetched and no token is
 * remembered.
 *
 * @module
 */
import { AtWork } from "./at-work.ts";
import { inCore } from "./errors.ts";
import { frozen } from "./frozen.ts";
import type { IssuerPolicy } from "./policy.ts";
import type { VerifiedToken } from "./verifier.ts";
import type { SlimCore } from "./wasm/generated/slim.js";
import { Input } from "./wasm/input.ts";
import type { Instance } from "./wasm/instance.ts";

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
  instance: Instance;
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
  readonly #work: AtWork<{ core: SlimCore; input: Input }>;
  readonly #maxTokenBytes: number;
  readonly #now: () => number;
  /** What the core was given, for the one that takes its place when it fails. */
  #keySet: string | undefined;

  constructor(runtime: SlimRuntime, policy: SlimPolicy, keySet: object | string, options: SlimOptions) {
    const { SlimCore, instance } = runtime;
    const text = JSON.stringify(policy);
    this.#work = new AtWork(instance, () => {
      const core = inCore(() => new SlimCore(text));
      const input = new Input(core, instance.memory);
      const keys = this.#keySet;
      if (keys !== undefined) inCore(() => core.provideKeySet(keys));
      return { core, input };
    });
    this.#maxTokenBytes = SlimCore.maxTokenBytes();
    this.#now = options.now ?? Date.now;
    this.provideKeySet(keySet);
  }

  verifySync(token: string): VerifiedToken {
    const seconds = this.#now() / 1000;
    return this.#working(({ core, input }) =>
      frozen(JSON.parse(core.verify(input.write(token, this.#maxTokenBytes), seconds))),
    );
  }

  provideKeySet(keySet: object | string): void {
    const text = typeof keySet === "string" ? keySet : JSON.stringify(keySet);
    this.#working(({ core }) => core.provideKeySet(text));
    this.#keySet = text;
  }

  #working<T>(use: (state: { core: SlimCore; input: Input }) => T): T {
    const state = this.#work.now();
    try {
      return inCore(() => use(state));
    } catch (thrown) {
      throw this.#work.fault(thrown, state);
    }
  }
}
