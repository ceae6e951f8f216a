/** The gate by its other entries, in real workerd. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { reservePort } from "../../examples/demo/loopback-server.ts";
import { startWorker, type Worker } from "../../examples/demo/worker-process.ts";
import type { Policy } from "../../js/types.ts";
import { bearer, policyFor } from "./gate.ts";
import { type FaultyIssuer, startIssuer } from "./issuer.ts";
import { type Origin, startOrigin } from "./origin.ts";

let issuer: FaultyIssuer;
let origin: Origin;
const workers: Worker[] = [];

before(async () => {
  [issuer, origin] = await Promise.all([startIssuer(), startOrigin()]);
});
after(async () => {
  await Promise.all(workers.map((worker) => worker.stop()));
  await Promise.all([issuer?.close(), origin?.close()]);
});

/** The conformance policy without what needs a secret. */
function plainPolicy(): Policy {
  const { issuers, routes, ...policy } = policyFor(issuer.issuer, origin.origin);
  return {
    ...policy,
    issuers: issuers.map(({ issuer, audience }) => ({ issuer, audience })),
    routes: routes.filter(({ introspection }) => !introspection),
  };
}

async function start(name: string): Promise<Worker> {
  const config = `tests/conformance/${name}/wrangler.toml`;
  const variables = { POLICY: JSON.stringify(plainPolicy()) };
  const worker = await startWorker({ port: await reservePort("worker", 0), config, variables });
  workers.push(worker);
  return worker;
}

test("the entry for edge-light decides and forwards", async () => {
  const worker = await start("edge-light-worker");
  assert.equal((await fetch(`${worker.origin}/data`)).status, 401);
  assert.equal((await fetch(`${worker.origin}/data`, bearer(issuer.token()))).status, 200);
  assert.equal(origin.received.at(-1)?.headers["edgeward-sub"], "ada-lovelace");
});
