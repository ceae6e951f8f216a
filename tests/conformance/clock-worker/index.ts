/** The gate with a clock that a test sets forward, and with decisions that it can read: outages last for hours. */
import { createGate, type Gate, type GateDecision, type RequestContext } from "../../../js/worker.ts";

let gate: Gate | undefined;
let aheadMilliseconds = 0;
const decisions: GateDecision[] = [];

export default {
  async fetch(
    request: Request,
    env: { POLICY: string; [secret: string]: string },
    context: RequestContext,
  ): Promise<Response> {
    const { pathname, searchParams } = new URL(request.url);
    if (pathname === "/test/clock") {
      aheadMilliseconds += Number(searchParams.get("seconds")) * 1000;
      return new Response();
    }
    if (pathname === "/test/decisions") return Response.json(decisions.splice(0));
    gate ??= createGate(env.POLICY, {
      secrets: env,
      onDecision: (decision) => decisions.push(decision),
      now: () => Date.now() + aheadMilliseconds,
    });
    return gate.fetch(request, context);
  },
};
