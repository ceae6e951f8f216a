/** What a policy has told of requests: times to clients, data points to Analytics Engine. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { reservePort } from "../../examples/demo/loopback-server.ts";
import { startWorker, type Worker } from "../../examples/demo/worker-process.ts";
import type { Policy } from "../../js/policy.ts";
import { bearer, plainPolicyFor } from "./gate.ts";
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

async function start(changes: Partial<Policy>): Promise<Worker> {
  const policy = { ...plainPolicyFor(issuer.issuer, origin.origin), ...changes };
  const worker = await startWorker({
    port: await reservePort("worker", 0),
    config: "tests/conformance/telling-worker/wrangler.toml",
    variables: { POLICY: JSON.stringify(policy) },
  });
  workers.push(worker);
  return worker;
}

/** Names and durations; nothing else is in it. */
const timings =
  /^keys;dur=[\d.]+, verify;dur=[\d.]+, introspect;dur=[\d.]+, proof;dur=[\d.]+, revocation;dur=[\d.]+, token;dur=[\d.]+, upstream;dur=[\d.]+$/;
const pages = { origins: ["https://app.example"], expose_headers: ["server-timing"] };

test("Server Timing 3: forwarded and own answers tell their parts, beside what the origin tells, where pages may read it", async () => {
  const worker = await start({ server_timing: true, cors: pages });
  const headers = { authorization: `Bearer ${issuer.token()}`, origin: "https://app.example" };
  const forwarded = await fetch(`${worker.origin}/data`, { headers });
  assert.equal(forwarded.status, 200);
  assert.match(forwarded.headers.get("server-timing") ?? "", timings);
  assert.match(forwarded.headers.get("access-control-expose-headers") ?? "", /server-timing/);
  assert.equal(forwarded.headers.get("timing-allow-origin"), null);
  const own = await fetch(`${worker.origin}/data`, { headers: { origin: "https://app.example" } });
  assert.equal(own.status, 401);
  assert.match(own.headers.get("server-timing") ?? "", timings);
  const answer = origin.answer;
  origin.answer = (_request, response) => {
    response.writeHead(200, { "server-timing": "db;dur=5" }).end("x");
  };
  const both = (await fetch(`${worker.origin}/data`, { headers })).headers.get("server-timing") ?? "";
  origin.answer = answer;
  const [first, rest] = [both.slice(0, "db;dur=5, ".length), both.slice("db;dur=5, ".length)];
  assert.equal(first, "db;dur=5, ");
  assert.match(rest, timings);
});

test("without server_timing nobody is told a time, though it is measured for others", async () => {
  const worker = await start({ analytics_engine_binding: "RECORDING" });
  for (const init of [bearer(issuer.token()), {}]) {
    assert.equal((await fetch(`${worker.origin}/data`, init)).headers.get("server-timing"), null);
  }
});

test("each request is a data point, and nothing in it is what a caller chose", async () => {
  const worker = await start({ analytics_engine_binding: "RECORDING" });
  const points = async () => {
    const made = (await (await fetch(`${worker.origin}/test/points`)).json()) as {
      indexes: string[];
      blobs: string[];
      doubles: number[];
    }[];
    return made.filter(({ blobs }) => blobs[0] !== "public_route");
  };
  await points();
  const token = issuer.token({ sub: "SECRET-sub" });
  const headers = { authorization: `Bearer ${token}`, cookie: "SECRET", "x-request-id": "SECRET" };
  await fetch(`${worker.origin}/files/SECRET-file?SECRET-query`, { headers });
  await fetch(`${worker.origin}/files/SECRET-other`, { headers, method: "PROPFIND" });
  await fetch(`${worker.origin}/SECRET-nowhere`, { headers });
  await fetch(`${worker.origin}/data`);
  const written = await points();
  const own = issuer.issuer;
  assert.deepEqual(
    written.map(({ indexes, blobs, doubles: [status] }) => [indexes, blobs, status]),
    [
      [["/files/*"], ["token_verified", "/files/*", own, "forward", "GET", ""], 200],
      [["/files/*"], ["token_known", "/files/*", own, "forward", "other", ""], 200],
      [[""], ["route_unknown", "", "", "respond", "GET", ""], 404],
      [["/data"], ["credentials_missing", "/data", "", "respond", "GET", ""], 401],
    ],
  );
  assert.ok(written.every(({ doubles }) => doubles.length === 8 && doubles.every((number) => number >= 0)));
  assert.doesNotMatch(JSON.stringify(written), /SECRET/);
});

test("the platform's own dataset is one; without it nothing passes; and one that fails costs no request", async () => {
  const real = await start({ analytics_engine_binding: "REAL" });
  assert.equal((await fetch(`${real.origin}/data`, bearer(issuer.token()))).status, 200);
  assert.doesNotMatch(real.output(), /analytics_failed/);
  const broken = await start({ analytics_engine_binding: "BROKEN" });
  for (const status of [200, 200, 200]) {
    assert.equal((await fetch(`${broken.origin}/data`, bearer(issuer.token()))).status, status);
  }
  await broken.untilOutput(/analytics_failed/);
  assert.equal(broken.output().match(/"edgeward":"analytics_failed"/g)?.length, 1);
  const none = await start({ analytics_engine_binding: "NO_DATASET" });
  assert.notEqual((await fetch(`${none.origin}/health`)).status, 200);
});
