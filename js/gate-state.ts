/**
 * The gate's core at work: moves requests' texts and its needs across, and keeps what was made of its answers. It is thrown away as a
 * whole when something fails in it, because what is kept here is known by numbers of that core.
 *
 * @module
 */

import { Analytics } from "./analytics.ts";
import { bindingsOf } from "./bindings.ts";
import { ClientAssertions } from "./client-assertion.ts";
import { type CertificateOf, certificatesOf } from "./client-certificate.ts";
import { type AskDenyList, denyListOf, entryIn } from "./deny-list.ts";
import type { Fetch } from "./documents.ts";
import { proofUseOf } from "./dpop-replay.ts";
import { hostAlgorithmsOf } from "./engines.ts";
import { inCore, policyInvalid } from "./errors.ts";
import { frozen } from "./frozen.ts";
import type { GateRuntime, GateUse, RequestContext, Service, Surroundings } from "./gate-runtime.ts";
import type { Decided } from "./granted.ts";
import { headerPairs } from "./header-pairs.ts";
import { Kept } from "./kept.ts";
import { KeyStores } from "./key-stores.ts";
import { KnownNames } from "./known-names.ts";
import type { GateAnswer, HeaderList, Need } from "./needs.ts";
import type { Observation } from "./observation.ts";
import { textOf } from "./request-text.ts";
import { type ShareFetch, shareFetchOf } from "./shared-fetch.ts";
import {
  documentFor,
  documentNeed,
  isAwaited,
  isOfKeys,
  signatureRequest,
  type UseProof,
  verdictNumbers,
} from "./steps.ts";
import { partOf } from "./timing.ts";
import { UpstreamTokens } from "./upstream-token.ts";
import type { VerifiedToken } from "./verifier.ts";
import { type GateCore, Standing } from "./wasm/generated/gate.js";
import { Input } from "./wasm/input.ts";
import { WebCrypto } from "./webcrypto.ts";

/** Headers and claims of grants: so many of each. */
const maxKept = 1_000;

/** What it waited for came so late that the core had let the request go. That is this request's fault alone. */
export class LetGo extends Error {}

/** A policy at work. */
export class GateState {
  readonly #core: GateCore;
  readonly #memory: WebAssembly.Memory;
  readonly #input: Input;
  readonly #webCrypto = new WebCrypto();
  readonly #assertions: ClientAssertions;
  readonly #claimHeaders = new Kept<HeaderList>(maxKept);
  readonly #dropped: KnownNames;
  readonly #droppedFromAnswers: KnownNames;
  readonly #setsClaimHeaders: boolean;
  readonly #tokens = new Kept<VerifiedToken>(maxKept);
  readonly #takesDpop: boolean;
  /** Only there where the policy takes tokens that are bound to certificates. */
  readonly #certificateOf: CertificateOf | undefined;
  readonly #useProof: UseProof;
  readonly #keyStores: KeyStores;
  readonly #shareFetch: ShareFetch;
  /** Only there where the policy sends other tokens than the clients'. */
  readonly upstreamTokens: UpstreamTokens | undefined;
  #colo = "";
  readonly #askDenyList: AskDenyList;
  /** Where requests go; empty where that is a service. */
  readonly upstreamOrigin: string;
  readonly service: Service | undefined;
  readonly timeoutMilliseconds: number | undefined;
  readonly forwardsToken: boolean;
  /** Whether answers have `Server-Timing`. */
  readonly tellsTiming: boolean;
  readonly analytics: Analytics | undefined;
  /** Whether {@link dropsResponseHeader} ever says yes. */
  readonly dropsResponseHeaders: boolean;
  /** Whether the bodies of answers have been decoded when they come, whatever their headers say. */
  readonly decodesAnswers: boolean;

