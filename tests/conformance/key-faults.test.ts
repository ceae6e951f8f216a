/** Attack classes 26 to 30: what a broken or hostile key endpoint does to the gate, and what it does not. */
import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import type { ServerResponse } from "node:http";
import { after, afterEach, before, beforeEach, test } from "node:test";
import type { Gate } from "../../examples/demo/gate.ts";
import { bearer, policyFor, problemOf, startTestGate } from "./gate.ts";
import { type FaultyIssuer, hangUp, KEY_SET, METADATA, sendJson, sendText, startIssuer } from "./issuer.ts";
import { type Origin, startOrigin } from "./origin.ts";

const AT_ONCE = 20;

let issuer: FaultyIssuer;
let origin: Origin;
let gate: Gate;

before(async () => {
  [issuer, origin] = await Promise.all([startIssuer(), startOrigin()]);
});
beforeEach(async () => {
  issuer.reset();
  gate = await startTestGate(policyFor(issuer.issuer, origin.origin));
});
afterEach(() => gate?.stop());
after(() => Promise.all([issuer?.close(), origin?.close()]));

const ask = (token = issuer.token()) => fetch(`${gate.origin}/data`, bearer(token));
const atOnce = async (count = AT_ONCE) =>
  (await Promise.all(Array.from({ length: count }, () => ask()))).map(({ status }) => status);

/** The keys that the issuer publishes now. */
async function published(): Promise<object[]> {
  const answer = await fetch(issuer.issuer + KEY_SET);
  issuer.fetches.clear();
  return ((await answer.json()) as { keys: object[] }).keys;
}

test("attack 26: after a rotation's fetch the key that was removed is refused, and the new one passes", async () => {
  const removed = issuer.token();
  assert.equal((await ask(removed)).status, 200);
  issuer.rotate({ publish: true });
  assert.equal((await ask()).status, 200);
  const refused = await ask(removed);
  assert.ok([401, 503].includes(refused.status), "not let through");
  assert.ok(["key_unknown", "key_not_yet_known"].includes((await problemOf(refused)).code ?? ""));
});

test("attack 27: no redirect is followed, on any way to the keys", async () => {
  issuer.answer("/elsewhere", (request, response) => issuer.sendKeys(request, response));
  for (const status of [301, 302, 303, 307, 308]) {
    issuer.answer(KEY_SET, sendText(status, "", { location: `${issuer.issuer}/elsewhere` }));
    assert.deepEqual(await atOnce(), Array(AT_ONCE).fill(503), `${status}`);
    assert.equal(issuer.fetches.get("/elsewhere"), undefined);
    await gate.stop();
    gate = await startTestGate(policyFor(issuer.issuer, origin.origin));
  }
  const keys = issuer.issuer + KEY_SET;
  issuer.answer("/metadata", sendJson({ issuer: issuer.issuer, jwks_uri: keys }));
  for (const place of [METADATA, "/.well-known/oauth-authorization-server"])
    issuer.answer(place, sendText(302, "", { location: `${issuer.issuer}/metadata` }));
  assert.deepEqual(await atOnce(), Array(AT_ONCE).fill(503));
  assert.equal(issuer.fetches.get("/metadata"), undefined);
});

test("attack 28: keys that can't be used stand beside good ones and spoil nothing", async () => {
  const { publicKey } = generateKeyPairSync("rsa", { modulusLength: 1024 });
  const junk = [null, 1, "x", {}, { kty: "oct", k: "AAAA" }, { kty: "EC", crv: "P-256", kid: "1" }];
  const weak = { ...publicKey.export({ format: "jwk" }), kid: "weak", alg: "RS256" };
  issuer.answer(KEY_SET, sendJson({ keys: [...junk, weak, ...(await published()), ...junk] }));
  assert.deepEqual(await atOnce(), Array(AT_ONCE).fill(200));
  assert.equal(issuer.fetches.get(KEY_SET), 1);
});

test("attack 29: a set of a thousand keys serves, and one more is a failed fetch", async () => {
  const { publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const filler = (count: number) =>
    Array.from({ length: count }, (_, place) => ({
      ...publicKey.export({ format: "jwk" }),
      kid: `x${place}`,
    }));
  const own = await published();
  issuer.answer(KEY_SET, sendJson({ keys: [...filler(999), ...own] }));
  assert.deepEqual(await atOnce(), Array(AT_ONCE).fill(200));
  assert.equal(issuer.fetches.get(KEY_SET), 1);
  await gate.stop();
  gate = await startTestGate(policyFor(issuer.issuer, origin.origin));
  issuer.answer(KEY_SET, sendJson({ keys: [...filler(1_000), ...own] }));
  assert.deepEqual(await atOnce(), Array(AT_ONCE).fill(503));
});

test("attack 30: while a fetch fails, and after it, everybody is 503 and no other fetch is made", async () => {
  const held: (() => void)[] = [];
  issuer.answer(KEY_SET, (request, response) => held.push(() => hangUp(request, response)));
  const waiting = atOnce();
  while (held.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  const later = atOnce();
  for (const end of held) end();
  assert.deepEqual([...(await waiting), ...(await later)], Array(2 * AT_ONCE).fill(503));
  assert.deepEqual(await atOnce(), Array(AT_ONCE).fill(503));
  assert.equal(issuer.fetches.get(KEY_SET), 1);
});

test("a key set that comes too slowly is given up on: all are 503, one fetch is made", async () => {
  const slow: ServerResponse[] = [];
  issuer.answer(KEY_SET, (_request, response) => {
    slow.push(response.writeHead(200, { "content-type": "application/json" }));
    response.write('{"keys":[');
  });
  assert.deepEqual(await atOnce(), Array(AT_ONCE).fill(503));
  assert.equal(issuer.fetches.get(KEY_SET), 1);
  for (const response of slow) response.destroy();
});

test("rotation under load, old key kept for its tokens: not one wrong refusal, one fetch for the new key", async () => {
  const old = { token: issuer.token(), keys: await published() };
  assert.equal((await ask(old.token)).status, 200);
  issuer.rotate({ publish: true });
  const keys = [...old.keys, ...(await published())];
  issuer.answer(KEY_SET, sendJson({ keys }));
  const statuses: number[] = [];
  for (let round = 0; round < 20; round += 1) {
    const asked = Array.from({ length: AT_ONCE }, (_, place) =>
      ask(place % 2 === 0 ? old.token : issuer.token()),
    );
    statuses.push(...(await Promise.all(asked)).map(({ status }) => status));
  }
  assert.deepEqual(statuses, Array(20 * AT_ONCE).fill(200));
  assert.equal(issuer.fetches.get(KEY_SET), 1);
});
