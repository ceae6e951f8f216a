/** Key sets that a real Durable Object fetches for twenty Workers, each an isolate of its own. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, beforeEach, test } from "node:test";
import type { Policy } from "../../js/policy.ts";
import { bundleGate } from "./deployed.ts";
import { bearer, plainPolicyFor, problemOf } from "./gate.ts";
import { type FaultyIssuer, hangUp, KEY_SET, METADATA, sendText, startIssuer } from "./issuer.ts";
import { type Origin, startOrigin } from "./origin.ts";
import { type SharedGates, startSharedGates } from "./shared-gates.ts";

/** Of the core: `FETCH_BACKOFF_SECONDS`. */
const BACK_OFF = 5;
const ELSEWHERE = "/.well-known/oauth-authorization-server";
const NAMES = Array.from({ length: 20 }, (_, i) => `isolate-${i}`);

/** A Worker whose objects do this when they are asked. */
const objectsThat = (name: string, what: string) => ({
  keySetsOf: name,
  script: `export class KeySets { async fetch() { ${what} } }
    export default { fetch: () => new Response("ok") };`,
});
/** A Worker that hands requests to the object of the gate's class with the name of their path. */
const driver = {
  keySetsOf: "isolate-0",
  script: `export default { fetch: (request, env) =>
    env.KEY_SETS.get(env.KEY_SETS.idFromName(new URL(request.url).pathname)).fetch(request) };`,
};

const folder = mkdtempSync(join(tmpdir(), "edgeward-shared-fetch-"));
let issuer: FaultyIssuer;
let origin: Origin;
let policy: Policy;
let gates: SharedGates;

const start = async () => {
  gates = await startSharedGates(folder, policy, {
    ...Object.fromEntries(NAMES.map((name) => [name, { keySetsOf: "isolate-0" }])),
    unlucky: { keySetsOf: "broken" },
    waiting: { keySetsOf: "slow" },
    confused: { keySetsOf: "silly" },
    driver,
    broken: objectsThat("broken", "throw new Error('broken');"),
    slow: objectsThat("slow", "await new Promise((done) => setTimeout(done, 30_000));"),
    silly: objectsThat("silly", "return new Response('new');"),
  });
};

before(async () => {
  [issuer, origin] = await Promise.all([startIssuer(), startOrigin()]);
  policy = {
    ...plainPolicyFor(issuer.issuer, origin.origin),
    keys: { durable_object_binding: "KEY_SETS" },
  };
  await bundleGate(folder);
});
beforeEach(async () => {
  // All objects and all isolates begin anew.
  await gates?.stop();
  issuer.reset();
  await start();
});
after(async () => {
  await gates?.stop();
  await Promise.all([issuer?.close(), origin?.close()]);
  rmSync(folder, { recursive: true, force: true });
});

const ask = (name: string) => fetch(`${gates.origin(name)}/data`, bearer(issuer.token()));
const status = async (name: string) => {
  const response = await ask(name);
  await response.arrayBuffer();
  return response.status;
};
const fetched = () => [METADATA, ELSEWHERE, KEY_SET].map((path) => issuer.fetches.get(path) ?? 0);
async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 5));
}

/** Asks an object for the key set. */
async function askObject(name: string, changes: Record<string, unknown> = {}): Promise<string> {
  const asked = {
    url: issuer.issuer + KEY_SET,
    document: "key_set",
    max_age_seconds: 100,
    allow_insecure_loopback: true,
    max_bytes: 512 * 1024,
    fetch_timeout_milliseconds: 5_000,
    back_off_seconds: BACK_OFF,
    max_back_off_seconds: 60,
    ...changes,
  };
  const init = { method: "POST", body: JSON.stringify(asked) };
  return await (await fetch(`${gates.origin("driver")}/${name}`, init)).text();
}

test("twenty isolates that are cold at the same moment: one fetch of each document", async () => {
  assert.deepEqual(await Promise.all(NAMES.map(status)), Array(NAMES.length).fill(200));
  assert.deepEqual(fetched(), [1, 0, 1]);
});

