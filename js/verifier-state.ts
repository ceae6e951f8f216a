/**
 * A verifier's core at work: fetches what it needs and keeps what it has said. It is thrown away as a whole when something fails in it, because what
 * is kept here is known by numbers of that core.
 *
 * @module
 */
import type { Fetch } from "./documents.ts";
import { EdgewardError, inCore } from "./errors.ts";
import { frozen } from "./frozen.ts";
import { Kept } from "./kept.ts";
import {
  algorithmOf,
  documentFor,
  documentNeed,
  isOfKeys,
  signatureRequest,
  verdictNumbers,
} from "./steps.ts";
import type { SynchronousHost, VerifiedToken, VerifierRuntime } from "./verifier.ts";
import type { VerifierCore } from "./wasm/generated/verifier.js";
import { Input } from "./wasm/input.ts";
import { type SignatureVerdict, WebCrypto } from "./webcrypto.ts";

/** The step that the core names by a negative number. */
const stepOf = (number: number): number => -1 - number;

/** What it works with, and whom it tells. */
interface Surroundings {
  synchronous: SynchronousHost | undefined;
  fetch: Fetch;
  /** The time in seconds since the epoch. */
  seconds(): number;
  /** Something of an issuer's was fetched. */
  fetched(): void;
  /** Something was thrown while nobody waited. */
  failed(thrown: unknown): void;
}

export class VerifierState {
  readonly #core: VerifierCore;
  readonly #input: Input;
  readonly #memory: WebAssembly.Memory;
  readonly #webCrypto = new WebCrypto();
  readonly #outlivesCall: boolean;
  readonly #maxTokenBytes: number;
  /** What was made of remembered tokens, by their numbers. */
  readonly #tokens: Kept<VerifiedToken>;
  readonly #given: Surroundings;
  #isFetching = false;

  /** @throws EdgewardError `policy_invalid` */
  constructor(runtime: VerifierRuntime, policy: string, host: readonly string[], given: Surroundings) {
    this.#core = inCore(() => new runtime.VerifierCore(policy, host.join(" ")));
    this.#memory = runtime.instance.memory;
    this.#input = new Input(this.#core, this.#memory);
    this.#outlivesCall = runtime.outlivesCall;
    this.#maxTokenBytes = runtime.VerifierCore.maxTokenBytes();
    this.#tokens = new Kept(this.#core.maxRemembered);
    this.#given = given;
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

  /** Takes a key set that was fetched at this time. */
  provideKeySet(issuer: string, text: string, seconds: number): void {
    inCore(() => this.#core.provideKeySet(issuer, text, seconds));
  }

  /** Begins a fetch for whoever comes later, one at a time. */
  #fetchMeanwhile(number: number): void {
    this.#isFetching = true;
    const settled = this.#settle(number).catch((thrown) => this.#given.failed(thrown));
    // What becomes of this token nobody waits for: the keys are there at a later call, or they are not.
    void settled.finally(() => {
      this.#isFetching = false;
    });
  }

  #start(token: string, atOnce: boolean): number {
    const seconds = this.#given.seconds();
    return inCore(() => this.#core.verify(this.#input.write(token, this.#maxTokenBytes), atOnce, seconds));
  }

  /** Gives the core what it needs until it has decided. */
  async #settle(first: number): Promise<VerifiedToken> {
    // From each answer to what is returned, or to the next step, nothing is awaited, so no other token comes between.
    for (let number = first; ; ) {
      const step = stepOf(number);
      if (this.#core.needsSignature(step)) {
        number = this.#conclude(step, await this.#verdict(step));
      } else {
        const need = documentNeed(this.#core, step);
        const text = await documentFor(need, this.#given.fetch);
        if (text !== null && isOfKeys(need.kind)) this.#given.fetched();
        number = inCore(() => this.#core.resume(step, text, this.#given.seconds()));
      }
      if (number >= 0) return this.#token(number);
    }
  }

  #verdict(step: number): SignatureVerdict | Promise<SignatureVerdict> {
    const request = signatureRequest(this.#core, step, this.#memory);
    return this.#given.synchronous?.verify(request) ?? this.#webCrypto.verify(request);
  }

  #conclude(step: number, verdict: SignatureVerdict): number {
    return inCore(() => this.#core.conclude(step, verdictNumbers[verdict], this.#given.seconds()));
  }

  #verdictAtOnce(step: number): SignatureVerdict {
    const core = this.#core;
    const { synchronous } = this.#given;
    if (synchronous !== undefined) return synchronous.verify(signatureRequest(core, step, this.#memory));
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
}
