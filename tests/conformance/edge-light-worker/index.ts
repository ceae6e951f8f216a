/** A Worker with the gate's entry for Vercel's edge runtime, whose import of the module workerd's bundler takes as well. */
import { createGate, type Gate } from "../../../js/gate-edge-light.ts";

let gate: Gate | undefined;

export default {
  fetch(request: Request, env: { POLICY: string }): Promise<Response> {
    gate ??= createGate(env.POLICY);
    return gate.fetch(request);
  },
};
