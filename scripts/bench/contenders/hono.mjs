// Hono's two middlewares, each as an application with one route.

import { Hono } from "hono";
import { jwk } from "hono/jwk";
import { jwt } from "hono/jwt";
import { importSigningKey } from "./contender.mjs";

/** @param {import("hono").MiddlewareHandler} middleware @returns {import("./contender.mjs").Check} */
function asked(middleware) {
  const app = new Hono();
  app.use(middleware);
  app.get("/data", (context) => context.text("ok"));
  return async (token) => {
    const headers = { authorization: `Bearer ${token}` };
    return (await app.fetch(new Request("https://gate.example/data", { headers }))).status === 200;
  };
}

/** @type {import("./contender.mjs").Contender[]} */
export const honoContenders = [
  {
    name: "hono jwk",
    what: "`app.fetch(new Request(…))` with the middleware `jwk` and its keys at hand: signature, `iss`, `aud`, `exp`, `typ`",
    states: ["cold", "warm"],
    prepare({ alg, jwks, issuer, audience }) {
      const keys = jwks.keys.map((key) => ({ ...key, kid: key.kid, kty: key.kty }));
      return asked(jwk({ keys, alg: [alg], verification: { iss: issuer, aud: audience, typ: "at+jwt" } }));
    },
  },
  {
    name: "hono jwt",
    what: "`app.fetch(new Request(…))` with the middleware `jwt` and an imported key: signature, `iss`, `aud`, `exp`, `typ`",
    states: ["cold", "warm"],
    async prepare(setting) {
      const { alg, issuer, audience } = setting;
      const secret = await importSigningKey(setting);
      return asked(jwt({ secret, alg, verification: { iss: issuer, aud: audience, typ: "at+jwt" } }));
    },
  },
];
