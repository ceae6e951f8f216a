/** RFC 7662 section 4: what introspection has said serves for a while, where the policy says so. */
import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import type { Gate } from "../../examples/demo/gate.ts";
import { API_AUDIENCE } from "../../examples/demo/resources.ts";
import { bearer, policyFor, problemOf, startTestGate } from "./gate.ts";
import { type FaultyIssuer, hangUp, INTROSPECTION, sendJson, startIssuer } from "./issuer.ts";
import { type Origin, startOrigin } from "./origin.ts";

const AT_ONCE = 20;

let issuer: FaultyIssuer;
let origin: Origin;
let gate: Gate;

before(async () => {
  [issuer, origin] = await Promise.all([startIssuer(), startOrigin()]);
  const policy = policyFor(issuer.issuer, origin.origin);
  for (const { introspection } of policy.issuers) if (introspection) introspection.cache_seconds = 300;
  gate = await startTestGate(policy);
});
beforeEach(() => issuer.reset());
after(async () => {
  await gate?.stop();
  await Promise.all([issuer?.close(), origin?.close()]);
});

const active = () => ({
  active: true,
  aud: API_AUDIENCE,
  exp: Math.floor(Date.now() / 1000) + 3_600,
  scope: "data:read",
  sub: "auditor",
});

const ask = (token: string) => fetch(`${gate.origin}/fresh`, bearer(token));
const questions = () => issuer.fetches.get(INTROSPECTION) ?? 0;
const atOnce = (token: string) => Promise.all(Array.from({ length: AT_ONCE }, () => ask(token)));

test("twenty requests at once with one token ask once, and the answer serves the next ones", async () => {
  issuer.answer(INTROSPECTION, sendJson(active()));
  const responses = [...(await atOnce("kept-token")), ...(await atOnce("kept-token"))];
  assert.deepEqual(
    responses.map(({ status }) => status),
    responses.map(() => 200),
  );
  assert.equal(questions(), 1);
});

test("twenty requests at once with one bad token ask once, and all are refused", async () => {
  issuer.answer(INTROSPECTION, sendJson({ active: false }));
  const responses = await atOnce("bad-token");
  for (const response of responses) {
    assert.equal(response.status, 401);
    assert.equal((await problemOf(response)).code, "token_inactive");
  }
  assert.equal(questions(), 1);
});

test("a server that comes and goes: kept answers serve, all else is 503 and asked about once", async () => {
  issuer.answer(INTROSPECTION, sendJson(active()));
  assert.equal((await ask("early-token")).status, 200);
  for (let round = 0; round < 3; round++) {
    issuer.answer(INTROSPECTION, hangUp);
    const before = questions();
    const [kept, fresh] = [await atOnce("early-token"), await atOnce(`late-token-${round}`)];
    assert.ok(kept.every(({ status }) => status === 200));
    assert.ok(fresh.every(({ status }) => status === 503));
    assert.equal(questions() - before, 1);
    issuer.answer(INTROSPECTION, sendJson(active()));
    assert.equal((await ask(`good-token-${round}`)).status, 200);
  }
});
