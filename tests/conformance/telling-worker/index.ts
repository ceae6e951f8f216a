/** A gate whose data points can be read: a dataset that records stands in for the real one, of which nothing can be read here. */
import { createGate, type Gate, type Policy, type RequestContext } from "../../../js/worker.ts";

interface Env {
  POLICY: string;
  REAL: unknown;
}

const points: unknown[] = [];
let gate: Gate | undefined;

export default {
  async fetch(request: Request, env: Env, context: RequestContext): Promise<Response> {
    if (new URL(request.url).pathname === "/test/points") return Response.json(points.splice(0));
    const policy: Policy = JSON.parse(env.POLICY);
    const bindings = {
      REAL: env.REAL,
      RECORDING: { writeDataPoint: (point: unknown) => points.push(point) },
      BROKEN: {
        writeDataPoint: () => {
          throw new Error("the dataset is down");
        },
      },
      NO_DATASET: {},
    };
    gate ??= createGate(policy, { bindings });
    return gate.fetch(request, context);
  },
};
