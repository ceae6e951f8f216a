/** Keys that survive outages, clients that hang up, and sets that are about to be due: with a clock that is set forward. */
import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, test } from "node:test";
import { reservePort } from "../../examples/demo/loopback-server.ts";
import { startWorker, type Worker } from "../../examples/demo/worker-process.ts";
import type { GateDecision } from "../../js/gate-types.ts";
import type { KeyPolicy } from "../../js/policy.ts";
import { bearer, plainPolicyFor, problemOf } from "./gate.ts";
import { type FaultyIssuer, hangUp, KEY_SET, METADATA, sendJson, sendText, startIssuer } from "./issuer.ts";
import { type Origin, startOrigin } from "./origin.ts";

/** Of the core: `KEY_SET_REFRESH_AHEAD_SECONDS`, `KEY_SET_TTL_SECONDS`, `KEY_SET_GRACE_SECONDS`, `STALE_IF_ERROR_SECONDS`, `MAX_FETCH_BACKOFF_SECONDS`. */
const [AHEAD, TTL, GRACE, STALE, BACK_OFF] = [480, 600, 15, 86_400, 60];
const AT_ONCE = 20;

let issuer: FaultyIssuer;
let origin: Origin;
let worker: Worker;

before(async () => {
  [issuer, origin] = await Promise.all([startIssuer(), startOrigin()]);
});
beforeEach(() => issuer.reset());
afterEach(() => worker?.stop());
after(() => Promise.all([issuer?.close(), origin?.close()]));

async function start(keys?: KeyPolicy): Promise<void> {
  const policy = { ...plainPolicyFor(issuer.issuer, origin.origin), ...(keys === undefined ? {} : { keys }) };
  worker = await startWorker({
    port: await reservePort("worker", 0),
    config: "tests/conformance/clock-worker/wrangler.toml",
    variables: { POLICY: JSON.stringify(policy) },
  });
}

/** A token that outlives the outages here. */
const token = () => issuer.token({ exp: Math.floor(Date.now() / 1000) + 10 * STALE });
const ask = (init: RequestInit = {}) => fetch(`${worker.origin}/data`, { ...bearer(token()), ...init });
const statuses = async () =>
  (await Promise.all(Array.from({ length: AT_ONCE }, () => ask()))).map(({ status }) => status);
const setForward = (seconds: number) => fetch(`${worker.origin}/test/clock?seconds=${seconds}`);

async function decisions(): Promise<GateDecision[]> {
  const made = (await (await fetch(`${worker.origin}/test/decisions`)).json()) as GateDecision[];
  // Not those about whether the Worker is there.
  return made.filter(({ path }) => path === "/data");
}

/** Until something has come about; the runner's time is the limit. */
async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 5));
}

test("attack 30: down and cold: twenty requests make one fetch, and all are 503", async () => {
  await start();
  issuer.answer(METADATA, hangUp);
  issuer.answer("/.well-known/oauth-authorization-server", hangUp);
  assert.deepEqual(await statuses(), Array(AT_ONCE).fill(503));
  assert.equal(issuer.fetches.get(METADATA), 1);
  assert.ok(
    (await decisions()).every(({ code, key_set }) => code === "key_set_unavailable" && key_set === undefined),
  );
});

test("RFC 5861 4: down and warm: the set that is due serves for a day, every decision says so, and no longer", async () => {
  await start();
  assert.equal((await ask()).status, 200);
  const faults = [
    hangUp,
    sendText(500, "x"),
    sendText(200, "<html>"),
    sendText(302, "", { location: "/elsewhere" }),
  ];
  faults.push(sendText(200, `{"keys":[${" ".repeat(600 * 1024)}]}`), sendJson({ keys: "none" }));
  await setForward(TTL);
  await decisions();
  for (const [place, fault] of faults.entries()) {
    issuer.answer(KEY_SET, fault);
    issuer.fetches.clear();
    assert.deepEqual(await statuses(), Array(AT_ONCE).fill(200), `fault ${place}`);
    assert.equal(issuer.fetches.get(KEY_SET), 1, `fault ${place}`);
    const made = await decisions();
    assert.equal(made.length, AT_ONCE);
    assert.ok(made.every(({ outcome, key_set }) => outcome === "forward" && key_set === "stale"));
    await setForward(BACK_OFF);
  }
  await setForward(STALE);
  const tooOld = await ask();
  assert.deepEqual([tooOld.status, (await problemOf(tooOld)).code], [503, "key_set_unavailable"]);
  assert.equal(tooOld.headers.get("retry-after"), String(BACK_OFF));
  assert.equal((await decisions())[0]?.key_set, undefined);
});

test("attack 26: a key that was removed in an outage stops working at the next good refresh", async () => {
  await start();
  const before = token();
  assert.equal((await fetch(`${worker.origin}/data`, bearer(before))).status, 200);
  issuer.rotate({ publish: true });
  issuer.answer(KEY_SET, hangUp);
  await setForward(TTL);
  assert.equal((await fetch(`${worker.origin}/data`, bearer(before))).status, 200, "stale");
  issuer.reset();
  await setForward(BACK_OFF);
  const removed = await fetch(`${worker.origin}/data`, bearer(before));
  assert.deepEqual([removed.status, (await problemOf(removed)).code], [401, "key_unknown"]);
  assert.equal((await ask()).status, 200);
});

test("stale_if_error_seconds 0: a set that is due and can't be refreshed serves nobody", async () => {
  await start({ stale_if_error_seconds: 0 });
  assert.equal((await ask()).status, 200);
  issuer.answer(KEY_SET, hangUp);
  // While one request fetches, the set that is due serves the others, for a moment only: past that.
  await setForward(TTL + GRACE);
  assert.deepEqual(await statuses(), Array(AT_ONCE).fill(503));
  assert.equal(issuer.fetches.get(KEY_SET), 2, "one fetch more");
});

test("a set that is about to be due is refreshed beside the requests: none waits, one fetch is made", async () => {
  await start();
  assert.equal((await ask()).status, 200);
  await setForward(AHEAD);
  const held: (() => void)[] = [];
  issuer.answer(KEY_SET, (request, response) => held.push(() => issuer.sendKeys(request, response)));
  issuer.fetches.clear();
  assert.deepEqual(await statuses(), Array(AT_ONCE).fill(200), "while the issuer has not answered");
  await until(() => held.length > 0);
  assert.deepEqual(await statuses(), Array(AT_ONCE).fill(200));
  assert.equal(issuer.fetches.get(KEY_SET), 1);
  for (const answer of held) answer();
  // What was refreshed serves when the set before would be due; the clock shows that it did come.
  await until(() => held.length === 1);
  await ask();
  await setForward(TTL - AHEAD);
  assert.deepEqual(await statuses(), Array(AT_ONCE).fill(200));
  assert.equal(issuer.fetches.get(KEY_SET), 1);
  assert.ok(
    (await decisions()).every(({ outcome, key_set }) => outcome === "forward" && key_set === undefined),
  );
});

test("a client that hangs up does not end the fetch that others wait for", async () => {
  await start();
  const held: (() => void)[] = [];
  issuer.answer(KEY_SET, (request, response) => held.push(() => issuer.sendKeys(request, response)));
  const client = new AbortController();
  const gone = ask({ signal: client.signal }).catch(() => undefined);
  await until(() => held.length > 0);
  client.abort();
  await gone;
  const waiting = statuses();
  // They are at the gate by the time that another request has been answered there.
  await decisions();
  for (const answer of held) answer();
  assert.deepEqual(await waiting, Array(AT_ONCE).fill(200));
  assert.equal(issuer.fetches.get(KEY_SET), 1);
});
