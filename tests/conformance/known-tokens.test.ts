/** The memory of verified tokens in real workerd, by a Worker that tells how many signatures it has checked. */
import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { reservePort } from "../../examples/demo/loopback-server.ts";
import { startWorker, type Worker } from "../../examples/demo/worker-process.ts";
import type { Policy } from "../../js/policy.ts";
import { bearer, policyFor } from "./gate.ts";
import { type FaultyIssuer, startIssuer } from "./issuer.ts";
import { type Origin, startOrigin } from "./origin.ts";

let issuer: FaultyIssuer;
let origin: Origin;
const workers: Worker[] = [];

before(async () => {
  [issuer, origin] = await Promise.all([startIssuer(), startOrigin()]);
});
beforeEach(() => issuer.reset());
after(async () => {
  await Promise.all(workers.map((worker) => worker.stop()));
  await Promise.all([issuer?.close(), origin?.close()]);
});

/** Asks a new Worker, and gives the status and the signatures checked so far. */
async function startCounting(changes: Partial<Policy>) {
  const { issuers, routes, ...policy } = policyFor(issuer.issuer, origin.origin);
  const plain = {
    issuers: issuers.map(({ introspection: _, ...own }) => own),
    routes: routes.filter(({ introspection }) => !introspection),
  };
  const worker = await startWorker({
    port: await reservePort("worker", 0),
    config: "tests/conformance/counting-worker/wrangler.toml",
    variables: { POLICY: JSON.stringify({ ...policy, ...plain, ...changes }) },
  });
  workers.push(worker);
  return async (token: string) => {
    const { status, headers } = await fetch(`${worker.origin}/data`, bearer(token));
    return [status, Number(headers.get("x-signatures-checked"))];
  };
}

test("a token that was found good needs no second signature; one that was not is checked each time", async () => {
  const ask = await startCounting({});
  const token = issuer.token();
  for (let request = 0; request < 3; request += 1) assert.deepEqual(await ask(token), [200, 1]);
  const forged = issuer.token({ sub: "mallory" }).replace(/[^.]+$/, token.split(".")[2] ?? "");
  assert.deepEqual(await ask(forged), [401, 2]);
  assert.deepEqual(await ask(forged), [401, 3]);
  assert.deepEqual(await ask(token), [200, 3]);
});

test("attack 26: a refresh of the key set that takes the key away ends its tokens", async () => {
  const ask = await startCounting({});
  // Of a token made just now the gate can't know whether its key is gone or yet to come, and says so with 503.
  const token = issuer.token({ iat: Math.floor(Date.now() / 1000) - 120 });
  assert.deepEqual(await ask(token), [200, 1]);
  issuer.rotate({ publish: true });
  assert.deepEqual(await ask(issuer.token()), [200, 2], "its unknown kid has the set fetched");
  assert.deepEqual(await ask(token), [401, 2]);
});

test("`token_cache: false` has every token checked by its signature", async () => {
  const ask = await startCounting({ token_cache: false });
  const token = issuer.token();
  for (let request = 1; request <= 3; request += 1) assert.deepEqual(await ask(token), [200, request]);
});
