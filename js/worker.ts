/**
 * The gate: a `fetch` handler that stands in front of an API. It lets through what carries a valid token for that route and
 * answers everything else as RFC 6750 says. All decisions are the core's; this file runs them and moves the bytes.
 *
 * @module
 */
import { type Fetch, fetchDocument } from "./documents.ts";
import type { CoreErrorCode } from "./error-code.ts";
import { inCore } from "./errors.ts";
import { internalError } from "./problem.ts";
import type { ForwardStep, HeaderList, NeedStep, Policy, RespondStep, SignatureNeed, Step } from "./types.ts";
import { GateCore, GatePolicy, type GateStep } from "./wasm/workerd.ts";
import { verifyWithWebCrypto } from "./webcrypto.ts";

export { EdgewardError } from "./errors.ts";
export type {
  CorsPolicy,
  IntrospectionPolicy,
  IssuerPolicy,
  Policy,
  RoutePolicy,
  TokenCachePolicy,
  UpstreamPolicy,
} from "./types.ts";

/** What the gate may be given besides its policy. */
export interface GateOptions {
  /** The secrets that the policy names by their bindings. A Worker's `env` can be passed as it is: only those are read. */
  secrets?: Readonly<Record<string, unknown>>;
  /**
   * Called with every decision: for logs and metrics. It gets the private reason, and never the token. What it throws is
   * dropped: it can't keep an answer back.
   */
  onDecision?: (decision: GateDecision) => void;
  /** Fetches from the authorization server and the origin. Default: the platform's `fetch`. */
  fetch?: (input: string | Request, init?: RequestInit) => Promise<Response>;
  /**
   * What checks signatures: the platform's WebCrypto (default), or the Rust core alone. The verdicts are the same; where
   * WebCrypto can't take a key, the core decides.
   */
  engine?: "webcrypto" | "wasm";
  /** The time in milliseconds since the epoch. Default: `Date.now`. */
  now?: () => number;
}

/** One decision of the gate. */
export interface GateDecision {
  method: string;
  path: string;
  /** `forward`, or `respond` for refusals and preflights. */
  outcome: "forward" | "respond";
  /** The status of an answer of the gate's own. */
  status?: number;
  /** The private reason of a refusal: a stable code, and a sentence that says what to do. */
  code?: CoreErrorCode | "internal_error";
  detail?: string;
}

export interface Gate {
  /** Decides about one request and answers it, or has the origin answer it. */
  fetch(request: Request): Promise<Response>;
}

/**
 * Makes a gate from a policy, an object or JSON text.
 *
 * @throws EdgewardError `policy_invalid`, which names every problem and its place.
 */
export function createGate(policy: Policy | string, options: GateOptions = {}): Gate {
  const text = typeof policy === "string" ? policy : JSON.stringify(policy);
  const start = () => startCore(text, options.secrets ?? {}, options.engine ?? "webcrypto");
  let core = start();
  const platformFetch =
    options.fetch ?? ((input: string | Request, init?: RequestInit) => fetch(input, init));
  const now = () => (options.now ?? Date.now)() / 1000;

  return {
    async fetch(request) {
      const { pathname, search } = new URL(request.url);
      const tell = (decision: Omit<GateDecision, "method" | "path">) => {
        try {
          options.onDecision?.({ method: request.method, path: pathname, ...decision });
        } catch {
          // Metrics that fail must not take the API along.
        }
      };
      let decided: ForwardStep | RespondStep;
      try {
        decided = await decide(core, request, pathname, search, platformFetch, now);
      } catch {
        // A fault of our own or of the runtime's. The state it left behind is not trusted: the next request starts with a
        // fresh one. The thrown value isn't shown, because it could quote the request.
        try {
          core = start();
        } catch {
          // Then the next request fails in the same way, and closed.
        }
        tell({
          outcome: "respond",
          status: 500,
          code: "internal_error",
          detail: "the gate failed; it was set up anew",
        });
        return internalError();
      }
      if (decided.step === "forward") {
        tell({ outcome: "forward" });
        return forward(core, decided, request, platformFetch);
      }
      tell({ outcome: "respond", status: decided.status, ...decided.reason });
      return respond(decided);
    },
  };
}

function startCore(policy: string, secrets: Readonly<Record<string, unknown>>, engine: string): GateCore {
  return inCore(() => {
    const checked = new GatePolicy(policy);
    const named = checked.secretBindings().map((name) => [name, secrets[name]] as const);
    const given = named.filter(([, secret]) => typeof secret === "string");
    return new GateCore(checked, JSON.stringify(Object.fromEntries(given)), engine);
  });
}

/** Runs the state machine: gives it what it needs until it has decided. */
async function decide(
  core: GateCore,
  request: Request,
  path: string,
  search: string,
  platformFetch: Fetch,
  now: () => number,
): Promise<ForwardStep | RespondStep> {
  const header = (name: string) => request.headers.get(name);
  let step: GateStep = core.authorize(
    request.method,
    path,
    search === "" ? null : search.slice(1),
    header("authorization"),
    header("origin"),
    header("access-control-request-method"),
    now(),
  );
  for (;;) {
    const described: Step = JSON.parse(step.describe());
    if (described.step !== "need") {
      step.free();
      return described;
    }
    const answer = await answerNeed(described, platformFetch);
    step = core.resume(step, answer, now());
  }
}

async function answerNeed(
  { need, max_bytes, timeout_milliseconds }: NeedStep,
  fetch: Fetch,
): Promise<string | null> {
  if (need.kind === "signature") return checkSignature(need);
  const { url, body, authorization } = need;
  const document = await fetchDocument({ url, body, authorization, max_bytes, timeout_milliseconds }, fetch);
  return document?.status === 200 ? document.text : null;
}

function checkSignature({ alg, jwk, message, signature }: SignatureNeed): Promise<string> {
  const bytes = atob(signature.replaceAll("-", "+").replaceAll("_", "/"));
  return verifyWithWebCrypto({
    alg,
    jwk,
    message: new TextEncoder().encode(message),
    signature: Uint8Array.from(bytes, (character) => character.charCodeAt(0)),
  });
}

async function forward(
  core: GateCore,
  step: ForwardStep,
  request: Request,
  platformFetch: (input: Request) => Promise<Response>,
): Promise<Response> {
  let response: Response;
  try {
    // The body is streamed, and a redirect of the origin's is the client's to follow.
    const upstream = new Request(step.url, new Request(request, { redirect: "manual" }));
    for (const name of [...upstream.headers.keys()]) {
      if (core.dropsHeader(name)) upstream.headers.delete(name);
    }
    for (const [name, value] of step.headers) upstream.headers.set(name, value);
    response = await platformFetch(upstream);
  } catch {
    const failed: RespondStep = JSON.parse(core.upstreamFailed());
    return respond({ ...failed, headers: [...failed.headers, ...step.response_headers] });
  }
  const dropped = [...response.headers.keys()].filter((name) => core.dropsResponseHeader(name));
  if (step.response_headers.length === 0 && dropped.length === 0) return response;
  const answered = new Response(response.body, response);
  for (const name of dropped) answered.headers.delete(name);
  setHeaders(answered.headers, step.response_headers);
  return answered;
}

function respond(step: RespondStep): Response {
  const headers = new Headers();
  setHeaders(headers, step.headers);
  return new Response(step.body === "" ? null : step.body, { status: step.status, headers });
}

function setHeaders(headers: Headers, list: HeaderList): void {
  for (const [name, value] of list) {
    // `Vary` is a list that the origin may have begun.
    if (name === "vary") headers.append(name, value);
    else headers.set(name, value);
  }
}
