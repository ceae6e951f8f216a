/**
 * The gate as several isolates have it, each with a memory of its own, around one deny list: with a clock that a test sets forward, a count of
 * how often the list is asked, and a store that fails as it says.
 */
import { createGate, type Gate, type RequestContext } from "../../../js/worker.ts";

export { DenyList } from "../../../js/durable-objects.ts";

type Method = (...args: unknown[]) => Promise<unknown>;
interface Objects {
  idFromName(name: string): unknown;
  get(id: unknown): { fetch: Method };
}
interface Environment {
  POLICY: string;
  DENY_LIST: Objects;
  DENY_LIST_KV: Record<"get" | "put" | "delete" | "list", Method>;
}

const gates = new Map<string, Gate>();
/** Stands still but where a test sets it forward, however slow the machine is. */
let now = 0;
let fault = "none";
let asked = 0;

/** What a store does, unless it fails. */
async function act(method: () => Promise<unknown>): Promise<unknown> {
  asked += 1;
  if (fault === "throws") throw new Error("the store is down");
  if (fault === "hangs") return await new Promise<never>(() => undefined);
  return fault === "babbles" ? new Response('{"entries":[{"sub":"') : await method();
}

const bindingsOf = (env: Environment) => ({
  DENY_LIST: {
    idFromName: (name: string) => env.DENY_LIST.idFromName(name),
    get: (id: unknown) => ({
      fetch: (...args: unknown[]) => act(() => env.DENY_LIST.get(id).fetch(...args)),
    }),
  },
  DENY_LIST_KV: {
    get: (...args: unknown[]) => act(() => env.DENY_LIST_KV.get(...args)),
    put: (...args: unknown[]) => act(() => env.DENY_LIST_KV.put(...args)),
    delete: (...args: unknown[]) => act(() => env.DENY_LIST_KV.delete(...args)),
    list: (...args: unknown[]) => act(() => env.DENY_LIST_KV.list(...args)),
  },
});

export default {
  async fetch(request: Request, env: Environment, context: RequestContext): Promise<Response> {
    const { pathname, searchParams } = new URL(request.url);
    if (now === 0) now = Date.now();
    switch (pathname) {
      case "/test/clock":
        now += Number(searchParams.get("seconds")) * 1000;
        return new Response();
      case "/test/fault":
        fault = searchParams.get("is") ?? "none";
        return new Response();
      case "/test/asked": {
        const count = asked;
        asked = 0;
        return Response.json(count);
      }
      case "/test/object":
        return (await env.DENY_LIST.get(env.DENY_LIST.idFromName("deny-list")).fetch(request)) as Response;
    }
    const isolate = request.headers.get("x-isolate") ?? "first";
    const gate = gates.get(isolate) ?? createGate(env.POLICY, { bindings: bindingsOf(env), now: () => now });
    gates.set(isolate, gate);
    return await gate.fetch(request, context);
  },
};
