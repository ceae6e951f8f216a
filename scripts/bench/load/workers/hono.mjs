// Hono with its middleware `jwk`. The keys are at hand: given an address, it would fetch them anew for each request.

import { Hono } from "hono";
import { jwk } from "hono/jwk";
import { forward } from "./setting.mjs";

/** @type {Hono<{ Bindings: import("./setting.mjs").Environment }>} */
const app = new Hono();

/** @type {import("hono").MiddlewareHandler | undefined} */
let check;

app.use((context, next) => {
  const { jwks, algs, issuer, audience } = context.env.SETTING;
  const keys = jwks.keys.map((key) => ({ ...key, kid: key.kid, kty: key.kty }));
  check ??= jwk({ keys, alg: algs, verification: { iss: issuer, aud: audience, typ: "at+jwt" } });
  return check(context, next);
});
app.get("/data", (context) => forward(context.req.raw));

export default app;
