// Gates: requests decided about, and sent on. The same by each entry that makes them.

import { equal, fails, holds } from "./expect.mjs";
import { policyOf } from "./policy.mjs";

const api = "https://api.example";

/** The authorization server and the origin as one function. */
const world = (given, seen = []) => ({
  seen,
  fetch: async (input, init) => {
    const request = new Request(input, init);
    if (request.url === `${given.issuer}/jwks`) return new Response(JSON.stringify(given.keySet));
    seen.push([
      request.method,
      request.url,
      request.headers.get("authorization"),
      request.headers.get("edgeward-sub"),
    ]);
    return new Response("the origin's answer", { headers: { "x-origin": "yes" } });
  },
});

const ask = (path, token) =>
  new Request(api + path, token === undefined ? {} : { headers: { authorization: `Bearer ${token}` } });

/** @param {{ createGate: Function, createGuard: Function }} entry */
export const casesOf = ({ createGate, createGuard }) => [
  {
    name: "a guard lets a good token pass, and says what it says",
    run: async (given) => {
      const guard = createGuard(policyOf(given), { fetch: world(given).fetch });
      for (const alg of ["ES256", "RS256", "EdDSA"]) {
        const decision = await guard.authorize(ask("/data", given.tokens[alg]));
        equal([decision.outcome, decision.token?.claims.sub], ["forward", alg], "the decision");
        equal(decision.headers.get("edgeward-sub"), alg, "the claim as a header");
        equal(decision.headers.get("authorization"), null, "the token stays");
      }
    },
  },
  ...[
    ["no token", "/data", undefined, 401, /^Bearer realm="api"$/, undefined],
    [
      "a spoilt token",
      "/data",
      (given) => given.spoilt.ES256,
      401,
      /error="invalid_token"/,
      "signature_invalid",
    ],
    [
      "an expired token",
      "/data",
      (given) => given.tokens.expired,
      401,
      /error="invalid_token"/,
      "token_expired",
    ],
    ["a token without the scope", "/admin", (given) => given.tokens.ES256, 403, /scope="admin"/, undefined],
  ].map(([what, path, tokenOf, status, challenge, code]) => ({
    name: `a guard refuses ${what}: ${status}`,
    run: async (given) => {
      const guard = createGuard(policyOf(given), { fetch: world(given).fetch });
      const decision = await guard.authorize(ask(path, tokenOf?.(given)));
      equal([decision.outcome, decision.response?.status], ["respond", status], "the decision");
      holds(challenge.test(decision.response.headers.get("www-authenticate")), "the challenge");
      if (code !== undefined) equal(decision.code, code, "the reason");
    },
  })),
  {
    name: "a gate sends a good request to the origin without the token, and gives its answer",
    run: async (given) => {
      const { seen, fetch } = world(given);
      const gate = createGate(
        { ...policyOf(given), upstream: { origin: "https://origin.example" } },
        { fetch },
      );
      const answer = await gate.fetch(ask("/data?x=1", given.tokens.ES256));
      equal([answer.status, await answer.text()], [200, "the origin's answer"], "the answer");
      equal(answer.headers.get("x-origin"), "yes", "its header");
      equal(seen, [["GET", "https://origin.example/data?x=1", null, "ES256"]], "what the origin saw");
    },
  },
  {
    name: "a gate answers a bad request itself, and the origin sees nothing",
    run: async (given) => {
      const { seen, fetch } = world(given);
      const gate = createGate(
        { ...policyOf(given), upstream: { origin: "https://origin.example" } },
        { fetch },
      );
      equal((await gate.fetch(ask("/data", given.spoilt.RS256))).status, 401, "a spoilt token");
      equal((await gate.fetch(ask("/elsewhere"))).status, 404, "a path that no route names");
      equal((await gate.fetch(ask("/health"))).status, 200, "a public route");
      equal(seen.length, 1, "what the origin saw");
    },
  },
  {
    name: "while the keys can't be had it is 503",
    run: async (given) => {
      const guard = createGuard(policyOf(given), { fetch: async () => new Response("", { status: 500 }) });
      const { response, code } = await guard.authorize(ask("/data", given.tokens.ES256));
      equal([response?.status, code], [503, "key_set_unavailable"], "the answer");
    },
  },
  {
    name: "a policy without an origin makes no gate: policy_invalid",
    run: (given) => fails(() => createGate(policyOf(given)), "policy_invalid"),
  },
];
