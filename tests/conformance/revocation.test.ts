/** Revocation by a deny list that gates share, in real Durable Objects and real KV: what is written at one is seen by all, in time. */
import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, test } from "node:test";
import { reservePort } from "../../examples/demo/loopback-server.ts";
import { startWorker, type Worker } from "../../examples/demo/worker-process.ts";
import type { RevocationPolicy } from "../../js/policy.ts";
import { edgeward } from "../verifier/edgeward.ts";
import { plainPolicyFor, problemOf } from "./gate.ts";
import { type FaultyIssuer, startIssuer } from "./issuer.ts";
import { type Origin, startOrigin } from "./origin.ts";

const REFRESH = 10;
const STALE = 60;
const OBJECT: RevocationPolicy = { durable_object_binding: "DENY_LIST" };
const KV: RevocationPolicy = { kv_binding: "DENY_LIST_KV" };
const REVOKED = [401, "token_revoked"];
const UNAVAILABLE = [503, "deny_list_unavailable"];

let issuer: FaultyIssuer;
let origin: Origin;
let worker: Worker;

before(async () => {
  [issuer, origin] = await Promise.all([startIssuer(), startOrigin()]);
});
beforeEach(() => issuer.reset());
afterEach(() => worker?.stop());
after(() => Promise.all([issuer?.close(), origin?.close()]));

async function start(revocation: RevocationPolicy): Promise<void> {
  const { routes, ...policy } = plainPolicyFor(issuer.issuer, origin.origin);
  const admin = { path: "/deny-list", scope: "admin", deny_list: true };
  worker = await startWorker({
    port: await reservePort("worker", 0),
    config: "tests/conformance/revocation-worker/wrangler.toml",
    variables: { POLICY: JSON.stringify({ ...policy, routes: [...routes, admin], revocation }) },
  });
}

const exp = () => Math.floor(Date.now() / 1000) + 100_000;
const token = (changes = {}) => issuer.token({ exp: exp(), ...changes });
const call = (isolate: string, sent: string, path = "/data", init: RequestInit = {}) =>
  fetch(`${worker.origin}${path}`, {
    ...init,
    headers: { authorization: `Bearer ${sent}`, "x-isolate": isolate },
  });
const ask = async (isolate: string, sent: string) => {
  const response = await call(isolate, sent);
  if (response.status !== 200) return [response.status, (await problemOf(response)).code];
  await response.arrayBuffer();
  return [200];
};
const control = (path: string, init?: RequestInit) => fetch(`${worker.origin}/test/${path}`, init);
const asked = async () => (await (await control("asked")).json()) as number;
const pass = (seconds: number) => control(`clock?seconds=${seconds}`);
const admin = () => token({ scope: "admin", sub: "admin", jti: "jti-of-the-admin" });
const write = (entry: object, isolate = "one") =>
  call(isolate, admin(), "/deny-list", { method: "POST", body: JSON.stringify(entry) });
const id = async (response: Response) => ((await response.json()) as { id: string }).id;

