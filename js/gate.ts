/**
 * The gate: a `fetch` handler that stands in front of an API. It lets through what carries a valid token for that route and
 * answers everything else as RFC 6750 says. All decisions are the core's; this file runs them and moves the bytes.
 *
 * @module
 */
import type { CoreErrorCode } from "./error-code.ts";
import { forward, respond } from "./forward.ts";
import { type Decided, type GateRuntime, GateState } from "./gate-state.ts";
import { internalError } from "./problem.ts";
import { pathAndQuery } from "./request-url.ts";
import type { Policy } from "./types.ts";

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
   * What checks signatures: `wasm` the Rust core alone, which has ES256 here and nothing else; `webcrypto` the platform. Default: ES256 by the
   * core, which is faster at it, and all others by the platform. The verdicts are the same; a key that WebCrypto can't take signs nothing.
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

/** Makes the `createGate` of a runtime. */
export const gatesOf =
  (runtime: GateRuntime) =>
  (policy: Policy | string, options: GateOptions = {}): Gate =>
    gateOf(runtime, policy, options);

function gateOf(runtime: GateRuntime, policy: Policy | string, options: GateOptions): Gate {
  const text = typeof policy === "string" ? policy : JSON.stringify(policy);
  const start = () => new GateState(runtime, text, options.secrets ?? {}, options.engine);
  let state = start();
  const platformFetch =
    options.fetch ?? ((input: string | Request, init?: RequestInit) => fetch(input, init));
  const now = options.now ?? Date.now;

  return {
    async fetch(request) {
      const { pathname, search } = pathAndQuery(request.url);
      const tell = (decision: Omit<GateDecision, "method" | "path">) => {
        try {
          options.onDecision?.({ method: request.method, path: pathname, ...decision });
        } catch {
          // Metrics that fail must not take the API along.
        }
      };
      const current = state;
      let decided: Decided;
      try {
        decided =
          current.decide(request, pathname, search, now() / 1000) ??
          (await current.settle(platformFetch, () => now() / 1000));
      } catch {
        // A fault of our own or of the runtime's. The state it left behind is not trusted: the next request starts with a
        // fresh one. The thrown value isn't shown, because it could quote the request.
        try {
          // Where several requests met the same fault, the first has done it.
          if (state === current) state = start();
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
      if ("answer" in decided) {
        const { status, reason } = decided.answer;
        tell({ outcome: "respond", status, ...reason });
        return respond(decided.answer);
      }
      tell({ outcome: "forward" });
      const url = `${current.upstreamOrigin}${pathname}${search}`;
      return forward(current, { url, ...decided }, request, platformFetch);
    },
  };
}
