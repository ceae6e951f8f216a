/** A Worker whose engine a variable names; without one it has what edgeward chooses here. */
import { createGate, type Gate, type GateOptions } from "../../../js/worker.ts";

interface Env {
  POLICY: string;
  ENGINE: string;
}

let gate: Gate | undefined;

export default {
  fetch(request: Request, { POLICY, ENGINE }: Env): Promise<Response> {
    const options = ENGINE === "" ? {} : { engine: ENGINE as NonNullable<GateOptions["engine"]> };
    try {
      gate ??= createGate(POLICY, options);
    } catch (error) {
      return Promise.resolve(new Response(String(error), { status: 500 }));
    }
    return gate.fetch(request);
  },
};
