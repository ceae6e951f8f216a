/** `edgeward/machine` in real workerd, where no request may await another's promise, at the real authorization server. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { after, before, beforeEach, test } from "node:test";
import { type LoopbackServer, openServer, reservePort } from "../../examples/demo/loopback-server.ts";
import { API_AUDIENCE } from "../../examples/demo/resources.ts";
import { startWorker, type Worker } from "../../examples/demo/worker-process.ts";
import type { MachineConfig } from "../../js/machine-workerd.ts";
import { type MachineServer, SECRET, startMachineServer } from "../verifier/machine-server.ts";

const AT_ONCE = 20;

let server: MachineServer;
let api: LoopbackServer;
/** What the API was sent. */
const received: { authorization: string; proof: Record<string, unknown> | undefined }[] = [];
const workers: Worker[] = [];

before(async () => {
  [server, api] = await Promise.all([startMachineServer(), openServer("api", 0)]);
  api.serve((request, response) => {
    const { authorization = "", dpop } = request.headers;
    const claims = typeof dpop === "string" ? dpop.split(".")[1] : undefined;
    const proof = claims && JSON.parse(Buffer.from(claims, "base64url").toString());
    received.push({ authorization, proof });
    response.end("yes");
  });
});
beforeEach(() => {
  server.reset();
  received.length = 0;
});
after(async () => {
  await Promise.all(workers.map((worker) => worker.stop()));
  await Promise.all([server?.close(), api?.close()]);
});

async function start(changes: Partial<MachineConfig>): Promise<Worker> {
  const config: MachineConfig = {
    ...{ issuer: server.issuer, client_id: "with-client_secret_basic", client_secret: SECRET },
    ...{
      scope: "data:read",
      resource: API_AUDIENCE,
      api_origins: [api.origin],
      allow_insecure_loopback: true,
    },
    ...changes,
  };
  const worker = await startWorker({
    port: await reservePort("worker", 0),
    config: "tests/conformance/machine-worker/wrangler.toml",
    variables: { MACHINE: JSON.stringify(config), API: api.origin },
  });
  workers.push(worker);
  return worker;
}

const callAll = (worker: Worker) =>
  Promise.all(Array.from({ length: AT_ONCE }, async () => (await fetch(`${worker.origin}/data`)).text()));

test("RFC 6749 5.2: while the server is down each request is told so, and one question is asked for all", async () => {
  const worker = await start({});
  server.fault = (_, response) => void response.writeHead(500).end();
  const refused = await callAll(worker);
  assert.deepEqual(new Set(refused), new Set(['{"code":"authorization_server_unavailable"}']));
  assert.ok(
    server.asked.token <= 2,
    "twenty requests: one question, and one more where the pause ended meanwhile",
  );
  assert.equal(received.length, 0);
  assert.doesNotMatch(worker.output(), /s3cret/);
});

test("RFC 6749 4.4, RFC 7523 3, RFC 9449 7: cold requests at once get one bound token, and each has its own proof", async () => {
  const key = { client_id: "with-key-ES256", client_secret: undefined, private_key: server.keyOf("ES256") };
  const worker = await start({ ...(key as Partial<MachineConfig>), dpop: true });
  assert.deepEqual(new Set(await callAll(worker)), new Set(["yes"]));
  assert.equal(received.length, AT_ONCE);
  assert.deepEqual(server.asked, { token: 2, metadata: 1 }, "the server's nonce, and the token");
  const tokens = new Set(received.map(({ authorization }) => authorization));
  assert.equal(tokens.size, 1, "one token for all");
  const [scheme, token = ""] = [...tokens].join().split(" ");
  assert.equal(scheme, "DPoP");
  assert.equal(new Set(received.map(({ proof }) => proof?.jti)).size, AT_ONCE);
  const ath = createHash("sha256").update(token).digest("base64url");
  for (const { proof } of received) {
    assert.deepEqual([proof?.htm, proof?.htu, proof?.ath], ["GET", `${api.origin}/data`, ath]);
  }
});
