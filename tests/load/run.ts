/** Sends the traffic through a real Worker, with as many requests under way as raise the throughput, and checks every answer. */
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { Agent, request as httpRequest } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bundleGate, type Deployed, startBundle } from "../conformance/deployed.ts";
import { type Authority, startAuthority } from "./authority.ts";
import { type Answer, type LoadRequest, wrongIn } from "./expectation.ts";
import { childCalled, judged, type Memory, residentKibibytes } from "./memory.ts";
import { NUMBER_HEADER, type Origin, startOrigin } from "./origin.ts";
import { INTROSPECTION_SECRET, NONCE_SECRET, policyOf, spoilt } from "./policy.ts";
import { type Traffic, trafficOf } from "./traffic.ts";

export interface RunOptions {
  readonly seed: number;
  /** How long, or how many requests. */
  readonly bound: { readonly minutes: number } | { readonly requests: number };
  /** Leaves a demand out of the gate's policy, so that wrong decisions must be found. */
  readonly spoilt?: boolean;
  readonly progress?: (line: string) => void;
}

export interface Outcome {
  readonly requests: number;
  readonly seconds: number;
  /** How many were under way at once. */
  readonly connections: number;
  /** Throughput while that number was looked for. */
  readonly levels: readonly { readonly connections: number; readonly perSecond: number }[];
  readonly perSecond: number;
  /** Milliseconds within which half, and 99 of 100, were answered. */
  readonly halfWithin: number;
  readonly mostWithin: number;
  readonly kinds: ReadonlyMap<string, number>;
  readonly statuses: ReadonlyMap<number, number>;
  /** Answers that were not what they had to be, or did not come; the first ones in words. */
  readonly wrong: number;
  readonly findings: readonly string[];
  /** Answers from 500 on. */
  readonly serverErrors: number;
  readonly rotations: number;
  readonly keySetFetches: number;
  readonly questions: number;
  /** Resident KiB of workerd, once a second after the warm-up. */
  readonly samples: readonly number[];
  readonly memory: Memory;
}

const LEVELS = [4, 8, 16, 32, 64, 128];
/** What another level has to bring to be worth it. */
const WORTH = 1.03;
/** Where the number of requests is given: nothing is measured. */
const PLAIN_CONNECTIONS = 16;
const ANSWER_LIMIT_MILLISECONDS = 30_000;
const ROTATION_MILLISECONDS = 20_000;
/** Of the whole run: until caches are full and code is compiled. */
const WARM_UP_SHARE = 0.2;
/** Where Linux has files in memory: each write of an object waits for its disk, and it is the gate that is measured. */
const MEMORY_DISK = "/dev/shm";
const MOST_FINDINGS = 20;
const PROGRESS_MILLISECONDS = 10_000;
const MOST_MILLISECONDS_TOLD = 10_000;

export async function run(options: RunOptions): Promise<Outcome> {
  const folder = mkdtempSync(join(existsSync(MEMORY_DISK) ? MEMORY_DISK : tmpdir(), "edgeward-load-"));
  const [authority, origin] = await Promise.all([startAuthority(ROTATION_MILLISECONDS), startOrigin()]);
  let gate: Deployed | undefined;
  try {
    await bundleGate(folder);
    const policy = policyOf(authority.issuer, origin.origin);
    const secrets = {
      [INTROSPECTION_SECRET]: "a secret",
      [NONCE_SECRET]: "a secret of more than 32 bytes, always",
    };
    gate = await startBundle(folder, options.spoilt ? spoilt(policy) : policy, secrets);
    return await new Run(options, gate.origin, authority, origin).outcome();
  } finally {
    await gate?.stop();
    await Promise.all([authority.close(), origin.close()]);
    rmSync(folder, { recursive: true, force: true });
  }
}

class Run {
  readonly #options: RunOptions;
  readonly #traffic: Traffic;
  readonly #authority: Authority;
  readonly #origin: Origin;
  readonly #gate: URL;
  readonly #agent = new Agent({ keepAlive: true, maxSockets: Number.POSITIVE_INFINITY });
  readonly #underWay = new Set<number>();
  readonly #kinds = new Map<string, number>();
  readonly #statuses = new Map<number, number>();
  readonly #findings: string[] = [];
  readonly #milliseconds = new Uint32Array(MOST_MILLISECONDS_TOLD + 1);
  readonly #samples: number[] = [];
  #sent = 0;
  #answered = 0;
  #wrong = 0;
  #serverErrors = 0;

  constructor(options: RunOptions, gateOrigin: string, authority: Authority, origin: Origin) {
    this.#options = options;
    this.#authority = authority;
    this.#origin = origin;
    this.#gate = new URL(gateOrigin);
    this.#traffic = trafficOf(options.seed, authority, gateOrigin);
  }

