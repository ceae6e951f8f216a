/** The gate in Node: the same decisions as in workerd, between a test's issuer and a test's origin. */
import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { createGate, type Gate, type GateDecision } from "../../js/gate-node.ts";
import { bearer, policyFor, problemOf } from "../conformance/gate.ts";
import { type FaultyIssuer, startIssuer } from "../conformance/issuer.ts";
import { type Origin, startOrigin } from "../conformance/origin.ts";

let issuer: FaultyIssuer;
let origin: Origin;
let gate: Gate;
const decisions: GateDecision[] = [];

before(async () => {
  [issuer, origin] = await Promise.all([startIssuer(), startOrigin()]);
  gate = createGate(policyFor(issuer.issuer, origin.origin), {
    secrets: { INTROSPECTION_CLIENT_SECRET: "secret" },
    onDecision: (decision) => decisions.push(decision),
  });
});
beforeEach(() => {
  origin.received.length = 0;
  decisions.length = 0;
});
after(() => Promise.all([issuer?.close(), origin?.close()]));

const ask = (path: string, init?: RequestInit) => gate.fetch(new Request(`https://api.example${path}`, init));

test("a good token passes with its claims and without itself, and the body goes along", async () => {
  const token = issuer.token();
  const headers = { authorization: `Bearer ${token}`, "edgeward-sub": "root", "content-type": "text/plain" };
  const response = await ask("/notes?a=1", { method: "POST", body: "a note", headers });
  assert.deepEqual([response.status, await response.json()], [200, { ok: true }]);
  const received = origin.received.at(-1);
  assert.deepEqual([received?.method, received?.url, received?.body], ["POST", "/notes?a=1", "a note"]);
  assert.equal(received?.headers["edgeward-sub"], "ada-lovelace");
  assert.equal(received?.headers.authorization, undefined);
  assert.deepEqual(
    decisions.map(({ outcome }) => outcome),
    ["forward"],
  );
});

test("what is refused is answered by the gate alone", async () => {
  const missing = await ask("/data");
  assert.deepEqual(
    [missing.status, missing.headers.get("www-authenticate")],
    [401, 'Bearer realm="conformance"'],
  );
  const forged = await ask("/data", bearer(`${issuer.token()}A`));
  assert.deepEqual([forged.status, (await problemOf(forged)).error], [401, "invalid_token"]);
  assert.equal((await ask("/elsewhere", bearer(issuer.token()))).status, 404);
  assert.equal(origin.received.length, 0);
});