  /** @throws EdgewardError `policy_invalid` */
  constructor(
    runtime: GateRuntime,
    use: GateUse,
    policy: string,
    { secrets = {}, bindings = {}, engine, clientCertificateThumbprint }: Surroundings,
  ) {
    this.#assertions = new ClientAssertions(secrets);
    const host = hostAlgorithmsOf(engine, runtime.hostAlgorithms, ["webcrypto"]);
    const { GatePolicy } = runtime;
    const checked = inCore(() => (use === "gate" ? new GatePolicy(policy) : GatePolicy.forGuard(policy)));
    this.upstreamOrigin = checked.upstreamOrigin;
    this.timeoutMilliseconds = checked.upstreamTimeoutMilliseconds;
    this.forwardsToken = checked.forwardsToken;
    this.tellsTiming = checked.tellsTiming;
    const isServer = runtime.isServer === true;
    if (isServer && checked.trustsUrlOrigin) {
      throw policyInvalid({
        path: "dpop.origin",
        problem:
          "is missing; here the URL's host is what the caller has written, so name the one that clients reach",
      });
    }
    this.dropsResponseHeaders = checked.dropsResponseHeaders || isServer;
    this.decodesAnswers = isServer;
    this.#setsClaimHeaders = checked.setsClaimHeaders;
    this.#takesDpop = checked.takesDpop;
    this.#certificateOf = checked.takesMtls
      ? certificatesOf(runtime.certificateOf, clientCertificateThumbprint)
      : undefined;
    const { replacesToken } = checked;
    const needed = bindingsOf(JSON.parse(checked.bindings()), bindings);
    this.#useProof = proofUseOf(needed.get("dpop.replay_binding"));
    this.#shareFetch = shareFetchOf(needed.get("keys.durable_object_binding"));
    this.#keyStores = new KeyStores(runtime.caches, needed.get("keys.kv_binding"));
    this.#askDenyList = denyListOf(
      needed.get("revocation.durable_object_binding"),
      needed.get("revocation.kv_binding"),
    );
    this.service = needed.get("upstream.service_binding") as Service | undefined;
    const dataset = needed.get("analytics_engine_binding");
    this.analytics = dataset === undefined ? undefined : new Analytics(dataset);
    const named = checked.secretBindings().map((name) => [name, secrets[name]] as const);
    const given = named.filter(([, secret]) => typeof secret === "string");
    this.#core = inCore(
      () => new runtime.GateCore(checked, JSON.stringify(Object.fromEntries(given)), host.join(" ")),
    );
    if (runtime.caches !== undefined) this.#core.runtimeHasCacheApi();
    this.upstreamTokens = replacesToken ? new UpstreamTokens(this.#core) : undefined;
    this.#dropped = new KnownNames((name) => this.#core.dropsHeader(name) || (isServer && name === "host"));
    this.#droppedFromAnswers = new KnownNames((name) => this.#core.dropsResponseHeader(name));
    this.#memory = runtime.instance.memory;
    this.#input = new Input(this.#core, this.#memory);
  }

  /**
   * Starts on a request; `hasToken` is whether it is asked what the token says, `seen` who watches it. `undefined` where something is needed first: then
   * {@link settle} comes next, and nothing in between.
   */
  decide(
    request: Request,
    path: string,
    search: string,
    now: number,
    hasToken = false,
    seen?: Observation,
  ): Decided | undefined {
    const text = textOf(request, path, search, this.#takesDpop, this.#certificateOf);
    return this.#read(this.#core.authorize(this.#input.write(text), now), hasToken, seen);
  }

  /**
   * Gives the core what it needs until it has decided. Once this request goes to the keys, which others may wait for, it comes to its end even where
   * its client hangs up, if there is a context: `isKept` is whether that has been seen to.
   */
  async settle(
    request: Request,
    fetch: Fetch,
    now: () => number,
    hasToken = false,
    context?: RequestContext,
    seen?: Observation,
    isKept = context === undefined,
  ): Promise<Decided> {
    // From each answer to what is returned, or to the next step, nothing is awaited, so no other request comes between.
    for (let step = this.#core.step; ; step = this.#core.step) {
      let standing: Standing;
      if (this.#core.needsSignature(step)) {
        const verdict = await this.#webCrypto.verify(signatureRequest(this.#core, step, this.#memory));
        standing = this.#core.conclude(step, verdictNumbers[verdict], now());
      } else {
        const need = documentNeed(this.#core, step);
        if (!isKept && isAwaited(need.kind)) {
          const settled = this.settle(request, fetch, now, hasToken, context, seen, true);
          context?.waitUntil(settled.catch(() => undefined));
          return await settled;
        }
        const text = await this.#answerTo(need, fetch, request);
        seen?.lap(partOf[need.kind]);
        standing = this.#core.resume(step, text, now());
        if (isOfKeys(need.kind)) this.#keepInStores(context);
      }
      const decided = this.#read(standing, hasToken, seen);
      if (decided !== undefined) return decided;
    }
  }

  /** What is needed from outside; `null` where it can't be had. */
  async #answerTo(need: Need, fetch: Fetch, request?: Request): Promise<string | null> {
    switch (need.kind) {
      case "proof_use":
        return await this.#useProof(need);
      case "stored":
        return await this.#keyStores.read(need);
      case "shared":
        return await this.#shareFetch(need, this.#colo);
      case "deny_list":
      case "deny_list_put":
      case "deny_list_remove":
        return await this.#askDenyList(need);
      case "request_body":
        return request === undefined ? null : await entryIn(request, need);
      default:
        return await documentFor(need, fetch, this.#assertions);
    }
  }

  /** Refreshes what is about to be due: a key set or the deny list. Nobody waits for it: what fails is tried again by the core's rules. */
  async refresh(fetch: Fetch, now: () => number, context: RequestContext): Promise<void> {
    for (let step = this.#core.beginRefresh(now()); step !== undefined; ) {
      const text = await this.#answerTo(documentNeed(this.#core, step), fetch);
      step = this.#core.resumeRefresh(step, text, now());
      this.#keepInStores(context);
    }
  }

  /** Notes in which data centre requests arrive, where the platform says it; {@link settle} may need it. */
  near(request: Request & { cf?: { colo?: unknown } }): this {
    const colo = request.cf?.colo;
    if (typeof colo === "string") this.#colo = colo;
    return this;
  }

  /** Has the stores keep what the core says of the last document, beside the request. */
  #keepInStores(context: RequestContext | undefined): void {
    const write = this.#core.takeStoreWrite();
    if (write === undefined) return;
    const written = this.#keyStores.write(JSON.parse(write));
    context?.waitUntil(written);
  }

  /** Whether a header of the client's stays here. */
  dropsHeader(name: string): boolean {
    return this.#dropped.has(name);
  }

  /** Whether a header of the origin's answer stays here. */
  dropsResponseHeader(name: string): boolean {
    return this.#droppedFromAnswers.has(name);
  }

  /** Whether a header that `Connection` names stays here. Callers choose the names, and seldom one twice. */
  dropsConnectionOption(name: string): boolean {
    return this.#core.dropsConnectionOption(name);
  }

  /** The answer where the origin did not begin to answer in time. */
  upstreamTimedOut(): GateAnswer {
    return JSON.parse(this.#core.upstreamTimedOut());
  }

  /** The answer where the origin could not be reached. */
  upstreamFailed(): GateAnswer {
    return JSON.parse(this.#core.upstreamFailed());
  }

  #read(standing: Standing, hasToken: boolean, seen: Observation | undefined): Decided | undefined {
    seen?.lap("verify");
    if (standing === Standing.Need) return undefined;
    if (standing === Standing.LetGo) throw new LetGo();
    seen?.note(this.#core);
    if (standing === Standing.Respond) return { answer: JSON.parse(this.#core.response() ?? "") };
    const responseHeaders = this.#core.responseHeaders();
    return {
      headers: this.#headersOfGrant(),
      responseHeaders: responseHeaders === undefined ? [] : JSON.parse(responseHeaders),
      isVerified: this.forwardsToken && this.#core.hasGrant,
      upstreamToken: this.upstreamTokens?.ofDecision(),
      token: hasToken ? this.#tokenOfGrant() : undefined,
      isStale: standing === Standing.ForwardStale || standing === Standing.ForwardStaleAndRefresh,
      isRefreshDue: standing === Standing.ForwardAndRefresh || standing === Standing.ForwardStaleAndRefresh,
    };
  }

  #tokenOfGrant(): VerifiedToken | undefined {
    const serial = this.#core.grantSerial;
    const kept = this.#tokens.get(serial);
    if (kept !== undefined) return kept;
    const text = this.#core.grantedToken();
    if (text === undefined) return undefined;
    const token: VerifiedToken = frozen(JSON.parse(text));
    if (serial !== 0) this.#tokens.set(serial, token);
    return token;
  }

  #headersOfGrant(): HeaderList {
    if (!this.#setsClaimHeaders) return [];
    const serial = this.#core.grantSerial;
    const kept = this.#claimHeaders.get(serial);
    if (kept !== undefined) return kept;
    const headers = headerPairs(this.#core.claimHeaders());
    if (serial !== 0) this.#claimHeaders.set(serial, headers);
    return headers;
  }
}
