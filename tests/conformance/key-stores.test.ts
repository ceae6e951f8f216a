/** Key sets beyond the memory of one isolate, in the real Cache API and in real KV: what they save, and that they bring nothing back. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, before, beforeEach, test } from "node:test";
import { reservePort } from "../../examples/demo/loopback-server.ts";
import { startWorker, type Worker } from "../../examples/demo/worker-process.ts";
import type { GateDecision } from "../../js/gate-types.ts";
import type { GateKeyPolicy } from "../../js/policy.ts";
import { bearer, plainPolicyFor, problemOf } from "./gate.ts";
import { type FaultyIssuer, hangUp, KEY_SET, METADATA, startIssuer } from "./issuer.ts";
import { type Origin, startOrigin } from "./origin.ts";

/** Of the core: `KEY_SET_REFRESH_AHEAD_SECONDS`, `KEY_SET_TTL_SECONDS`, `STALE_IF_ERROR_SECONDS`, `MAX_FETCH_BACKOFF_SECONDS`, `UNKNOWN_KEY_COOLDOWN_SECONDS`. */
const [AHEAD, TTL, STALE, BACK_OFF, COOLDOWN] = [480, 600, 86_400, 60, 10];
const AT_ONCE = 20;
const KV_ALONE: GateKeyPolicy = { cache_api: false, kv_binding: "KEYS" };

let issuer: FaultyIssuer;
let origin: Origin;
let worker: Worker;
let state: string;
let isolates = 0;

before(async () => {
  [issuer, origin] = await Promise.all([startIssuer(), startOrigin()]);
});
beforeEach(() => {
  issuer.reset();
  state = mkdtempSync(join(tmpdir(), "edgeward-stores-"));
});
afterEach(async () => {
  await worker?.stop();
  rmSync(state, { recursive: true, force: true });
});
after(() => Promise.all([issuer?.close(), origin?.close()]));

async function start(keys: GateKeyPolicy = {}): Promise<void> {
  worker = await startWorker({
    port: await reservePort("worker", 0),
    config: "tests/conformance/stores-worker/wrangler.toml",
    variables: { POLICY: JSON.stringify({ ...plainPolicyFor(issuer.issuer, origin.origin), keys }) },
    state,
  });
}

const token = (changes = {}) => issuer.token({ exp: Math.floor(Date.now() / 1000) + 10 * STALE, ...changes });
/** An isolate that has seen nothing yet. */
const fresh = () => {
  isolates += 1;
  return String(isolates);
};
const ask = (isolate: string, sent = token()) =>
  fetch(`${worker.origin}/data`, { headers: { ...bearer(sent).headers, "x-isolate": isolate } });
const status = async (isolate: string, sent?: string) => {
  const response = await ask(isolate, sent);
  await response.arrayBuffer();
  return response.status;
};
const refusal = async (isolate: string, sent?: string) => {
  const response = await ask(isolate, sent);
  return [response.status, (await problemOf(response)).code];
};
const control = (path: string, init?: RequestInit) => fetch(`${worker.origin}/test/${path}`, init);
const setForward = (seconds: number) => control(`clock?seconds=${seconds}`);
const inKv = async () => (await (await control("kv")).json()) as Record<string, string>;
const putInKv = (body: string) => control("kv", { method: "PUT", body });
const seconds = () => Math.floor(Date.now() / 1000);
/** How often metadata and key set were fetched, since this was last asked. */
const fetched = () => {
  const counts = [METADATA, KEY_SET].map((path) => issuer.fetches.get(path) ?? 0);
  issuer.fetches.clear();
  return counts;
};

/** The document of the issuer's current key set. */
async function keySet(): Promise<string> {
  const text = await (await fetch(issuer.issuer + KEY_SET)).text();
  issuer.fetches.clear();
  return text;
}

for (const [name, keys] of [
  ["Cache API", {}],
  ["KV", KV_ALONE],
] as const) {
  test(`${name}: other isolates, and the Worker started again, find the keys there: no fetch`, async () => {
    await start(keys);
    assert.equal(await status(fresh()), 200);
    assert.deepEqual(fetched(), [1, 1]);
    const statuses = await Promise.all(Array.from({ length: AT_ONCE }, () => status(fresh())));
    assert.deepEqual(statuses, Array(AT_ONCE).fill(200));
    await worker.stop();
    await start(keys);
    assert.equal(await status(fresh()), 200);
    assert.deepEqual(fetched(), [0, 0]);
    // A key that nobody has published is still nobody's.
    issuer.rotate({ publish: false });
    assert.equal(await status(fresh()), 401);
    assert.deepEqual(fetched(), [0, 1], "metadata is in the store, too");
    issuer.publish();
  });

  test(`${name}: a store that throws or hangs: the issuer is asked, once for twenty, and no request waits for a write`, async () => {
    for (const fault of ["throws", "hangs"]) {
      await start(keys);
      await control(`fault?is=${fault}`);
      const isolate = fresh();
      const statuses = await Promise.all(Array.from({ length: AT_ONCE }, () => status(isolate)));
      assert.deepEqual(statuses, Array(AT_ONCE).fill(200), fault);
      assert.deepEqual(fetched(), [1, 1], fault);
      // Down and cold: all of it fails, and it is a 503.
      issuer.answer(METADATA, hangUp);
      issuer.answer("/.well-known/oauth-authorization-server", hangUp);
      assert.deepEqual(await refusal(fresh()), [503, "key_set_unavailable"], fault);
      issuer.reset();
      await worker.stop();
    }
  });
}

