/**
 * The deployable Worker that `wrangler.toml` points to: everything from configuration, no code to write.
 *
 * `EDGEWARD_POLICY` is the policy, as a table of `wrangler.toml` or as JSON text. Secrets, services and Durable Objects are bindings that the
 * policy names; the classes of the last are exported here.
 * `EDGEWARD_LOG` says which decisions are logged, a line of JSON each: `refusals` (default, with all that were made with keys that are due, and
 * where the origin failed), `all` or `none`.
 */
import { internalError } from "./problem.ts";
import {
  createGate,
  EdgewardError,
  type Gate,
  type GateReport,
  type Policy,
  type RequestContext,
} from "./worker.ts";

export { DenyList, DpopReplay, KeySets } from "./durable-objects.ts";

interface Environment {
  EDGEWARD_POLICY?: Policy | string;
  EDGEWARD_LOG?: string;
  [binding: string]: unknown;
}

/** One gate for each isolate: its keys are kept in memory. */
let gate: Gate | undefined;

export default {
  async fetch(request: Request, environment: Environment, context: RequestContext): Promise<Response> {
    try {
      gate ??= gateOf(environment);
    } catch (error) {
      // A gate that is not set up lets nothing through. The reason goes to the log: it is the operator's, not the caller's.
      const { code, message } =
        error instanceof EdgewardError ? error : { code: "internal_error", message: String(error) };
      console.error(JSON.stringify({ edgeward: "misconfigured", code, message }));
      return internalError();
    }
    return gate.fetch(request, context);
  },
};

function gateOf(environment: Environment): Gate {
  const { EDGEWARD_POLICY: policy, EDGEWARD_LOG: log = "refusals" } = environment;
  if (policy === undefined) {
    throw new EdgewardError("policy_invalid", "EDGEWARD_POLICY is not set; see wrangler.toml");
  }
  if (!["refusals", "all", "none"].includes(log)) {
    throw new EdgewardError("policy_invalid", 'EDGEWARD_LOG must be "refusals", "all" or "none"');
  }
  // A refusal, and an origin that failed, has a sentence. What the caller sent is nowhere in it but for the method and the path.
  const onAnswer = (report: GateReport) => {
    if (log === "all" || report.detail !== undefined || report.key_set !== undefined)
      console.log(JSON.stringify({ edgeward: "decision", ...report }));
  };
  return createGate(policy, {
    secrets: environment,
    bindings: environment,
    ...(log === "none" ? {} : { onAnswer }),
  });
}
