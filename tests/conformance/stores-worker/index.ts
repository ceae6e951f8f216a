/**
 * The gate as several isolates have it, each with a memory of its own, around one Cache API and one KV namespace: with a clock that a test
 * sets forward, and stores that fail as it says.
 */
import { createGate, type Gate, type GateDecision, type RequestContext } from "../../../js/worker.ts";

interface Namespace {
  get(key: string, type: "stream"): Promise<ReadableStream | null>;
  put(key: string, text: string, options?: object): Promise<void>;
  list(): Promise<{ keys: { name: string }[] }>;
}

type Fault = "none" | "throws" | "hangs";

const gates = new Map<string, Gate>();
const decisions: GateDecision[] = [];
let aheadMilliseconds = 0;
let fault: Fault = "none";

/** What a store does, unless it fails. */
async function unlessFaulty<T>(act: () => Promise<T>): Promise<T> {
  if (fault === "throws") throw new Error("the store is down");
  return fault === "hangs" ? await new Promise<never>(() => undefined) : await act();
}

const faulty = (kv: Namespace) => ({
  get: (key: string, type: "stream") => unlessFaulty(() => kv.get(key, type)),
  put: (key: string, text: string, options: object) => unlessFaulty(() => kv.put(key, text, options)),
});
const open = caches.open.bind(caches);
caches.open = (name: string) => unlessFaulty(() => open(name));

export default {
  async fetch(
    request: Request,
    env: { POLICY: string; KEYS: Namespace },
    context: RequestContext,
  ): Promise<Response> {
    const { pathname, searchParams } = new URL(request.url);
    switch (pathname) {
      case "/test/clock":
        aheadMilliseconds += Number(searchParams.get("seconds")) * 1000;
        return new Response();
      case "/test/fault":
        fault = searchParams.get("is") as Fault;
        return new Response();
      case "/test/decisions":
        return Response.json(decisions.splice(0));
      case "/test/kv":
        return Response.json(await entries(env.KEYS, request));
    }
    const isolate = request.headers.get("x-isolate") ?? "first";
    let gate = gates.get(isolate);
    if (gate === undefined) {
      gate = createGate(env.POLICY, {
        bindings: { ...env, KEYS: faulty(env.KEYS) },
        onDecision: (decision) => decisions.push(decision),
        now: () => Date.now() + aheadMilliseconds,
      });
      gates.set(isolate, gate);
    }
    const beside: Promise<unknown>[] = [];
    const response = await gate.fetch(request, {
      waitUntil: (promise) => {
        beside.push(promise);
        context.waitUntil(promise);
      },
    });
    // Whoever asks next finds what was kept; where the stores hang, this is how it shows that no request waits for them.
    if (fault !== "hangs") await Promise.allSettled(beside);
    return response;
  },
};

/** What KV has. A body takes the place of every entry. */
async function entries(kv: Namespace, request: Request): Promise<Record<string, string>> {
  const text = request.method === "PUT" ? await request.text() : undefined;
  const found: Record<string, string> = {};
  for (const { name } of (await kv.list()).keys) {
    if (text !== undefined) await kv.put(name, text);
    found[name] = await new Response(await kv.get(name, "stream")).text();
  }
  return found;
}
