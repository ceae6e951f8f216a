/** A Worker that counts the signatures it checks, and says in each answer how many there have been. */
import { createGate, type Gate } from "../../../js/worker.ts";

interface Env {
  POLICY: string;
}

let checks = 0;
const verify = crypto.subtle.verify.bind(crypto.subtle);
crypto.subtle.verify = (...given: Parameters<SubtleCrypto["verify"]>) => {
  checks += 1;
  return verify(...given);
};

let gate: Gate | undefined;

export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    // The platform checks every signature, so that each can be counted.
    gate ??= createGate(env.POLICY, { engine: "webcrypto" });
    const answer = await gate.fetch(request);
    const counted = new Response(answer.body, answer);
    counted.headers.set("x-signatures-checked", String(checks));
    return counted;
  },
};