test("what KV holds beside a good entry is nothing: garbage, too much, from the future, no longer of use", async () => {
  await start(KV_ALONE);
  assert.equal(await status(fresh()), 200);
  const set = await keySet();
  const now = seconds();
  for (const text of [
    "",
    "<html>",
    set,
    `x\n${set}`,
    `${now}\n{"keys":[]}`,
    `${now}\n{"keys":[${" ".repeat(600 * 1024)}]}`,
    `${now + 3_600}\n${set}`,
    `${now - TTL - STALE}\n${set}`,
  ]) {
    await putInKv(text);
    issuer.fetches.clear();
    assert.equal(await status(fresh()), 200);
    assert.deepEqual(fetched(), [1, 1], text.slice(0, 30));
    const kept = Object.values(await inKv());
    assert.ok(
      kept.includes(`${kept.find((entry) => entry.endsWith(set))}`),
      "what was fetched has taken its place",
    );
  }
});

test("attack 26: an older set in KV brings no removed key back, neither when the set is due nor for an unknown kid", async () => {
  await start(KV_ALONE);
  const removed = token({ iat: seconds() + 100 });
  const isolate = fresh();
  assert.equal(await status(isolate), 200);
  const old = `${seconds() - 30}\n${await keySet()}`;
  issuer.rotate({ publish: true });
  assert.equal(await status(isolate), 200, "the rotated key");
  await putInKv(old);
  await setForward(COOLDOWN);
  assert.equal(await status(isolate, removed), 401);
  await setForward(TTL);
  await putInKv(old);
  assert.deepEqual(await refusal(isolate, removed), [401, "key_unknown"]);
  // Nor where the issuer can't be asked.
  await putInKv(old);
  issuer.answer(KEY_SET, hangUp);
  await setForward(TTL);
  assert.equal(await status(isolate, removed), 503);
  assert.equal(await status(isolate), 200, "by the set that is due");
});

test("attack 26: a key that was removed stops working at the refresh, though KV has the set before", async () => {
  await start(KV_ALONE);
  const before = token();
  const isolate = fresh();
  assert.equal(await status(isolate, before), 200);
  issuer.rotate({ publish: true });
  await setForward(AHEAD);
  // It serves its time, and is refreshed beside this request.
  assert.equal(await status(isolate, before), 200);
  assert.deepEqual(await refusal(isolate, before), [401, "key_unknown"]);
  assert.deepEqual(await refusal(fresh(), before), [401, "key_unknown"], "nor in another isolate");
});

test("RFC 5861 4: an isolate that begins in an outage serves by KV's set, says so, and no longer than any other", async () => {
  await start(KV_ALONE);
  assert.equal(await status(fresh()), 200);
  issuer.answer(METADATA, hangUp);
  issuer.answer(KEY_SET, hangUp);
  issuer.answer("/.well-known/oauth-authorization-server", hangUp);
  await setForward(TTL);
  await control("decisions");
  issuer.fetches.clear();
  const isolate = fresh();
  const statuses = await Promise.all(Array.from({ length: AT_ONCE }, () => status(isolate)));
  assert.deepEqual(statuses, Array(AT_ONCE).fill(200));
  assert.deepEqual(fetched(), [0, 1]);
  const made = (await (await control("decisions")).json()) as GateDecision[];
  assert.ok(made.length === AT_ONCE && made.every(({ key_set }) => key_set === "stale"));
  await setForward(STALE);
  for (const one of [isolate, fresh()]) assert.equal(await status(one), 503);
  issuer.reset();
  await setForward(BACK_OFF);
  assert.equal(await status(isolate), 200);
});

test("a rotation that one isolate has seen costs the others no fetch; 200 random kids cost one in a cool-down", async () => {
  await start();
  const [one, other] = [fresh(), fresh()];
  assert.deepEqual([await status(one), await status(other)], [200, 200]);
  issuer.rotate({ publish: true });
  // By their clock the set has to be of a later second.
  await setForward(1);
  assert.equal(await status(one), 200);
  assert.deepEqual(fetched(), [1, 2]);
  assert.equal(await status(other), 200);
  assert.deepEqual(fetched(), [0, 0]);
  await setForward(COOLDOWN);
  const good = token();
  for (let round = 0; round < 10; round += 1) {
    const bogus = Array.from({ length: AT_ONCE }, () => {
      const [, ...rest] = good.split(".");
      const header = { alg: "ES256", kid: crypto.randomUUID(), typ: "at+jwt" };
      return [Buffer.from(JSON.stringify(header)).toString("base64url"), ...rest].join(".");
    });
    const statuses = await Promise.all(bogus.map((sent) => status(one, sent)));
    assert.ok(statuses.every((said) => said === 401 || said === 503));
  }
  assert.deepEqual(fetched(), [0, 1]);
  assert.equal(await status(one, good), 200);
});

test("a Worker that is ended in the middle of a fetch leaves nothing behind that another would stumble over", async () => {
  await start(KV_ALONE);
  const held: unknown[] = [];
  issuer.answer(KEY_SET, (_request, response) => held.push(response));
  const gone = ask(fresh()).catch(() => undefined);
  while (held.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  await worker.stop();
  await gone;
  issuer.reset();
  await start(KV_ALONE);
  assert.equal(await status(fresh()), 200);
  assert.deepEqual(fetched(), [0, 1], "metadata was kept by then");
});

test("nothing is kept but the issuer's documents, under digests", async () => {
  await start(KV_ALONE);
  const sent = token();
  assert.equal(await status(fresh(), sent), 200);
  const kept = Object.entries(await inKv());
  assert.equal(kept.length, 2);
  for (const [key, text] of kept) {
    assert.match(key, /^[\w-]{43}$/);
    assert.match(text, /^\d{10}\n\{/);
    for (const part of sent.split(".")) assert.ok(!text.includes(part));
  }
});
