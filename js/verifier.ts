/**
 * Tokens judged without a gate, for APIs that know their routes themselves. All decisions are the core's; this file fetches what it needs
 * and keeps what it has said.
 *
 * @module
 */
import type { AlgorithmName } from "./algorithm-name.ts";
import type { Fetch } from "./documents.ts";
import { hostAlgorithmsOf } from "./engines.ts";
import { EdgewardError, inCore } from "./errors.ts";
import { frozen } from "./frozen.ts";
import { Kept } from "./kept.ts";
import type { IssuerPolicy, KeyPolicy, TokenCachePolicy } from "./policy.ts";
import { algorithmOf, documentFor, documentNeed, signatureRequest, verdictNumbers } from "./steps.ts";
import type { VerifierCore } from "./wasm/generated/verifier.js";
import { Input } from "./wasm/input.ts";
import { type SignatureRequest, type SignatureVerdict, WebCrypto } from "./webcrypto.ts";

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
   * Gives an issuer's key set, a JWK set as object or JSON text, as if it had just been fetched.
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
  memory: WebAssembly.Memory;
  /** The algorithms whose signatures the host checks unless an engine is named. */
  hostAlgorithms: readonly AlgorithmName[];
  /** `node:crypto`, where there is one; one for each core, because its keys are known by their numbers. */
  nodeHost?: () => SynchronousHost;
  /** Whether a fetch outlives the call that began it. */
  outlivesCall: boolean;
}

/** The step that the core names by a negative number. */
const stepOf = (number: number): number => -1 - number;

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
  readonly #core: VerifierCore;
  readonly #input: Input;
  readonly #memory: WebAssembly.Memory;
  readonly #synchronous: SynchronousHost | undefined;
  readonly #webCrypto = new WebCrypto();
  readonly #fetch: Fetch;
  readonly #now: () => number;
  readonly #outlivesCall: boolean;
  readonly #maxTokenBytes: number;
  /** What was made of remembered tokens, by their numbers. */
  readonly #tokens: Kept<VerifiedToken>;
  #isFetching = false;

  constructor(runtime: VerifierRuntime, policy: VerifierPolicy | string, options: VerifierOptions) {
    const { engine } = options;
    const hosts = runtime.nodeHost === undefined ? ["webcrypto"] : ["webcrypto", "node"];
    const host = hostAlgorithmsOf(engine, runtime.hostAlgorithms, hosts);
    const text = typeof policy === "string" ? policy : JSON.stringify(policy);
    this.#core = inCore(() => new runtime.VerifierCore(text, host.join(" ")));
    this.#memory = runtime.memory;
    this.#input = new Input(this.#core, runtime.memory);
    this.#synchronous = engine === "webcrypto" ? undefined : runtime.nodeHost?.();
    this.#fetch = options.fetch ?? ((input, init) => fetch(input, init));
    this.#now = options.now ?? Date.now;
    this.#outlivesCall = runtime.outlivesCall;
    this.#maxTokenBytes = runtime.VerifierCore.maxTokenBytes();
    this.#tokens = new Kept(this.#core.maxRemembered);
  }

  async verify(token: string): Promise<VerifiedToken> {
    const number = this.#start(token, false);
    return number < 0 ? await this.#settle(number) : this.#token(number);
  }

  verifySync(token: string): VerifiedToken {
    // The core is told of a fetch only where one can follow: it counts what it has asked for, and then asks less.
    let number = this.#start(token, this.#isFetching || !this.#outlivesCall);
    while (number < 0) {
      const step = stepOf(number);
      if (this.#core.needsSignature(step)) {
        number = this.#conclude(step, this.#verdictAtOnce(step));
      } else {
        this.#fetchMeanwhile(number);
        number = this.#start(token, true);
      }
    }
    return this.#token(number);
  }

  /** Begins a fetch for whoever comes later, one at a time. */
  #fetchMeanwhile(number: number): void {
    this.#isFetching = true;
    const settled = this.#settle(number).catch(() => undefined);
    // What becomes of this token nobody waits for: the keys are there at a later call, or they are not.
    void settled.finally(() => {
      this.#isFetching = false;
    });
  }

  provideKeySet(issuer: string, keySet: object | string): void {
    const text = typeof keySet === "string" ? keySet : JSON.stringify(keySet);
    inCore(() => this.#core.provideKeySet(issuer, text, this.#seconds()));
  }

  #start(token: string, atOnce: boolean): number {
    return inCore(() =>
      this.#core.verify(this.#input.write(token, this.#maxTokenBytes), atOnce, this.#seconds()),
    );
  }

  /** Gives the core what it needs until it has decided. */
  async #settle(first: number): Promise<VerifiedToken> {
    // From each answer to what is returned, or to the next step, nothing is awaited, so no other token comes between.
    for (let number = first; ; ) {
      const step = stepOf(number);
      if (this.#core.needsSignature(step)) {
        number = this.#conclude(step, await this.#verdict(step));
      } else {
        const text = await documentFor(documentNeed(this.#core, step), this.#fetch);
        number = inCore(() => this.#core.resume(step, text, this.#seconds()));
      }
      if (number >= 0) return this.#token(number);
    }
  }

  #verdict(step: number): SignatureVerdict | Promise<SignatureVerdict> {
    const request = signatureRequest(this.#core, step, this.#memory);
    return this.#synchronous?.verify(request) ?? this.#webCrypto.verify(request);
  }

  #conclude(step: number, verdict: SignatureVerdict): number {
    return inCore(() => this.#core.conclude(step, verdictNumbers[verdict], this.#seconds()));
  }

  #verdictAtOnce(step: number): SignatureVerdict {
    const core = this.#core;
    if (this.#synchronous !== undefined) {
      return this.#synchronous.verify(signatureRequest(core, step, this.#memory));
    }
    // Then the core decides.
    if (core.isOwn(step)) return "unable";
    const alg = algorithmOf(core, step);
    core.abandon(step);
    throw new EdgewardError(
      "asynchronous_only",
      `only WebCrypto has ${alg} here, which answers later: call verify()`,
    );
  }

  /** What the core has just found good. */
  #token(number: number): VerifiedToken {
    const kept = this.#tokens.get(number);
    if (kept !== undefined) return kept;
    const token: VerifiedToken = frozen(JSON.parse(this.#core.token() ?? ""));
    if (number !== 0) this.#tokens.set(number, token);
    return token;
  }

  #seconds(): number {
    return this.#now() / 1000;
  }
}
