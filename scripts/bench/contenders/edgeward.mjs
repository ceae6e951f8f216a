// edgeward as it is shipped: the whole gate from Request to Response, and the core's decision without them.

import { decode } from "./contender.mjs";

/** @typedef {import("./contender.mjs").Contender} Contender */
/** @typedef {import("./contender.mjs").Setting} Setting */

/**
 * What dist/ has, handed in because each runtime loads it in its own way.
 * @typedef {object} Edgeward
 * @property {(policy: object, options: object) => { fetch(request: Request): Promise<Response> }} createGate
 * @property {new (policy: any, secrets: string, engine: string) => any} GateCore
 * @property {new (text: string) => any} GatePolicy
 * @property {(request: object) => Promise<string>} verifyWithWebCrypto
 */

/** A new engine is one more line: the name it is shown under, and the value of the gate's option `engine`. */
export const engines = [
  { name: "wasm", engine: "wasm" },
  { name: "webcrypto", engine: "webcrypto" },
];

const path = "/data";
const keySetUrl = "https://login.example/jwks";

/** @param {Setting} setting */
function policy({ alg, issuer, audience, routes, cacheEntries }) {
  const others = Array.from({ length: routes - 1 }, (_, i) => ({ path: `/other-${i}`, scope: "data:read" }));
  return {
    issuers: [{ issuer, audience, algorithms: [alg], jwks_uri: keySetUrl }],
    routes: [...others, { path, methods: ["GET"], scope: "data:read" }],
    upstream: { origin: "https://origin.example" },
    token_cache: { max_entries: cacheEntries },
  };
}

/** @param {Edgeward} edgeward @returns {Contender[]} */
export const edgewardContenders = (edgeward) =>
  engines.flatMap((engine) => [gate(edgeward, engine), core(edgeward, engine)]);

/** @param {Edgeward} edgeward @param {(typeof engines)[number]} engine @returns {Contender} */
const gate = ({ createGate }, { name, engine }) => ({
  name: `edgeward gate, ${name}`,
  what: "`createGate(…).fetch(new Request(…))`: route, token, scope, headers for the origin; key set and origin answered in the process",
  states: ["cold", "warm"],
  async prepare(setting) {
    const keys = JSON.stringify(setting.jwks);
    const answer = async (/** @type {string | Request} */ input) =>
      new Response(input === keySetUrl ? keys : "ok");
    const { fetch } = createGate(policy(setting), { engine, fetch: answer });
    return async (token) => {
      const headers = { authorization: `Bearer ${token}` };
      return (await fetch(new Request(`https://gate.example${path}`, { headers }))).status === 200;
    };
  },
});

/** @param {Edgeward} edgeward @param {(typeof engines)[number]} engine @returns {Contender} */
const core = ({ GateCore, GatePolicy, verifyWithWebCrypto }, { name, engine }) => ({
  name: `edgeward core, ${name}`,
  what: "`GateCore.authorize` to its decision, as js/worker.ts runs it, without `Request` and `Response`",
  states: ["cold", "warm"],
  async prepare(setting) {
    const keys = JSON.stringify(setting.jwks);
    const decider = new GateCore(new GatePolicy(JSON.stringify(policy(setting))), "{}", engine);
    return async (token) => {
      const now = Date.now() / 1000;
      let step = decider.authorize("GET", path, null, `Bearer ${token}`, null, null, now);
      for (;;) {
        const described = JSON.parse(step.describe());
        if (described.step !== "need") {
          step.free();
          return described.step === "forward";
        }
        const { need } = described;
        const answer = need.kind === "key_set" ? keys : await verdict(need, verifyWithWebCrypto);
        step = decider.resume(step, answer, now);
      }
    };
  },
});

/** @param {any} need @param {Edgeward["verifyWithWebCrypto"]} verify */
const verdict = ({ alg, jwk, message, signature }, verify) =>
  verify({ alg, jwk, message: new TextEncoder().encode(message), signature: decode(signature) });
