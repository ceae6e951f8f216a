/** A gate in a few lines: the policy in code, and every decision in the log. (Outside this repository: `from "edgeward/worker"`.) */
import { createGate, type Gate, type Policy, type RequestContext } from "../../js/worker.ts";

const policy = (env: Env): Policy => ({
  issuers: [{ issuer: env.ISSUER, audience: "https://api.demo.example" }],
  routes: [{ path: "/data", methods: ["GET"], scope: "data:read" }],
  upstream: { origin: env.ORIGIN },
  allow_insecure_loopback: true,
});

interface Env {
  ISSUER: string;
  ORIGIN: string;
}

let gate: Gate | undefined;

export default {
  fetch(request: Request, env: Env, context: RequestContext): Promise<Response> {
    gate ??= createGate(policy(env), { onDecision: (decision) => console.log(JSON.stringify(decision)) });
    return gate.fetch(request, context);
  },
};
