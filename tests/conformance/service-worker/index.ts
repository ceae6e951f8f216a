/** A gate whose requests go to a service: another entrypoint of the same Worker, reached without a network. */
import { createGate, type Gate } from "../../../js/worker.ts";

interface Env {
  POLICY: string;
  API: unknown;
}

let gate: Gate | undefined;

export default {
  fetch(request: Request, env: Env): Promise<Response> {
    const policy = { ...JSON.parse(env.POLICY), upstream: { service_binding: "API", token: "forward" } };
    gate ??= createGate(policy, { bindings: { API: env.API } });
    return gate.fetch(request);
  },
};

/** Says what reached it. */
export const api = {
  async fetch(request: Request): Promise<Response> {
    const { method, url, headers } = request;
    return Response.json({ method, url, headers: Object.fromEntries(headers), body: await request.text() });
  },
};
