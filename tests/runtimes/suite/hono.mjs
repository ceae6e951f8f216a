// `edgeward/hono`: routes of the real Hono, guarded by what `edgeward/gate` makes here.

import { createGuard } from "edgeward/gate";
import { guard } from "edgeward/hono";
import { Hono } from "hono";
import { equal, holds } from "./expect.mjs";
import { policyOf } from "./policy.mjs";

const guardOf = (given) =>
  createGuard(
    { ...policyOf(given), cors: { origins: ["https://app.example"] } },
    { fetch: async () => new Response(JSON.stringify(given.keySet)) },
  );

/** An application, and the paths that its handlers saw. */
function appWith(source) {
  const seen = [];
  const app = new Hono();
  app.use(guard(source));
  app.all("*", (c) => {
    seen.push(c.req.path);
    return c.json({ sub: c.get("token")?.claims.sub ?? null });
  });
  const ask = (path, token) =>
    app.request(path, token === undefined ? {} : { headers: { authorization: `Bearer ${token}` } });
  return { ask, app, seen };
}

export const cases = [
  {
    name: "a handler finds what the token says, and nothing of it on a public route",
    run: async (given) => {
      const { ask } = appWith(guardOf(given));
      for (const alg of ["ES256", "RS256", "EdDSA"]) {
        const answer = await ask("/data", given.tokens[alg]);
        equal([answer.status, await answer.json()], [200, { sub: alg }], "the answer");
      }
      equal(await (await ask("/health", given.tokens.ES256)).json(), { sub: null }, "a public route");
    },
  },
  {
    name: "what the policy refuses no handler sees",
    run: async (given) => {
      const { ask, seen } = appWith(guardOf(given));
      const missing = await ask("/data");
      equal(
        [missing.status, missing.headers.get("www-authenticate")],
        [401, 'Bearer realm="api"'],
        "no token",
      );
      const statuses = [];
      for (const [path, token] of [
        ["/data", given.spoilt.RS256],
        ["/data", given.tokens.expired],
        ["/admin", given.tokens.ES256],
        ["/elsewhere", given.tokens.ES256],
      ])
        statuses.push((await ask(path, token)).status);
      equal(statuses, [401, 401, 403, 404], "the answers");
      equal(seen, [], "what handlers saw");
    },
  },
  {
    name: "the guard is made once, from the first request's context",
    run: async (given) => {
      let made = 0;
      const { app } = appWith((c) => {
        made += 1;
        equal(c.env, { SECRET: "of the Worker" }, "its bindings");
        return guardOf(given);
      });
      const headers = { authorization: `Bearer ${given.tokens.ES256}`, origin: "https://app.example" };
      for (let round = 0; round < 2; round += 1) {
        const answer = await app.request("/data", { headers }, { SECRET: "of the Worker" });
        equal(answer.status, 200, "the answer");
        holds(
          answer.headers.get("access-control-allow-origin") === "https://app.example",
          "the policy's CORS",
        );
      }
      equal(made, 1, "how often");
    },
  },
];
