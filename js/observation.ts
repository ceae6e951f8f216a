/**
 * What is told of requests, to who asked for it. A gate that nobody asks has no observer: then nothing is noted, asked of the core, or measured.
 *
 * @module
 */
import type { Analytics } from "./analytics.ts";
import type { CoreErrorCode } from "./error-code.ts";
import { type GroundCode, groundCodes } from "./ground-code.ts";
import type { GateAnswer, HeaderList } from "./needs.ts";
import { Stopwatch, serverTiming, type Timing } from "./timing.ts";

/** One decision of the gate. */
export interface GateDecision {
  method: string;
  path: string;
  /** The route that governs the request, by the `path` that the policy gives it; absent where there is none. */
  route?: string;
  /** The issuer of the policy whose token it is; until the signature has held, whose it claims to be. Absent where no token of a trusted issuer was looked at. */
  issuer?: string;
  /** `forward`, or `respond` for refusals, preflights and metadata. */
  outcome: "forward" | "respond";
  /** The status of an answer of the gate's own. */
  status?: number;
  /** Why: a stable code, of `docs/errors.md`. */
  code: DecisionCode;
  /** Of a refusal alone: a sentence that says what to do. Like the code, it is not for the caller. */
  detail?: string;
  /** `stale` where the keys that decided were of a set that is due: it could not be refreshed, or is just being. */
  key_set?: "stale";
}

/** The private reason of every decision: a refusal's, or what it rests on that the request was not refused. */
export type DecisionCode = CoreErrorCode | GroundCode | "internal_error";

/** A request whose answer's head is known. Where the origin failed, `code` and `detail` say how, and `outcome` is still that of the decision. */
export interface GateReport extends GateDecision {
  /** What went to the client. */
  status: number;
  timing: Timing;
}

/**
 * Who is told. What they throw is dropped: nobody can keep an answer back.
 *
 * @internal
 */
export interface Told {
  readonly onDecision?: ((decision: GateDecision) => void) | undefined;
  readonly onAnswer?: ((report: GateReport) => void) | undefined;
  readonly analytics?: Analytics | undefined;
  /** Whether the client is told of the time, by `Server-Timing`. */
  readonly tellsTiming: boolean;
}

/** What the core knows of its last decision, by places in the policy. */
interface Decision {
  readonly ground: number | undefined;
  readonly route: number | undefined;
  readonly issuer: number | undefined;
}

/** The private reason of a refusal. */
type Refusal = { readonly code: DecisionCode; readonly detail: string };

/**
 * Who watches a gate.
 *
 * @internal
 */
export class Observer {
  readonly told: Told;
  readonly routes: readonly string[];
  readonly issuers: readonly string[];
  readonly #clock: (() => number) | undefined;

  /** `undefined` where nobody is to be told. */
  static of(told: Told, policy: string, clock: () => number): Observer | undefined {
    const isAsked = told.onDecision ?? told.onAnswer ?? told.analytics ?? (told.tellsTiming || undefined);
    return isAsked === undefined ? undefined : new Observer(told, policy, clock);
  }

  /** `policy` is one that the core has taken; `clock` shows milliseconds. */
  private constructor(told: Told, policy: string, clock: () => number) {
    this.told = told;
    const { routes, issuers }: { routes: { path: string }[]; issuers: { issuer: string }[] } =
      JSON.parse(policy);
    this.routes = routes.map(({ path }) => path);
    this.issuers = issuers.map(({ issuer }) => issuer);
    const isTimed = told.tellsTiming || told.onAnswer !== undefined || told.analytics !== undefined;
    this.#clock = isTimed ? clock : undefined;
  }

  /** Begins to watch a request. */
  watch(method: string, path: string): Observation {
    const stopwatch = this.#clock === undefined ? undefined : new Stopwatch(this.#clock);
    return new Observation(this, { method, path }, stopwatch);
  }
}

/**
 * One request that is watched.
 *
 * @internal
 */
export class Observation {
  readonly #observer: Observer;
  readonly #request: { readonly method: string; readonly path: string };
  readonly #stopwatch: Stopwatch | undefined;
  #decision: Decision | undefined;
  #decided: GateDecision | undefined;

  constructor(
    observer: Observer,
    request: { readonly method: string; readonly path: string },
    stopwatch: Stopwatch | undefined,
  ) {
    this.#observer = observer;
    this.#request = request;
    this.#stopwatch = stopwatch;
  }

  /** What has gone by since the last time belongs to this part. */
  lap(part: keyof Timing): void {
    this.#stopwatch?.lap(part);
  }

  /** Notes what the core says of its decision; the core may be asked about another right afterwards. */
  note({ ground, route, issuer }: Decision): void {
    this.#decision = { ground, route, issuer };
  }

  /** That the request goes on. */
  forwards(isStale: boolean): void {
    this.#tell({ outcome: "forward", code: this.#code() }, isStale);
  }

  /** That the request is answered here; gives back the headers that are sent. */
  responds({
    status,
    headers,
    reason,
    key_set,
  }: Omit<GateAnswer, "body" | "reason"> & { reason: Refusal | null }): HeaderList {
    this.#tell({ outcome: "respond", status, ...(reason ?? { code: this.#code() }) }, key_set !== null);
    return this.answers(status, headers);
  }

  /** That the head of the answer is known, and its status; `failure` is why it is none of the origin's. Gives back the headers that are set on it. */
  answers(status: number, headers: HeaderList, failure: Refusal | null = null): HeaderList {
    const decision = this.#decided;
    const stopwatch = this.#stopwatch;
    if (stopwatch === undefined) return headers;
    const { onAnswer, analytics, tellsTiming } = this.#observer.told;
    if (decision !== undefined) {
      // An application may hand its answer over twice.
      this.#decided = undefined;
      safely(() => {
        if (decision.outcome === "forward") stopwatch.lap("upstream");
      });
      const report = (): GateReport => ({ ...decision, status, ...failure, timing: { ...stopwatch.timing } });
      analytics?.write(report());
      safely(() => onAnswer?.(report()));
    }
    return tellsTiming ? [...headers, ["server-timing", serverTiming(stopwatch.timing)]] : headers;
  }

  /** What the decision rests on, where it is no refusal. */
  #code(): DecisionCode {
    return groundCodes[this.#decision?.ground ?? -1] ?? "internal_error";
  }

  #tell(said: Omit<GateDecision, "method" | "path">, isStale: boolean): void {
    const { told, routes, issuers } = this.#observer;
    const { route = -1, issuer = -1 } = this.#decision ?? {};
    const [path, url] = [routes[route], issuers[issuer]];
    const decided: GateDecision = {
      ...this.#request,
      ...(path === undefined ? {} : { route: path }),
      ...(url === undefined ? {} : { issuer: url }),
      ...said,
      ...(isStale ? { key_set: "stale" } : {}),
    };
    this.#decided = decided;
    safely(() => told.onDecision?.({ ...decided }));
  }
}

/** Metrics that fail must not take the API along. */
function safely(tell: () => void): void {
  try {
    tell();
  } catch {
    // Whoever wrote the hook sees that it says nothing.
  }
}
