/**
 * The gate: a `fetch` handler that stands in front of an API, or a guard that an API asks itself. It lets through what carries a valid token
 * for that route and answers everything else as RFC 6750 says. All decisions are the core's; this file runs them and moves the bytes.
 *
 * @module
 */
import { AtWork } from "./at-work.ts";
import { type Authorization, allowed, refused } from "./authorization.ts";
import { forward, respond } from "./forward.ts";
import type { GateRuntime, GateUse, RequestContext } from "./gate-runtime.ts";
import { GateState, LetGo } from "./gate-state.ts";
import type { Decided, Granted } from "./granted.ts";
import type { GateAnswer } from "./needs.ts";
import { type GateDecision, type GateReport, type Observation, Observer } from "./observation.ts";
import type { GuardPolicy, Policy } from "./policy.ts";
import { internalError } from "./problem.ts";
import { pathAndQuery } from "./request-url.ts";

/** What the gate may be given besides its policy. */
export interface GateOptions {
  /** The secrets that the policy names by their bindings. A Worker's `env` can be passed as it is: only those are read. */
  secrets?: Readonly<Record<string, unknown>>;
  /** What the policy names that is not a secret: services and Durable Objects. A Worker's `env` can be passed as it is: only those are read. */
  bindings?: Readonly<Record<string, unknown>>;
  /**
   * Called with every decision, at once: for logs and metrics. It gets the private reason, and never the token. What it throws is
   * dropped: it can't keep an answer back.
   */
  onDecision?: (decision: GateDecision) => void;
  /**
   * Called once the head of the answer is known, of the origin's or our own: with the decision, the status, and where the time went. Not called where
   * the client has left before. A guard's is called by `finish`. What it throws is dropped.
   */
  onAnswer?: (report: GateReport) => void;
  /** Fetches from the authorization server and the origin. Default: the platform's `fetch`. */
  fetch?: (input: string | Request, init?: RequestInit) => Promise<Response>;
  /**
   * What checks signatures: `wasm` the Rust core alone, which has ES256 here and nothing else; `webcrypto` the platform. Default: ES256 by the
   * core, which is faster at it, and all others by the platform. The verdicts are the same; a key that WebCrypto can't take signs nothing.
   */
  engine?: "webcrypto" | "wasm";
  /**
   * The SHA-256 thumbprint, base64url of 32 bytes (`x5t#S256`, RFC 8705 section 3.1), of the certificate that the client of a request has presented
   * in TLS; `undefined` where it has not. For policies with `mtls`, in runtimes other than Workers needed: there it is `request.cf.tlsClientAuth`. Take it
   * from the connection, never from a header that a client could write.
   */
  clientCertificateThumbprint?: (request: Request) => string | undefined;
  /** The time in milliseconds since the epoch; what is measured is measured by it, too. Default: `Date.now`, and `performance.now` to measure. */
  now?: () => number;
}

/** Decides about requests, for who answers them himself: an application that guards its own routes by a policy. */
export interface Guard {
  /** Decides about one request. Its body is not looked at, but on a route with `deny_list`. `context` is as with {@link Gate.fetch}. */
  authorize(request: Request, context?: RequestContext): Promise<Authorization>;
}

export interface Gate extends Guard {
  /**
   * Decides about one request and answers it, or has the origin answer it. With a `context`, which a Worker gets as the third argument of its `fetch`,
   * key sets are refreshed ahead of their time, and a client that hangs up does not end a fetch that others wait for.
   */
  fetch(request: Request, context?: RequestContext): Promise<Response>;
}

/**
 * Makes the `createGate` of a runtime.
 *
 * @internal
 */
export const gatesOf =
  (runtime: GateRuntime) =>
  (policy: Policy | string, options: GateOptions = {}): Gate =>
    gateOf(runtime, "gate", policy, options);

/**
 * Makes the `createGuard` of a runtime.
 *
 * @internal
 */
