/** Keys: RFC 8414 and OIDC discovery, RFC 7517, and what happens when they can't be had. */
import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import type { Gate } from "../../examples/demo/gate.ts";
import { bearer, policyFor, problemOf, startTestGate } from "./gate.ts";
import { type FaultyIssuer, hangUp, KEY_SET, METADATA, sendJson, sendText, startIssuer } from "./issuer.ts";
import { type Origin, startOrigin } from "./origin.ts";

let issuer: FaultyIssuer;
let origin: Origin;
const gates: Gate[] = [];

before(async () => {
  [issuer, origin] = await Promise.all([startIssuer(), startOrigin()]);
});
beforeEach(() => issuer.reset());
after(async () => {
  await Promise.all(gates.map((gate) => gate.stop()));
  await Promise.all([issuer?.close(), origin?.close()]);
});

/** A gate that has seen no keys yet. */
async function freshGate(): Promise<Gate> {
  const gate = await startTestGate(policyFor(issuer.issuer, origin.origin));
  gates.push(gate);
  return gate;
}

const ask = (gate: Gate, token: string) => fetch(`${gate.origin}/data`, bearer(token));

test("RFC 8414 3, OIDC Discovery 4: keys are found by discovery, and fetched once for many requests", async () => {
  const gate = await freshGate();
  for (let request = 0; request < 5; request += 1) {
    assert.equal((await ask(gate, issuer.token())).status, 200);
  }
  assert.deepEqual([issuer.fetches.get(METADATA), issuer.fetches.get(KEY_SET)], [1, 1]);
});

test("RFC 8414 3.1: the OAuth well-known place is asked where there is no OpenID one", async () => {
  issuer.answer(METADATA, sendText(404, "not here"));
  const place = "/.well-known/oauth-authorization-server";
  issuer.answer(place, sendJson({ issuer: issuer.issuer, jwks_uri: issuer.issuer + KEY_SET }));
  assert.equal((await ask(await freshGate(), issuer.token())).status, 200);
  assert.equal(issuer.fetches.get(place), 1);
});

test("RFC 7517 5: a new key is picked up by the first token that has it", async () => {
  const gate = await freshGate();
  assert.equal((await ask(gate, issuer.token())).status, 200);
  issuer.rotate({ publish: true });
  assert.equal((await ask(gate, issuer.token())).status, 200, "the rotated key");
  assert.equal(issuer.fetches.get(KEY_SET), 2);
});

test("twenty requests at once: a cold gate fetches the key set once, and so does one whose issuer is down", async () => {
  const atOnce = async (gate: Gate) => {
    const responses = await Promise.all(Array.from({ length: 20 }, () => ask(gate, issuer.token())));
    return responses.map(({ status }) => status);
  };
  const gate = await freshGate();
  assert.deepEqual(await atOnce(gate), Array(20).fill(200));
  assert.deepEqual([issuer.fetches.get(METADATA), issuer.fetches.get(KEY_SET)], [1, 1]);
  issuer.rotate({ publish: true });
  assert.deepEqual(await atOnce(gate), Array(20).fill(200), "a rotation under load refuses nobody");
  assert.equal(issuer.fetches.get(KEY_SET), 2);
  issuer.reset();
  // It leaves the first fetch without an answer for a while, and then has none.
  const held: (() => void)[] = [];
  issuer.answer(KEY_SET, (request, response) => held.push(() => hangUp(request, response)));
  const answers = atOnce(await freshGate());
  await until(() => held.length > 0);
  for (const end of held) end();
  assert.deepEqual(await answers, Array(20).fill(503));
  assert.equal(issuer.fetches.get(KEY_SET), 1);
});

/** Until something has come about; the runner's time is the limit. */
async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 5));
}

test("a key set that can't be had is 503 with Retry-After, never 401, and the endpoint is then left alone", async () => {
  const faults = [
    hangUp,
    sendText(500, "broken"),
    sendText(200, "<html>sign in</html>"),
    sendJson({ keys: [] }),
    sendJson({ keys: [{ kty: "oct", k: "AAAA" }] }),
    sendText(200, `{"keys":[${" ".repeat(600 * 1024)}]}`),
    sendText(302, "", { location: `${issuer.issuer}/elsewhere` }),
  ];
  // Where the redirect leads there are good keys: who follows it lets the token pass.
  issuer.answer("/elsewhere", (request, response) => issuer.sendKeys(request, response));
  for (const [place, fault] of faults.entries()) {
    issuer.answer(KEY_SET, fault);
    const gate = await freshGate();
    const response = await ask(gate, issuer.token());
    assert.equal(response.status, 503, `fault ${place}`);
    assert.equal(response.headers.get("retry-after"), "5");
    assert.equal(response.headers.get("www-authenticate"), null);
    assert.equal((await problemOf(response)).code, "key_set_unavailable");
    assert.equal(issuer.fetches.get("/elsewhere"), undefined, "attack 27: no redirect is followed");
    issuer.fetches.clear();
    assert.equal((await ask(gate, issuer.token())).status, 503);
    assert.equal(issuer.fetches.get(KEY_SET), undefined, "no fetch while backing off");
    await gate.stop();
  }
});

test("RFC 8414 3.3: metadata of another issuer, or with a jwks_uri that is not https, is not used", async () => {
  const documents = [
    { issuer: `${issuer.issuer}/`, jwks_uri: issuer.issuer + KEY_SET },
    { issuer: "https://evil.example", jwks_uri: issuer.issuer + KEY_SET },
    { issuer: issuer.issuer, jwks_uri: "http://keys.example/jwks" },
    { issuer: issuer.issuer, jwks_uri: "file:///etc/passwd" },
    { issuer: issuer.issuer },
  ];
  for (const document of documents) {
    issuer.answer(METADATA, sendJson(document));
    const gate = await freshGate();
    assert.equal((await ask(gate, issuer.token())).status, 503, JSON.stringify(document));
    await gate.stop();
  }
  assert.equal(issuer.fetches.get(KEY_SET), undefined);
});

test("attack 6: a key that comes with the token is not looked at, and nothing is fetched for it", async () => {
  const gate = await freshGate();
  assert.equal((await ask(gate, issuer.token())).status, 200);
  const [header, ...rest] = issuer.token().split(".");
  const members = JSON.parse(Buffer.from(header ?? "", "base64url").toString()) as object;
  const hostile = { ...members, jku: `${issuer.issuer}/hostile`, x5u: `${issuer.issuer}/hostile` };
  const token = [Buffer.from(JSON.stringify(hostile)).toString("base64url"), ...rest].join(".");
  assert.equal((await problemOf(await ask(gate, token))).code, "signature_invalid");
  assert.equal(issuer.fetches.get("/hostile"), undefined);
});

test("an issuer that accepts the connection and says nothing is given up on, and the request is 503", async () => {
  issuer.answer(KEY_SET, () => undefined);
  const response = await ask(await freshGate(), issuer.token());
  assert.equal(response.status, 503);
});
