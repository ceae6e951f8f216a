/** RFC 7662 and RFC 7009 at the gate: the real server's answers, and every way in which one can be wrong. */
import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import type { Gate } from "../../examples/demo/gate.ts";
import { API_AUDIENCE } from "../../examples/demo/resources.ts";
import { type Stack, startStack } from "../../examples/demo/stack.ts";
import { machineToken, revoke } from "../../examples/demo/walkthrough/oauth-client.ts";
import { bearer, GATE_SECRET, policyFor, problemOf, startTestGate } from "./gate.ts";
import { type FaultyIssuer, hangUp, INTROSPECTION, sendJson, sendText, startIssuer } from "./issuer.ts";
import { type Origin, startOrigin } from "./origin.ts";

let issuer: FaultyIssuer;
let origin: Origin;
let gate: Gate;
let stack: Stack;

before(async () => {
  [issuer, origin] = await Promise.all([startIssuer(), startOrigin()]);
  gate = await startTestGate(policyFor(issuer.issuer, origin.origin));
  stack = await startStack();
});
beforeEach(() => issuer.reset());
after(async () => {
  await gate?.stop();
  await stack?.stop();
  await Promise.all([issuer?.close(), origin?.close()]);
});

const inAnHour = () => Math.floor(Date.now() / 1000) + 3_600;
const active = (changes: object = {}) => ({
  active: true,
  aud: API_AUDIENCE,
  exp: inAnHour(),
  scope: "data:read",
  sub: "auditor",
  token_type: "Bearer",
  ...changes,
});

const ask = (token: string, path = "/fresh") => fetch(gate.origin + path, bearer(token));

/** A token that nothing has been said of yet: a refusal would be remembered for seconds. */
let asked = 0;
const opaqueToken = () => `opaque-token-${++asked}`;

test("RFC 7009 2.2, RFC 7662 2.2: a token revoked at the real server is refused from then on", async () => {
  const { authorizationServer } = stack.urls;
  const token = await machineToken(authorizationServer, stack.clients.auditor, "audit:read");
  assert.ok(!token.includes("."), "it is opaque");
  const request = () => fetch(`${stack.urls.gate}/audit`, bearer(token));
  assert.equal((await request()).status, 200);
  assert.equal(await revoke(authorizationServer, stack.clients.auditor, token), 200);
  const response = await request();
  assert.equal(response.status, 401);
  assert.equal((await problemOf(response)).code, "token_inactive");
});

test("RFC 7662 2.1: the request is a form with the token, and the gate's credentials as RFC 6749 2.3.1 encodes them", async () => {
  let authorization: string | undefined;
  let type: string | undefined;
  issuer.answer(INTROSPECTION, (request, response) => {
    ({ authorization, "content-type": type } = request.headers);
    sendJson(active())(request, response);
  });
  assert.equal((await ask(opaqueToken())).status, 200);
  assert.equal(type, "application/x-www-form-urlencoded");
  const [scheme, credentials = ""] = authorization?.split(" ") ?? [];
  assert.equal(scheme, "Basic");
  const [id, secret] = Buffer.from(credentials, "base64").toString().split(":");
  const decoded = [id, secret].map((part) => new URLSearchParams(`x=${part}`).get("x"));
  assert.deepEqual(decoded, ["the gate", GATE_SECRET]);
});

test("RFC 7662 2.2, attack 48: what the answer says must hold for this API", async () => {
  const wrong: [code: string, answer: object][] = [
    ["token_inactive", { active: false }],
    ["introspection_unavailable", active({ active: "true" })],
    ["introspection_unavailable", active({ active: 1 })],
    ["introspection_unavailable", { ...active(), active: undefined }],
    ["audience_mismatch", active({ aud: "https://other.example" })],
    ["claim_missing", active({ aud: undefined })],
    ["claim_missing", active({ exp: undefined })],
    ["token_expired", active({ exp: 1 })],
    ["issuer_unknown", active({ iss: "https://evil.example" })],
    ["type_mismatch", active({ token_type: "DPoP" })],
    ["scope_missing", active({ scope: "other" })],
  ];
  for (const [code, answer] of wrong) {
    issuer.answer(INTROSPECTION, sendJson(answer));
    assert.equal((await problemOf(await ask(opaqueToken()))).code, code, JSON.stringify(answer));
  }
});

test("a server that can't be asked is 503, and the request does not pass", async () => {
  for (const fault of [
    hangUp,
    sendText(500, ""),
    sendText(401, "{}"),
    sendText(200, "active"),
    sendText(307, "", { location: `${issuer.issuer}/elsewhere` }),
    sendText(200, "x".repeat(70_000)),
  ]) {
    issuer.answer(INTROSPECTION, fault);
    const before = origin.received.length;
    const response = await ask(opaqueToken());
    assert.equal(response.status, 503);
    assert.equal(response.headers.get("retry-after"), "5");
    assert.equal(origin.received.length, before);
  }
});

test("a JWT must hold by itself as well, and speak of the same subject", async () => {
  issuer.answer(INTROSPECTION, sendJson(active({ sub: "ada-lovelace" })));
  assert.equal((await ask(issuer.token())).status, 200);
  assert.equal((await problemOf(await ask(issuer.token({ exp: 1 })))).code, "token_expired");
  issuer.answer(INTROSPECTION, sendJson(active({ sub: "somebody-else" })));
  assert.equal((await problemOf(await ask(issuer.token()))).code, "token_inactive");
});

test("an opaque token is good on no route that does not ask introspection", async () => {
  issuer.answer(INTROSPECTION, sendJson(active()));
  assert.equal((await problemOf(await ask(opaqueToken(), "/data"))).code, "token_malformed");
  assert.equal(issuer.fetches.get(INTROSPECTION), undefined);
});