for (const [store, policy] of Object.entries({ "a Durable Object": OBJECT, "Workers KV": KV })) {
  test(`attack 50: what is revoked at one isolate is refused by all within refresh_seconds, by ${store}`, async () => {
    await start(policy);
    const [one, other] = [token({ jti: "leaked" }), token({ jti: "good", sub: "user-2" })];
    for (const isolate of ["one", "two"]) assert.deepEqual(await ask(isolate, one), [200]);
    const written = await write({ jti: "leaked" });
    assert.equal(written.status, 201);
    // Who has written it knows at once, the others when their copy is due.
    assert.deepEqual(await ask("one", one), REVOKED);
    assert.deepEqual(await ask("two", one), [200]);
    await pass(REFRESH);
    assert.deepEqual(await ask("two", one), REVOKED);
    assert.deepEqual(await ask("three", one), REVOKED);
    for (const isolate of ["one", "two", "three"]) assert.deepEqual(await ask(isolate, other), [200]);

    // All tokens of a user that were issued so far; one of a later sign-in passes.
    assert.equal((await write({ sub: "user-2" })).status, 201);
    assert.deepEqual(await ask("one", other), REVOKED);
    const later = Math.floor(Date.now() / 1000) + REFRESH + 1;
    assert.deepEqual(await ask("one", token({ sub: "user-2", iat: later })), [200]);

    const list = await call("two", admin(), "/deny-list");
    const { entries } = (await list.json()) as { entries: Record<string, unknown>[] };
    assert.deepEqual(entries.map(({ jti, sub }) => jti ?? sub).sort(), ["leaked", "user-2"]);

    const away = await call("one", admin(), `/deny-list?id=${await id(written)}`, { method: "DELETE" });
    assert.equal(away.status, 204);
    assert.deepEqual(await ask("one", one), [200]);
    const gone = await call("one", admin(), `/deny-list?id=${"a".repeat(22)}`, { method: "DELETE" });
    assert.deepEqual([gone.status, (await problemOf(gone)).code], [404, "revocation_unknown"]);
  });

  test(`the list is read once in refresh_seconds, and once for twenty requests, by ${store}`, async () => {
    await start(policy);
    const sent = token();
    // The keys are there before, so that all come to the list at the same moment.
    assert.deepEqual(await ask("one", sent), [200]);
    await pass(REFRESH);
    await asked();
    const all = await Promise.all(Array.from({ length: 20 }, () => ask("one", sent)));
    assert.deepEqual(all, Array(20).fill([200]));
    assert.equal(await asked(), 1);
    for (let i = 0; i < 20; i += 1) assert.deepEqual(await ask("one", sent), [200]);
    assert.equal(await asked(), 0);
    // Ahead of its time one request has it read beside itself.
    await pass(REFRESH / 2);
    for (let i = 0; i < 20; i += 1) assert.deepEqual(await ask("one", sent), [200]);
    assert.equal(await asked(), 1);
  });

  for (const fault of ["throws", "hangs", "babbles"]) {
    test(`attack 31: ${store} that ${fault}: old copies for stale_if_error_seconds, then 503; nothing reaches the origin`, async () => {
      await start(policy);
      const sent = token();
      assert.deepEqual(await ask("warm", sent), [200]);
      await control(`fault?is=${fault}`);
      const reached = origin.received.length;
      const cold = await call("cold", sent);
      assert.deepEqual([cold.status, (await problemOf(cold)).code], UNAVAILABLE);
      assert.notEqual(cold.headers.get("retry-after"), null);
      assert.equal(origin.received.length, reached);
      await pass(REFRESH + STALE - 1);
      assert.deepEqual(await ask("warm", sent), [200]);
      await pass(2);
      assert.deepEqual(await ask("warm", sent), UNAVAILABLE);
      assert.deepEqual((await write({ jti: "a" }, "warm")).status, 503);
      await control("fault?is=none");
      await pass(REFRESH);
      for (const isolate of ["warm", "cold"]) assert.deepEqual(await ask(isolate, sent), [200]);
    });
  }
}

test("a Durable Object that is full takes no more, forgets none, and lets go of what is over", async () => {
  await start(OBJECT);
  const put = async (name: string, until: number, most_bytes = 1_000) => {
    const bounds = { most: 3, most_bytes, max_bytes: 9, timeout_milliseconds: 1 };
    const need = {
      kind: "deny_list_put",
      id: name,
      entry: `{"jti":"${name}"}`,
      expires_at: until,
      ...bounds,
    };
    return await (await control("object", { method: "POST", body: JSON.stringify(need) })).text();
  };
  assert.equal(await put("a", exp()), "written");
  assert.equal(await put("over", 1), "written");
  assert.equal(await put("b", exp()), "written");
  assert.equal(await put("c", exp()), "written", "in place of the one that is over");
  assert.equal(await put("d", exp()), "full");
  assert.equal(await put("a", exp()), "written", "in its own place");
  assert.equal(await put("a", exp(), 45), "full", "of bytes");
  const list = await control("object", { method: "POST", body: '{"kind":"deny_list"}' });
  const { entries } = (await list.json()) as { entries: { jti: string }[] };
  assert.deepEqual(entries.map(({ jti }) => jti).sort(), ["a", "b", "c"]);
});

