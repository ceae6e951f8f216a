/** RFC 9449 section 11.1 with real Durable Objects: two gates, two isolates, one memory of used proofs. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { createDpopKey } from "../../examples/demo/dpop.ts";
import { reservePort } from "../../examples/demo/loopback-server.ts";
import { startWorker } from "../../examples/demo/worker-process.ts";
import type { Policy } from "../../js/policy.ts";
import { bundleGate } from "./deployed.ts";
import { policyFor, problemOf } from "./gate.ts";
import { type FaultyIssuer, startIssuer } from "./issuer.ts";
import { type Origin, startOrigin } from "./origin.ts";
import { type SharedGates, startSharedGates } from "./shared-gates.ts";

/** A Worker whose objects do this when they are asked. */
const objectsThat = (name: string, what: string) => ({
  replayOf: name,
  script: `export class DpopReplay { async fetch() { ${what} } }
    export default { fetch: () => new Response("ok") };`,
});
/** A Worker that hands requests to the object of the gate's class with the name of their path. */
const driver = {
  replayOf: "one",
  script: `export default { fetch: (request, env) =>
    env.DPOP_REPLAY.get(env.DPOP_REPLAY.idFromName(new URL(request.url).pathname)).fetch(request) };`,
};

const folder = mkdtempSync(join(tmpdir(), "edgeward-shared-"));
const key = createDpopKey();
let issuer: FaultyIssuer;
let origin: Origin;
let policy: Policy;
let token: string;
let gates: SharedGates;

const start = () =>
  startSharedGates(folder, policy, {
    one: { replayOf: "one" },
    two: { replayOf: "one" },
    waiting: { replayOf: "slow" },
    unlucky: { replayOf: "broken" },
    confused: { replayOf: "silly" },
    driver,
    slow: objectsThat(
      "slow",
      "await new Promise((done) => setTimeout(done, 30_000)); return new Response('new');",
    ),
    broken: objectsThat("broken", "throw new Error('broken');"),
    silly: objectsThat("silly", "return new Response('used or new');"),
  });

before(async () => {
  [issuer, origin] = await Promise.all([startIssuer(), startOrigin()]);
  const { issuers, routes, ...rest } = policyFor(issuer.issuer, origin.origin);
  policy = {
    ...rest,
    issuers: issuers.map(({ introspection: _, ...own }) => own),
    routes: routes.filter(({ introspection }) => !introspection),
    // The gates have addresses of their own, and clients see one.
    dpop: { replay_binding: "DPOP_REPLAY", origin: "https://api.example" },
  };
  token = issuer.token({ cnf: { jkt: key.thumbprint } });
  await bundleGate(folder);
  gates = await start();
});
after(async () => {
  await gates?.stop();
  await Promise.all([issuer?.close(), origin?.close()]);
  rmSync(folder, { recursive: true, force: true });
});

const proven = () => key.headers({ url: "https://api.example/data", token });
const ask = async (name: string, headers: Record<string, string>) =>
  await fetch(`${gates.origin(name)}/data`, { headers });
const status = async (name: string, headers: Record<string, string>) => {
  const response = await ask(name, headers);
  await response.arrayBuffer();
  return response.status;
};
const refusal = async (name: string, headers: Record<string, string>) => {
  const response = await ask(name, headers);
  return [response.status, (await problemOf(response)).code];
};
const replayed = [401, "proof_replayed"];

test("RFC 9449 11.1: a proof that one Worker has taken is refused by every other", async () => {
  const one = proven();
  assert.equal(await status("one", one), 200);
  assert.deepEqual(await refusal("two", one), replayed);
  assert.deepEqual(await refusal("one", one), replayed);
  assert.equal(await status("two", proven()), 200);
});

test("of twenty requests with one proof at the same moment exactly one passes", async () => {
  const one = proven();
  const names = Array.from({ length: 20 }, (_, i) => (i % 2 === 0 ? "one" : "two"));
  const statuses = await Promise.all(names.map((name) => status(name, one)));
  assert.deepEqual(statuses.sort(), [200, ...Array(19).fill(401)]);
});

test("RFC 9449 11.1: a used proof is known when everything was started again", async () => {
  const one = proven();
  assert.equal(await status("one", one), 200);
  await gates.stop();
  gates = await start();
  assert.deepEqual(await refusal("two", one), replayed);
  assert.equal(await status("two", proven()), 200);
});

test("attack 39: an object that is full takes no more and forgets none; what is over makes room", async () => {
  const url = `${gates.origin("driver")}/full`;
  const use = async (proof: string, until: number) => {
    const response = await fetch(url, { method: "POST", body: JSON.stringify({ proof, until, most: 3 }) });
    return await response.text();
  };
  const later = Math.floor(Date.now() / 1000) + 60;
  assert.equal(await use("a", later), "new");
  assert.equal(await use("over", 1), "new");
  assert.equal(await use("b", later), "new");
  assert.equal(await use("c", later), "new", "in place of the one that is over");
  assert.equal(await use("d", later), "full");
  for (const proof of ["a", "b", "c"]) assert.equal(await use(proof, later), "used");
  assert.equal(await use("d", later), "full");
});

test("an object that is slow, broken or says nonsense: 503, and nothing reaches the origin", async () => {
  for (const name of ["waiting", "unlucky", "confused"]) {
    const reached = origin.received.length;
    const response = await ask(name, proven());
    assert.equal(response.headers.get("retry-after") !== null, true, name);
    assert.deepEqual(
      [response.status, (await problemOf(response)).code],
      [503, "proof_memory_unavailable"],
      name,
    );
    assert.equal(origin.received.length, reached, name);
  }
});

test("a policy that names a binding which is not there lets nothing through, and says so", async () => {
  const wrong = { ...policy, dpop: { replay_binding: "EDGEWARD_LOG" } };
  const variables = { EDGEWARD_POLICY: JSON.stringify(wrong), EDGEWARD_LOG: "none" };
  const worker = await startWorker({
    port: await reservePort("worker", 0),
    config: "wrangler.toml",
    variables,
  });
  try {
    assert.equal((await fetch(`${worker.origin}/health`)).status, 500);
    await worker.untilOutput(/policy_invalid.*dpop\.replay_binding/);
  } finally {
    await worker.stop();
  }
});