export const guardsOf =
  (runtime: GateRuntime) =>
  (policy: GuardPolicy | string, options: GateOptions = {}): Guard => {
    // Nobody may come to the gate's `fetch`: where the policy names no origin, there is nowhere to send a request.
    const { authorize } = gateOf(runtime, "guard", policy, options);
    return { authorize };
  };

function gateOf(
  runtime: GateRuntime,
  use: GateUse,
  policy: GuardPolicy | string,
  options: GateOptions,
): Gate {
  const text = typeof policy === "string" ? policy : JSON.stringify(policy);
  const work = new AtWork(runtime.instance, () => new GateState(runtime, use, text, options));
  const platformFetch =
    options.fetch ?? ((input: string | Request, init?: RequestInit) => fetch(input, init));
  const now = options.now ?? Date.now;
  const seconds = () => now() / 1000;
  const { onDecision, onAnswer } = options;
  const { analytics, tellsTiming } = work.now();
  const clock = options.now ?? (() => performance.now());
  const observer = Observer.of({ onDecision, onAnswer, analytics, tellsTiming }, text, clock);

  // A fault of our own or of the runtime's: the next request starts with a fresh instance. The thrown value isn't shown, because it could quote
  // the request.
  const failed = (error: unknown, current: GateState | undefined, seen: Observation | undefined) => {
    const isFault = !(error instanceof LetGo);
    if (isFault && current !== undefined) work.fault(error, current);
    const reason = isFault ? fault : letGo;
    seen?.responds({ status: 500, headers: [], reason, key_set: null });
    return { response: internalError(), reason };
  };

  const refreshBeside = (current: GateState, { isRefreshDue }: Granted, context?: RequestContext) => {
    if (isRefreshDue && context !== undefined) {
      const refreshed = current.refresh(platformFetch, seconds, context);
      context.waitUntil(refreshed.catch((error) => void work.fault(error, current)));
    }
  };

  return {
    async fetch(request, context) {
      const { pathname, search } = pathAndQuery(request.url);
      let current: GateState | undefined;
      let seen: Observation | undefined;
      let decided: Decided;
      try {
        current = work.now();
        seen = observer?.watch(request.method, pathname);
        decided =
          current.decide(request, pathname, search, seconds(), false, seen) ??
          (await current.near(request).settle(request, platformFetch, seconds, false, context, seen));
      } catch (error) {
        return failed(error, current, seen).response;
      }
      if ("answer" in decided) return answer(decided.answer, seen);
      seen?.forwards(decided.isStale);
      refreshBeside(current, decided, context);
      const { service } = current;
      // A service is asked by the URL that the client asked by.
      const origin = service === undefined ? current.upstreamOrigin : new URL(request.url).origin;
      const send = service === undefined ? platformFetch : service.fetch.bind(service);
      try {
        return await forward(current, `${origin}${pathname}${search}`, decided, request, send, seen);
      } catch (error) {
        return failed(error, current, seen).response;
      }
    },

    async authorize(request, context) {
      const { pathname, search } = pathAndQuery(request.url);
      let current: GateState | undefined;
      let seen: Observation | undefined;
      let decided: Decided;
      try {
        current = work.now();
        seen = observer?.watch(request.method, pathname);
        decided =
          current.decide(request, pathname, search, seconds(), true, seen) ??
          (await current.near(request).settle(request, platformFetch, seconds, true, context, seen));
      } catch (error) {
        const { response, reason } = failed(error, current, seen);
        return refused(response, reason);
      }
      if ("answer" in decided) return refused(answer(decided.answer, seen), decided.answer.reason);
      seen?.forwards(decided.isStale);
      refreshBeside(current, decided, context);
      const state = current;
      return allowed(state, decided, request, seen, (error) => work.fault(error, state));
    },
  };
}

/** An answer of the gate's own, and told of. */
function answer(given: GateAnswer, seen: Observation | undefined): Response {
  return respond(seen === undefined ? given : { ...given, headers: seen.responds(given) });
}

const letGo = {
  code: "internal_error",
  detail: "what it needed came too late: the request was given up",
} as const;
const fault = { code: "internal_error", detail: "the gate failed; it was set up anew" } as const;