  async outcome(): Promise<Outcome> {
    const { bound } = this.#options;
    const began = performance.now();
    const stop = await this.#watched(began);
    const levels: { connections: number; perSecond: number }[] = [];
    let connections = PLAIN_CONNECTIONS;
    if ("requests" in bound) {
      await this.#send(connections, () => this.#sent < bound.requests);
    } else {
      const end = began + bound.minutes * 60_000;
      connections = await this.#worthwhile(levels, (bound.minutes * 60_000) / 60);
      await this.#send(connections, () => performance.now() < end);
    }
    stop();
    this.#agent.destroy();
    const seconds = (performance.now() - began) / 1000;
    return {
      ...{ requests: this.#answered, seconds, connections, levels, perSecond: this.#answered / seconds },
      ...{ halfWithin: this.#within(0.5), mostWithin: this.#within(0.99) },
      ...{ kinds: this.#kinds, statuses: this.#statuses, wrong: this.#wrong, findings: this.#findings },
      ...{ serverErrors: this.#serverErrors, rotations: this.#authority.rotations },
      ...{ keySetFetches: this.#authority.keySetFetches, questions: this.#authority.questions },
      ...{ samples: this.#samples, memory: judged(this.#samples) },
    };
  }

  /** Samples the memory and tells how it goes, until what it returns is called. */
  async #watched(began: number): Promise<() => void> {
    const { bound, progress } = this.#options;
    const workerd = await childCalled("workerd");
    const warm =
      "minutes" in bound ? began + bound.minutes * 60_000 * WARM_UP_SHARE : Number.POSITIVE_INFINITY;
    const sampling = setInterval(async () => {
      const kibibytes = await residentKibibytes(workerd);
      if (performance.now() >= warm) this.#samples.push(kibibytes);
    }, 1_000);
    let before = 0;
    const telling = setInterval(async () => {
      const perSecond = Math.round(((this.#answered - before) * 1000) / PROGRESS_MILLISECONDS);
      before = this.#answered;
      const seconds = Math.round((performance.now() - began) / 1000);
      const mebibytes = Math.round((await residentKibibytes(workerd)) / 1024);
      progress?.(
        `${seconds} s: ${this.#answered} answers, ${perSecond}/s, ${this.#wrong} wrong, ${this.#serverErrors} from 500 on, ` +
          `${this.#authority.rotations} keys replaced, workerd ${mebibytes} MiB`,
      );
    }, PROGRESS_MILLISECONDS);
    return () => {
      clearInterval(sampling);
      clearInterval(telling);
    };
  }

  /** As many connections as raise the throughput. All that is sent for it is checked as everything else. */
  async #worthwhile(
    levels: { connections: number; perSecond: number }[],
    milliseconds: number,
  ): Promise<number> {
    let best = { connections: 1, perSecond: 0 };
    // Once without looking: code is compiled.
    for (const connections of [PLAIN_CONNECTIONS, ...LEVELS]) {
      const [from, before] = [performance.now(), this.#answered];
      await this.#send(connections, () => performance.now() < from + Math.min(milliseconds, 3_000));
      const perSecond = ((this.#answered - before) * 1000) / (performance.now() - from);
      levels.push({ connections, perSecond });
      if (levels.length > 1 && perSecond > best.perSecond * WORTH) best = { connections, perSecond };
    }
    levels.shift();
    return best.connections;
  }

  async #send(connections: number, goOn: () => boolean): Promise<void> {
    const one = async () => {
      while (goOn()) await this.#one();
    };
    await Promise.all(Array.from({ length: connections }, one));
  }

  async #one(): Promise<void> {
    const number = this.#sent++;
    const request = this.#traffic.next(number, (last) => this.#allAnswered(last));
    this.#underWay.add(number);
    const began = performance.now();
    let wrong: string[];
    try {
      const answer = await this.#ask(request, number);
      const took = Math.min(MOST_MILLISECONDS_TOLD, Math.round(performance.now() - began));
      this.#milliseconds[took] = (this.#milliseconds[took] ?? 0) + 1;
      this.#statuses.set(answer.status, (this.#statuses.get(answer.status) ?? 0) + 1);
      if (answer.status >= 500) this.#serverErrors += 1;
      wrong = wrongIn(request, number, answer, this.#origin.taken(number));
      if (wrong.length === 0) request.answered?.(answer);
    } catch (error) {
      wrong = [`no answer: ${error instanceof Error ? error.message : String(error)}`];
    }
    this.#underWay.delete(number);
    this.#answered += 1;
    this.#kinds.set(request.kind, (this.#kinds.get(request.kind) ?? 0) + 1);
    if (wrong.length === 0) return;
    this.#wrong += 1;
    if (this.#findings.length < MOST_FINDINGS)
      this.#findings.push(`${number}, ${request.kind}: ${wrong.join("; ")}`);
  }

  /** Whether every request before this one has been answered: the oldest under way is the first of the set. */
  #allAnswered(before: number): boolean {
    const [oldest] = this.#underWay;
    return oldest === undefined || oldest >= before;
  }

  #ask({ method, path, headers, body }: LoadRequest, number: number): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const sent = httpRequest(
        {
          host: this.#gate.hostname,
          port: this.#gate.port,
          method,
          path,
          agent: this.#agent,
          timeout: ANSWER_LIMIT_MILLISECONDS,
          headers: {
            ...headers,
            [NUMBER_HEADER]: String(number),
            ...(body && { "content-length": String(body.length) }),
          },
        },
        (response) => {
          const chunks: Buffer[] = [];
          response.on("data", (chunk: Buffer) => chunks.push(chunk));
          response.on("end", () => {
            const text = Buffer.concat(chunks).toString("utf8");
            resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text });
          });
          response.on("error", reject);
        },
      );
      sent.on("timeout", () => sent.destroy(new Error("nothing came in time")));
      sent.on("error", reject);
      sent.end(body);
    });
  }

  #within(share: number): number {
    let left = this.#milliseconds.reduce((sum, count) => sum + count, 0) * share;
    return this.#milliseconds.findIndex((count) => {
      left -= count;
      return left <= 0;
    });
  }
}
