// edgeward as it is shipped: the verifier, asked about a token, and the whole gate from Request to Response.

/** @typedef {import("./contender.mjs").Contender} Contender */
/** @typedef {import("./contender.mjs").Setting} Setting */
/** @typedef {"wasm" | "webcrypto" | "node" | undefined} Engine */

/**
 * What dist/ has, handed in because each runtime loads it in its own way.
 * @typedef {object} Edgeward
 * @property {(policy: object, options: object) => { fetch(request: Request): Promise<Response> }} createGate
 * @property {(policy: object, options: object) => Verifier} createVerifier
 * @property {(policy: object, keySet: object) => Pick<Verifier, "verifySync">} createSlim of `edgeward/slim`
 * @property {Engine[]} engines those that there are here, beside the choice by measurement
 *
 * @typedef {object} Verifier
 * @property {(token: string) => Promise<object>} verify
 * @property {(token: string) => object} verifySync
 * @property {(issuer: string, keySet: object) => void} provideKeySet
 */

/** The engine that edgeward chooses has no name of its own. @param {string} kind @param {Engine} engine */
const nameOf = (kind, engine) => (engine === undefined ? kind : `${kind}, ${engine}`);

/** Contenders whose growth is drawn: one where tokens and keys are, one where routes are. */
export const verifierName = "edgeward";
export const gateName = "edgeward gate";

const path = "/data";
const keySetUrl = "https://login.example/jwks";

/** @param {Setting} setting */
const issuers = ({ alg, issuer, audience }) => [{ issuer, audience, algorithms: [alg], jwks_uri: keySetUrl }];

/** @param {Setting} setting */
const memory = ({ cacheEntries }) => ({ max_entries: cacheEntries, max_bytes: 268_435_456 });

/** @param {Edgeward} edgeward @returns {Contender[]} */
export const edgewardContenders = (edgeward) => [
  ...[undefined, ...edgeward.engines].flatMap((engine) => [
    verifier(edgeward, engine),
    verifierSync(edgeward, engine),
  ]),
  slim(edgeward),
  gate(edgeward, undefined),
];

/** @param {Edgeward} edgeward @param {Engine} engine @param {Setting} setting */
function makeVerifier({ createVerifier }, engine, setting) {
  const policy = { issuers: issuers(setting), token_cache: memory(setting) };
  const made = createVerifier(policy, engine ? { engine } : {});
  made.provideKeySet(setting.issuer, setting.jwks);
  return made;
}

/** @param {Edgeward} edgeward @param {Engine} engine @returns {Contender} */
const verifier = (edgeward, engine) => ({
  name: nameOf(verifierName, engine),
  what: "`createVerifier(…).verify(token)`: signature, `iss`, `aud`, `exp`, `typ`, and the rest of RFC 9068",
  states: ["cold", "warm"],
  prepare(setting) {
    const { verify } = bound(makeVerifier(edgeward, engine, setting));
    return (token) => verify(token).then(() => true);
  },
});

/** @param {Edgeward} edgeward @param {Engine} engine @returns {Contender} */
const verifierSync = (edgeward, engine) => ({
  name: nameOf("edgeward sync", engine),
  what: "`createVerifier(…).verifySync(token)`: the same at once; where only WebCrypto is asked otherwise, by the core",
  states: ["cold", "warm"],
  prepare(setting) {
    const { verifySync } = bound(makeVerifier(edgeward, engine, setting));
    return (token) => verifySync(token) !== undefined;
  },
});

/** @param {Edgeward} edgeward @returns {Contender} */
const slim = ({ createSlim }) => ({
  name: "edgeward slim",
  what: "`verifySync` of `edgeward/slim`: the same, remembers nothing, and is compiled for size",
  states: ["cold"],
  prepare({ alg, issuer, audience, jwks }) {
    const verifier = createSlim({ issuer, audience, algorithms: [alg] }, jwks);
    return (token) => verifier.verifySync(token) !== undefined;
  },
});

/** @param {Verifier} verifier */
const bound = (verifier) => ({
  verify: (/** @type {string} */ token) => verifier.verify(token),
  verifySync: (/** @type {string} */ token) => verifier.verifySync(token),
});

/** @param {Edgeward} edgeward @param {Engine} engine @returns {Contender} */
const gate = ({ createGate }, engine) => ({
  name: nameOf(gateName, engine),
  what: "`createGate(…).fetch(new Request(…))`: route, token, scope, headers for the origin; key set and origin answered in the process",
  states: ["cold", "warm"],
  async prepare(setting) {
    const keys = JSON.stringify(setting.jwks);
    const answer = async (/** @type {string | Request} */ input) =>
      new Response(input === keySetUrl ? keys : "ok");
    const { fetch } = createGate(gatePolicy(setting), { ...(engine && { engine }), fetch: answer });
    return async (token) => {
      const headers = { authorization: `Bearer ${token}` };
      return (await fetch(new Request(`https://gate.example${path}`, { headers }))).status === 200;
    };
  },
});

/** @param {Setting} setting */
function gatePolicy(setting) {
  const others = Array.from({ length: setting.routes - 1 }, (_, i) => ({
    path: `/other-${i}`,
    scope: "data:read",
  }));
  return {
    issuers: issuers(setting),
    routes: [...others, { path, methods: ["GET"], scope: "data:read" }],
    upstream: { origin: "https://origin.example" },
    token_cache: memory(setting),
  };
}
