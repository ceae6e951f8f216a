/** The gate behind an edge that a test plays: what it knows of the client's certificate comes in `request.cf`, as Cloudflare's own does. */
import { createGate, type Gate } from "../../../js/worker.ts";

let gate: Gate | undefined;

/** As a Worker's `RequestInit` has it. */
interface EdgeInit extends RequestInit {
  cf?: { tlsClientAuth: unknown };
}

export default {
  async fetch(request: Request, env: { POLICY: string; [secret: string]: string }): Promise<Response> {
    gate ??= createGate(env.POLICY, { secrets: env });
    const said = request.headers.get("x-test-edge");
    if (said === null) return gate.fetch(request);
    const init: EdgeInit = { cf: { tlsClientAuth: JSON.parse(said) } };
    return gate.fetch(new Request(request, init));
  },
};
