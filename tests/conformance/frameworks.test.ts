/** The gate by its other entries, in real workerd. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Worker } from "../../examples/demo/worker-process.ts";
import { bearer, plainPolicyFor } from "./gate.ts";
import { stage } from "./stage.ts";

const world = stage();

async function start(name: string): Promise<Worker> {
  const config = `tests/conformance/${name}/wrangler.toml`;
  const variables = { POLICY: JSON.stringify(plainPolicyFor(world.issuer.issuer, world.origin.origin)) };
  return await world.start(config, variables);
}

test("the entry for edge-light decides and forwards", async () => {
  const worker = await start("edge-light-worker");
  assert.equal((await fetch(`${worker.origin}/data`)).status, 401);
  assert.equal((await fetch(`${worker.origin}/data`, bearer(world.issuer.token()))).status, 200);
  assert.equal(world.origin.received.at(-1)?.headers["edgeward-sub"], "ada-lovelace");
});

test("Hono: an application guards its own routes, and knows who calls", async () => {
  const worker = await start("hono-worker");
  const refused = await fetch(`${worker.origin}/data`);
  assert.equal(refused.headers.get("www-authenticate"), 'Bearer realm="conformance"');
  assert.equal((await fetch(`${worker.origin}/elsewhere`, bearer(world.issuer.token()))).status, 404);
  const reached = world.origin.received.length;
  const answer = await fetch(`${worker.origin}/data`, {
    headers: { ...bearer(world.issuer.token()).headers, origin: "https://app.example" },
  });
  assert.deepEqual(await answer.json(), { sub: "ada-lovelace" });
  assert.equal(answer.headers.get("access-control-allow-origin"), "https://app.example");
  assert.deepEqual(await (await fetch(`${worker.origin}/health`)).json(), { sub: null });
  assert.equal(world.origin.received.length, reached, "nothing is sent on");
});

test("requests go to a service binding, and a token that was found good goes along where the policy says so", async () => {
  const worker = await start("service-worker");
  const headers = { authorization: `Bearer ${world.issuer.token()}`, "edgeward-sub": "root" };
  const answer = await fetch(`${worker.origin}/notes?a=1`, { method: "POST", body: "a note", headers });
  const reached = (await answer.json()) as Record<string, string> & { headers: Record<string, string> };
  assert.deepEqual([reached.method, reached.body], ["POST", "a note"]);
  assert.ok(reached.url?.endsWith("/notes?a=1"));
  assert.equal(reached.headers["edgeward-sub"], "ada-lovelace");
  assert.equal(reached.headers.authorization, headers.authorization);
  assert.equal((await fetch(`${worker.origin}/notes`)).status, 401);
});
