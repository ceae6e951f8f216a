/**
 * Tokens judged without a gate, for APIs that know their routes themselves. All decisions are the core's, which `verifier-state.ts` has at work; this
 * file says what a verifier is, and starts it anew when it has failed.
 *
 * @module
 */
import type { AlgorithmName } from "./algorithm-name.ts";
import { AtWork } from "./at-work.ts";
import type { Fetch } from "./documents.ts";
import { hostAlgorithmsOf } from "./engines.ts";
import type { IssuerPolicy, KeyPolicy, TokenCachePolicy } from "./policy.ts";
import { VerifierState } from "./verifier-state.ts";
import type { VerifierCore } from "./wasm/generated/verifier.js";
import type { Instance } from "./wasm/instance.ts";
import type { SignatureRequest, SignatureVerdict } from "./webcrypto.ts";

/** Whose tokens are taken. Unknown members are refused. */
export interface VerifierPolicy {
  /** For editors. Any text; it decides nothing. */
  $schema?: string;
  /** Who may issue tokens: 1 to 100. `introspection` is not asked. */
  issuers: IssuerPolicy[];
  /** What becomes of key sets. */
  keys?: KeyPolicy;
  /** Whether verified tokens are remembered, and how many. Default `true`. `false` has every signature checked. */
  token_cache?: boolean | TokenCachePolicy;
  /** Takes `http` URLs on 127.0.0.1, [::1] and localhost: for development and tests. */
  allow_insecure_loopback?: boolean;
}

/** What a verifier may be given besides its policy. */
export interface VerifierOptions {
  /**
   * What checks signatures: `wasm` the Rust core alone, which has ES256 and the RSA algorithms; `webcrypto` the platform's
   * `crypto.subtle`; `node` the platform's `node:crypto`, where there is one. Default: for each algorithm what was measured to be fastest
   * here (`docs/benchmarks/`). The verdicts are the same.
   */
  engine?: "wasm" | "webcrypto" | "node";
  /** Fetches from the authorization server. Default: the platform's `fetch`. */
  fetch?: Fetch;
  /** The time in milliseconds since the epoch. Default: `Date.now`. */
  now?: () => number;
}

/** A token whose signature and claims hold. It is frozen, because a token that comes again is answered with the same object. */
export interface VerifiedToken {
  readonly claims: AccessTokenClaims;
  /** The scopes it grants. */
  readonly scope: readonly string[];
  /** Seconds since the epoch. */
  readonly expires_at: number;
}

/** Claims of an access token (RFC 9068 section 2.2). */
export interface AccessTokenClaims {
  readonly iss: string;
  readonly aud: string | readonly string[];
  readonly exp: number;
  readonly [claim: string]: unknown;
}

export interface Verifier {
  /**
   * Judges a token (compact JWS, without "Bearer"), and fetches keys where that is due.
   *
   * @throws EdgewardError by the promise: what is wrong with the token, or `key_set_unavailable`.
   */
  verify(token: string): Promise<VerifiedToken>;
  /**
   * Judges a token with the keys that are there: those of an earlier {@link verify}, or of {@link provideKeySet}. Keys that are due to be
   * fetched again serve while they are not too old; in Node, Deno and Bun the fetch is begun meanwhile.
   *
   * @throws EdgewardError what is wrong with the token, `key_set_unavailable` without keys, `asynchronous_only` for an algorithm that only
   * WebCrypto has.
   */
  verifySync(token: string): VerifiedToken;
  /**
   * Gives an issuer's key set, a JWK set as object or JSON text, as if it had just been fetched. Should the module
   * ever fail and be started anew, it has the sets that were given as they were then, unless one was fetched meanwhile.
   *
   * @throws EdgewardError `issuer_unknown`, `key_set_malformed`
   */
  provideKeySet(issuer: string, keySet: object | string): void;
}

/**
 * A host that answers at once.
 *
 * @internal
 */
export interface SynchronousHost {
  verify(request: SignatureRequest): SignatureVerdict;
}

/**
 * What an entry file knows of its runtime.
 *
 * @internal
 */
export interface VerifierRuntime {
  VerifierCore: typeof VerifierCore;
  instance: Instance;
  /** The algorithms whose signatures the host checks unless an engine is named. */
  hostAlgorithms: readonly AlgorithmName[];
  /** `node:crypto`, where there is one; one for each core, because its keys are known by their numbers. */
  nodeHost?: () => SynchronousHost;
  /** Whether a fetch outlives the call that began it. */
  outlivesCall: boolean;
}

/**
 * Makes the `createVerifier` of a runtime.
 *
 * @internal
 */
export const verifiersOf =
  (runtime: VerifierRuntime) =>
  (policy: VerifierPolicy | string, options: VerifierOptions = {}): Verifier =>
    new CoreVerifier(runtime, policy, options);

class CoreVerifier implements Verifier {
  readonly #work: AtWork<VerifierState>;
  readonly #now: () => number;
  /** Sets that were given, and when, for the core that takes the place of one that fails. */
  readonly #given = new Map<string, { text: string; seconds: number }>();

  constructor(runtime: VerifierRuntime, policy: VerifierPolicy | string, options: VerifierOptions) {
    const { engine } = options;
    const hosts = runtime.nodeHost === undefined ? ["webcrypto"] : ["webcrypto", "node"];
    const host = hostAlgorithmsOf(engine, runtime.hostAlgorithms, hosts);
    const text = typeof policy === "string" ? policy : JSON.stringify(policy);
    const fetchDocument: Fetch = options.fetch ?? ((input, init) => fetch(input, init));
    this.#now = options.now ?? Date.now;
    const start = (): VerifierState => {
      const state: VerifierState = new VerifierState(runtime, text, host, {
        synchronous: engine === "webcrypto" ? undefined : runtime.nodeHost?.(),
        fetch: fetchDocument,
        seconds: () => this.#seconds(),
        // What was fetched is newer than what was given, and may have fewer keys.
        fetched: () => this.#given.clear(),
        failed: (thrown) => this.#work.fault(thrown, state),
      });
      for (const [issuer, { text, seconds }] of this.#given) state.provideKeySet(issuer, text, seconds);
      return state;
    };
    this.#work = new AtWork(runtime.instance, start);
  }

  async verify(token: string): Promise<VerifiedToken> {
    const state = this.#work.now();
    try {
      return await state.verify(token);
    } catch (thrown) {
      throw this.#work.fault(thrown, state);
    }
  }

  verifySync(token: string): VerifiedToken {
    return this.#working((state) => state.verifySync(token));
  }

  provideKeySet(issuer: string, keySet: object | string): void {
    const text = typeof keySet === "string" ? keySet : JSON.stringify(keySet);
    const seconds = this.#seconds();
    this.#working((state) => state.provideKeySet(issuer, text, seconds));
    this.#given.set(issuer, { text, seconds });
  }

  #working<T>(use: (state: VerifierState) => T): T {
    const state = this.#work.now();
    try {
      return use(state);
    } catch (thrown) {
      throw this.#work.fault(thrown, state);
    }
  }

  #seconds(): number {
    return this.#now() / 1000;
  }
}