test("attack 30: the same with the issuer down: one fetch of each place, all 503, and it is then left alone by all", async () => {
  issuer.answer(METADATA, hangUp);
  issuer.answer(ELSEWHERE, hangUp);
  const [late, ...early] = NAMES as [string, ...string[]];
  assert.deepEqual(await Promise.all(early.map(status)), Array(early.length).fill(503));
  assert.deepEqual(fetched(), [1, 1, 0]);
  const response = await ask(late);
  assert.deepEqual([response.status, (await problemOf(response)).code], [503, "key_set_unavailable"]);
  assert.equal(response.headers.get("retry-after"), String(BACK_OFF));
  assert.deepEqual(fetched(), [1, 1, 0], "an isolate that begins meanwhile asks nobody");
});

test("an object that is broken, says nonsense, or says nothing: the issuer is asked, and all is well", async () => {
  for (const name of ["unlucky", "confused", "waiting"]) {
    issuer.fetches.clear();
    assert.equal(await status(name), 200, name);
    assert.deepEqual(fetched(), [1, 0, 1], name);
  }
});

test("an isolate and an object that end in the middle of a fetch leave nothing behind", async () => {
  const held: unknown[] = [];
  issuer.answer(KEY_SET, (_request, response) => held.push(response));
  const gone = NAMES.map((name) => ask(name).catch(() => undefined));
  await until(() => held.length > 0);
  await gates.stop();
  await Promise.all(gone);
  issuer.reset();
  await start();
  assert.deepEqual(await Promise.all(NAMES.map(status)), Array(NAMES.length).fill(200));
  assert.deepEqual(fetched(), [1, 0, 1]);
});

test("a set that is young enough is not fetched again, an older one is; it says how old it is", async () => {
  assert.match(await askObject("a"), /^0\n\{"keys"/);
  assert.match(await askObject("a"), /^[01]\n\{"keys"/);
  assert.equal(issuer.fetches.get(KEY_SET), 1);
  issuer.rotate({ publish: true });
  assert.match(await askObject("a", { max_age_seconds: -1 }), /^0\n.*"kid":"2"/);
  assert.equal(issuer.fetches.get(KEY_SET), 2);
});

test("attacks 27 to 29: what is no key set is a failure, and what was there before is what is told", async () => {
  const faults = [
    hangUp,
    sendText(500, "broken"),
    sendText(200, "<html>sorry</html>"),
    sendText(200, "{}"),
    sendText(200, `{"keys":[${" ".repeat(600 * 1024)}]}`),
    sendText(302, "", { location: `${issuer.issuer}/elsewhere` }),
  ];
  issuer.answer("/elsewhere", (request, response) => issuer.sendKeys(request, response));
  for (const [place, fault] of faults.entries()) {
    issuer.answer(KEY_SET, issuer.sendKeys);
    const good = (await askObject(`warm-${place}`)).split("\n")[1];
    issuer.answer(KEY_SET, fault);
    issuer.fetches.clear();
    for (let time = 0; time < 3; time += 1) {
      assert.equal(await askObject(`cold-${place}`), "unavailable", `fault ${place}`);
      const warm = await askObject(`warm-${place}`, { max_age_seconds: -1 });
      assert.equal(warm.split("\n")[1], good, `fault ${place}`);
    }
    assert.equal(issuer.fetches.get(KEY_SET), 2, `fault ${place}: once each, then it is left alone`);
    assert.equal(issuer.fetches.get("/elsewhere"), undefined);
  }
});

test("attack 26: a set that the issuer has emptied is told, and not the one before", async () => {
  assert.match(await askObject("emptied"), /"kid"/);
  issuer.answer(KEY_SET, sendText(200, '{"keys":[]}'));
  assert.match(await askObject("emptied", { max_age_seconds: -1 }), /^0\n\{"keys":\[\]\}$/);
});

test("attack 27: an object fetches one URL, and only one that a policy could lead to", async () => {
  const url = issuer.issuer + KEY_SET;
  for (const [name, changes] of [
    ["insecure", { allow_insecure_loopback: false }],
    ["http", { url: "http://keys.example/jwks" }],
    ["file", { url: "file:///etc/passwd" }],
    ["data", { url: 'data:application/json,{"keys":[1]}' }],
    ["nothing", { url: "" }],
  ] as const) {
    assert.equal(await askObject(name, changes), "unavailable", name);
  }
  assert.equal(issuer.fetches.get(KEY_SET), undefined);
  assert.match(await askObject("one"), /^0\n/);
  assert.equal(await askObject("one", { url: `${url}?other` }), "unavailable");
  assert.equal(issuer.fetches.get(`${KEY_SET}?other`), undefined);
});