test("only who meets the route's demands reads or writes the list, and a revoked admin no more", async () => {
  await start(OBJECT);
  for (const [sent, status] of [
    [token(), 403],
    [token({ scope: "admin", exp: 1 }), 401],
  ] as const) {
    for (const method of ["GET", "POST", "DELETE"])
      assert.equal((await call("one", sent, "/deny-list", { method })).status, status);
  }
  const huge = await write({ jti: "a".repeat(100_000) });
  assert.deepEqual([huge.status, (await problemOf(huge)).code], [400, "revocation_invalid"]);
  assert.equal((await write({ jti: "jti-of-the-admin" })).status, 201);
  assert.equal((await call("one", admin(), "/deny-list")).status, 401);
});

test("edgeward revoke writes, shows and takes out, and sends no token but its own", async () => {
  await start(OBJECT);
  const leaked = token({ jti: "leaked", sub: "user-3" });
  const place = ["--deny-list", `${worker.origin}/deny-list`];
  const env = { EDGEWARD_ACCESS_TOKEN: admin() };
  const revoke = (args: string[], input = "") => edgeward(["revoke", ...place, ...args], { env, input });
  assert.deepEqual(await ask("first", leaked), [200]);

  const written = await revoke(["--token", "-"], `Bearer ${leaked}\n`);
  assert.deepEqual([written.status, written.stderr], [0, ""]);
  assert.match(written.stdout, /^✓ revoked: \S{22} {2}jti leaked of http:\S+, until 20\d\d-/);
  assert.deepEqual(await ask("first", leaked), REVOKED);
  const shown = await revoke(["--list"]);
  const [entry = ""] = shown.stdout.split(" ");
  assert.match(shown.stdout, /jti leaked of/);
  assert.equal((await revoke(["--remove", entry])).status, 0);
  assert.deepEqual(await ask("first", leaked), [200]);
  assert.equal((await revoke(["--list"])).stdout, "the deny list is empty\n");

  assert.equal((await revoke(["--sub", "user-3", "--expires-at", "2100-01-01"])).status, 1);
  assert.equal((await revoke(["--sub", "user-3"])).status, 0);
  assert.deepEqual(await ask("first", leaked), REVOKED);
  const all = await revoke(["--issued-before", "now", "--json"]);
  assert.equal(all.status, 0);
  assert.equal(typeof JSON.parse(all.stdout).issued_before, "number");

  const refused = await edgeward(["revoke", ...place, "--sid", "s"], {
    env: { EDGEWARD_ACCESS_TOKEN: leaked },
  });
  assert.equal(refused.status, 1);
  assert.match(refused.stderr, /the gate answered 403/);
  for (const { stdout, stderr } of [written, shown, all, refused])
    assert.ok(!(stdout + stderr).includes(leaked.slice(-20)));
});

test("edgeward revoke is not misused", async () => {
  const env = { EDGEWARD_ACCESS_TOKEN: "x" };
  const https = ["--deny-list", "https://api.example/deny-list"];
  for (const [args, reason] of [
    [[], /--deny-list URL is missing/],
    [["--deny-list", "http://api.example/x", "--jti", "a"], /must be an https URL/],
    [["--deny-list", "https://u:p@api.example/x", "--jti", "a"], /without query, fragment and user/],
    [https, /nothing to revoke/],
    [[...https, "--jti", "a", "--sub", "b"], /one of/],
    [[...https, "--jti", "a", "--expires-at", "tomorrow"], /--expires-at must be/],
    [[...https, "--token", "-"], /the token is no JWT/],
    [[...https, "--token", "nowhere"], /nowhere can't be read/],
  ] as const) {
    const { status, stderr } = await edgeward(["revoke", ...args], { env, input: "opaque" });
    assert.equal(status, 2, args.join(" "));
    assert.match(stderr, reason);
  }
  const { stderr } = await edgeward(["revoke", ...https, "--jti", "a"], {
    env: { EDGEWARD_ACCESS_TOKEN: "" },
  });
  assert.match(stderr, /EDGEWARD_ACCESS_TOKEN is not set/);
});
