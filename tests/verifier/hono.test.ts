/** The middleware for Hono, with the real Hono, in Node. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Hono } from "hono";
import { createGate, createGuard, type Guard } from "../../js/gate-node.ts";
import { type GuardEnv, guard } from "../../js/hono.ts";
import { bearer, plainPolicyFor, problemOf } from "../conformance/gate.ts";
import { type FaultyIssuer, startIssuer } from "../conformance/issuer.ts";

let issuer: FaultyIssuer;
let policy: ReturnType<typeof plainPolicyFor>;
/** The handlers that ran. */
const ran: string[] = [];

before(async () => {
  issuer = await startIssuer();
  policy = plainPolicyFor(issuer.issuer, "https://origin.example");
});
after(() => issuer?.close());

function appWith(source: Guard): Hono<GuardEnv> {
  const app = new Hono<GuardEnv>();
  app.use(guard(source));
  app.all("*", (c) => {
    ran.push(c.req.path);
    if (c.req.path === "/admin") throw new Error("the handler fails");
    c.header("access-control-allow-origin", "*");
    c.header("x-app", "yes");
    return c.json({ sub: c.get("token")?.claims.sub ?? null, scope: c.get("token")?.scope ?? null });
  });
  app.onError((_error, c) => c.text("sorry", 500));
  return app;
}

test("what the policy refuses no handler sees", async () => {
  const app = appWith(createGuard(policy));
  ran.length = 0;
  const missing = await app.request("/data");
  assert.deepEqual([missing.status, (await problemOf(missing)).code], [401, "credentials_missing"]);
  assert.equal((await app.request("/data", bearer(`${issuer.token()}A`))).status, 401);
  assert.equal((await app.request("/admin", bearer(issuer.token()))).status, 403);
  assert.equal((await app.request("/elsewhere", bearer(issuer.token()))).status, 404);
  assert.equal((await app.request("/data", { method: "DELETE" })).status, 405);
  assert.equal((await app.request("/files/..%2fadmin", bearer(issuer.token()))).status, 400);
  assert.deepEqual(ran, []);
});

test("handlers find what the token says, and nothing of it on a public route", async () => {
  for (const source of [createGuard(policy), createGate(policy)]) {
    const app = appWith(source);
    const answer = await app.request("/data", bearer(issuer.token({ scope: "data:read x" })));
    assert.deepEqual(await answer.json(), { sub: "ada-lovelace", scope: ["data:read", "x"] });
    const open = await app.request("/health", bearer(issuer.token()));
    assert.deepEqual(await open.json(), { sub: null, scope: null });
  }
});

test("the policy alone speaks of CORS, on good answers and on those of a handler that fails", async () => {
  const app = appWith(createGuard(policy));
  const from = (origin: string, path: string) =>
    app.request(path, {
      headers: { authorization: `Bearer ${issuer.token({ scope: "data:read admin" })}`, origin },
    });
  for (const [path, status] of [
    ["/data", 200],
    ["/admin", 500],
  ] as const) {
    const named = await from("https://app.example", path);
    assert.equal(named.status, status);
    assert.equal(named.headers.get("access-control-allow-origin"), "https://app.example");
    assert.equal(named.headers.get("x-app"), status === 200 ? "yes" : null);
    assert.equal((await from("https://evil.example", path)).headers.get("access-control-allow-origin"), null);
  }
  const preflight = await app.request("/data", {
    method: "OPTIONS",
    headers: { origin: "https://app.example", "access-control-request-method": "GET" },
  });
  assert.deepEqual([preflight.status, preflight.headers.get("access-control-allow-methods")], [204, "GET"]);
});

test("a guard that the first request's context makes is made once; one that can't be made lets nothing through", async () => {
  let made = 0;
  type AppEnv = GuardEnv & { Bindings: { POLICY?: string } };
  const app = new Hono<AppEnv>();
  app.use(
    guard<AppEnv>((c) => {
      made += 1;
      return createGuard(c.env.POLICY ?? "");
    }),
  );
  app.get("/health", (c) => c.text("ok"));
  app.onError((_error, c) => c.text("sorry", 500));
  assert.equal((await app.request("/health", {}, {})).status, 500);
  for (let i = 0; i < 2; i += 1) {
    assert.equal((await app.request("/health", {}, { POLICY: JSON.stringify(policy) })).status, 200);
  }
  assert.equal(made, 2, "once in vain, once for good");
});
