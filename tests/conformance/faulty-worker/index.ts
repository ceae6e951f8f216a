/** A Worker whose clock fails on demand: a fault inside the gate, in the middle of a decision. */
import { createGate, type Gate } from "../../../js/worker.ts";

interface Env {
  ORIGIN: string;
}

let gate: Gate | undefined;
let isFailing = false;

export default {
  fetch(request: Request, env: Env): Promise<Response> {
    isFailing = request.headers.has("x-fail");
    gate ??= createGate(
      {
        issuers: [{ issuer: "https://issuer.example", audience: "https://api.example" }],
        routes: [{ path: "/public", public: true }],
        upstream: { origin: env.ORIGIN },
        allow_insecure_loopback: true,
      },
      {
        now: () => {
          if (isFailing) throw new Error("SECRET: the clock fails");
          return Date.now();
        },
        onDecision: (decision) => {
          console.log(JSON.stringify(decision));
          throw new Error("the metrics fail, too");
        },
      },
    );
    return gate.fetch(request);
  },
};
