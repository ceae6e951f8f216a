/** The Worker by configuration alone, the one in a few lines of code, and what a wrong configuration does. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { bearer, policyFor } from "./gate.ts";
import { stage } from "./stage.ts";

const world = stage();

test("wrangler.toml as it is makes a gate: its policy is a table, and refuses by default", async () => {
  const worker = await world.start("wrangler.toml", {});
  const response = await fetch(`${worker.origin}/data`);
  assert.equal(response.status, 401);
  assert.equal(response.headers.get("www-authenticate"), 'Bearer realm="api"');
  assert.doesNotMatch(await response.text(), /"code"/, "the private reason stays private");
  assert.equal((await fetch(`${worker.origin}/other`)).status, 404);
});

test("a gate in a few lines of code decides, and tells its decisions to the code", async () => {
  const worker = await world.start("examples/worker/wrangler.toml", {
    ISSUER: world.issuer.issuer,
    ORIGIN: world.origin.origin,
  });
  assert.equal((await fetch(`${worker.origin}/data`)).status, 401);
  const token = world.issuer.token();
  assert.equal((await fetch(`${worker.origin}/data`, bearer(token))).status, 200);
  await worker.untilOutput(/"outcome":"respond","status":401,"code":"credentials_missing"/);
  await worker.untilOutput(/"outcome":"forward"/);
  assert.ok(!worker.output().includes(token.slice(-30)), "attack 35: no token in the log");
});

test("a gate that is not set up right lets nothing through, tells its operator why and its caller nothing", async () => {
  const reached = world.origin.received.length;
  const good = policyFor(world.issuer.issuer, world.origin.origin);
  const wrong: [said: RegExp, variables: Record<string, string>][] = [
    [/INTROSPECTION_CLIENT_SECRET/, { EDGEWARD_POLICY: JSON.stringify(good) }],
    [/route: is not known/, { EDGEWARD_POLICY: JSON.stringify({ ...good, route: [] }) }],
    [/policy_invalid/, { EDGEWARD_POLICY: "not JSON" }],
    [
      /issuers\[0\]\.audience/,
      {
        EDGEWARD_POLICY: JSON.stringify({
          ...good,
          issuers: [{ issuer: world.issuer.issuer, audience: [] }],
        }),
      },
    ],
    [/EDGEWARD_LOG/, { EDGEWARD_LOG: "loud" }],
  ];
  for (const [said, variables] of wrong) {
    const worker = await world.start("wrangler.toml", variables);
    for (const path of ["/health", "/data"]) {
      const response = await fetch(worker.origin + path, bearer(world.issuer.token()));
      assert.equal(response.status, 500);
      const body = await response.text();
      assert.equal(body, '{"type":"about:blank","title":"Internal Server Error","status":500}');
    }
    await worker.untilOutput(said);
    await worker.stop();
  }
  assert.equal(world.origin.received.length, reached, "nothing reached the origin");
});

test("a fault inside the gate lets nothing through, shows nothing, and is over with the next request", async () => {
  const config = "tests/conformance/faulty-worker/wrangler.toml";
  const worker = await world.start(config, { ORIGIN: world.origin.origin });
  const ask = (headers: Record<string, string> = {}) => fetch(`${worker.origin}/public`, { headers });
  assert.equal((await ask()).status, 200);
  const reached = world.origin.received.length;
  const failed = await ask({ "x-fail": "yes" });
  assert.equal(failed.status, 500);
  assert.doesNotMatch(await failed.text(), /SECRET/);
  assert.equal(world.origin.received.length, reached);
  await worker.untilOutput(/"code":"internal_error"/);
  assert.doesNotMatch(worker.output(), /SECRET/);
  assert.equal((await ask()).status, 200);
});
