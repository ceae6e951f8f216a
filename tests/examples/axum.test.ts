/** The example in axum: guarded by the policy that the Worker reads, so both have to say the same of every request. */
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { EventEmitter, once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import type { Gate } from "../../examples/demo/gate.ts";
import type { Policy } from "../../js/policy.ts";
import { bearer, startTestGate } from "../conformance/gate.ts";
import { type FaultyIssuer, KEY_SET, METADATA, startIssuer } from "../conformance/issuer.ts";
import { type Origin, startOrigin } from "../conformance/origin.ts";

const program = fileURLToPath(new URL("../../target/axum/debug/edgeward-axum-example", import.meta.url));
const policyFile = fileURLToPath(new URL("../../examples/axum/policy.json", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "edgeward-axum-"));

interface Api {
  origin: string;
  stop(): Promise<void>;
}

let issuer: FaultyIssuer;
let origin: Origin;
let policy: Policy;
let gate: Gate;
let api: Api;

before(async () => {
  [issuer, origin] = await Promise.all([startIssuer(), startOrigin()]);
  const written: Policy = JSON.parse(readFileSync(policyFile, "utf8"));
  const [{ audience } = { audience: "" }] = written.issuers;
  // The same document, with the places of this test.
  policy = {
    ...written,
    upstream: { origin: origin.origin },
    issuers: [{ issuer: issuer.issuer, audience }],
  };
  [gate, api] = await Promise.all([startTestGate(policy), startApi()]);
});
after(async () => {
  await Promise.all([api?.stop(), gate?.stop()]);
  await Promise.all([issuer?.close(), origin?.close()]);
  rmSync(folder, { recursive: true, force: true });
});

async function startApi(document: object = policy): Promise<Api> {
  const file = join(folder, "policy.json");
  writeFileSync(file, JSON.stringify(document));
  const child: ChildProcess = spawn(program, [file, "127.0.0.1:0"], { stdio: ["ignore", "pipe", "inherit"] });
  const ended = once(child, "close");
  const lines = createInterface({ input: child.stdout ?? process.stdin });
  const [line] = (await Promise.race([once(lines, "line"), ended.then(() => ["ended"])])) as [string];
  const listening = /listening on (http:\S+)/.exec(line)?.[1];
  if (listening === undefined) throw new Error(`the example did not start: ${line}`);
  return {
    origin: listening,
    async stop() {
      child.kill();
      await ended;
    },
  };
}

/** What an answer says to a client. */
async function said(answer: Response): Promise<object> {
  const challenge = answer.headers.get("www-authenticate");
  const body = answer.ok ? "" : await answer.text();
  return {
    status: answer.status,
    challenge,
    type: answer.ok ? "" : answer.headers.get("content-type"),
    body,
  };
}

const token = (changes = {}): string => issuer.token({ aud: policy.issuers[0]?.audience, ...changes });
const hourAgo = () => Math.floor(Date.now() / 1_000) - 3_600;

const requests: [string, number, () => [string, RequestInit?]][] = [
  ["no token", 401, () => ["/data"]],
  ["credentials of another scheme", 401, () => ["/data", { headers: { authorization: "Basic YTpi" } }]],
  ["a malformed header", 400, () => ["/data", { headers: { authorization: "Bearer a b" } }]],
  ["a token in the URL", 400, () => [`/data?access_token=${token()}`]],
  ["a spoilt token", 401, () => ["/data", bearer(`${token().slice(0, -4)}AAAA`)]],
  ["an expired token", 401, () => ["/data", bearer(token({ exp: hourAgo() }))]],
  ["a token for another API", 401, () => ["/data", bearer(token({ aud: "https://other.example" }))]],
  ["a token of another issuer", 401, () => ["/data", bearer(token({ iss: "https://other.example" }))]],
  ["a token without the scope", 403, () => ["/data", bearer(token({ scope: "other" }))]],
  ["a good token", 200, () => ["/data", bearer(token())]],
  ["a public route", 200, () => ["/health"]],
  ["a path that no route names", 404, () => ["/elsewhere", bearer(token())]],
  ["a method that no route names", 405, () => ["/data", { ...bearer(token()), method: "DELETE" }]],
];

for (const [what, status, request] of requests) {
  test(`${what}: ${status}, from the example as from the Worker`, async () => {
    const [path, init] = request();
    const [own, workers] = await Promise.all([
      fetch(api.origin + path, init),
      fetch(gate.origin + path, init),
    ]);
    assert.equal(own.status, status);
    assert.deepEqual(await said(own), await said(workers));
  });
}

test("the handler gets the grant: who calls, and what was granted", async () => {
  const answer = await fetch(`${api.origin}/data`, bearer(token({ sub: "grace", client_id: "app" })));
  assert.deepEqual(await answer.json(), { caller: "grace", client_id: "app", scope: ["data:read"] });
});

test("requests that need the same keys wait for one fetch, whoever hangs up meanwhile", async () => {
  const fresh = await startApi();
  try {
    issuer.reset();
    const asked = new EventEmitter();
    const release = new EventEmitter();
    issuer.answer(KEY_SET, (request, response) => {
      release.once("now", () => issuer.sendKeys(request, response));
      asked.emit("now");
    });
    const isAsked = once(asked, "now");
    const hangingUp = new AbortController();
    const first = fetch(`${fresh.origin}/data`, { ...bearer(token()), signal: hangingUp.signal });
    await isAsked;
    const others = Array.from({ length: 30 }, () => fetch(`${fresh.origin}/data`, bearer(token())));
    hangingUp.abort();
    await assert.rejects(first, { name: "AbortError" });
    release.emit("now");
    for (const answer of await Promise.all(others)) assert.equal(answer.status, 200);
    assert.deepEqual([issuer.fetches.get(METADATA), issuer.fetches.get(KEY_SET)], [1, 1]);
  } finally {
    issuer.reset();
    await fresh.stop();
  }
});

/** What the bounds have to stop long before the time for a document is over. */
const MOST_BYTES_OF_AN_ENDLESS_DOCUMENT = 32 * 1_024 * 1_024;

for (const [what, status] of [
  ["come with another status", 500],
  ["are a redirect's", 302],
  ["never end", 200],
] as const) {
  test(`503 with Retry-After while the keys ${what}`, async () => {
    const fresh = await startApi();
    try {
      issuer.reset();
      const keys = await (await fetch(issuer.issuer + KEY_SET)).text();
      let sent = 0;
      const connection = new EventEmitter();
      const closed = once(connection, "close");
      issuer.answer(KEY_SET, (_request, response) => {
        response.on("close", () => connection.emit("close"));
        response.writeHead(status, { location: "/jwks-elsewhere", "content-type": "application/json" });
        const piece = " ".repeat(65_536);
        const more = (): void => {
          while (!response.destroyed && sent < MOST_BYTES_OF_AN_ENDLESS_DOCUMENT) {
            sent += piece.length;
            if (!response.write(piece)) return void response.once("drain", more);
          }
          response.end();
        };
        if (status === 200) {
          response.write(keys);
          more();
        } else {
          response.end(keys);
        }
      });
      const refused = await fetch(`${fresh.origin}/data`, bearer(token()));
      assert.equal(refused.status, 503);
      assert.match(refused.headers.get("retry-after") ?? "", /^\d+$/);
      assert.equal(issuer.fetches.get("/jwks-elsewhere"), undefined, "no redirect is followed");
      await closed;
      assert.ok(sent < MOST_BYTES_OF_AN_ENDLESS_DOCUMENT, "no more is read than the core names");
    } finally {
      issuer.reset();
      await fresh.stop();
    }
  });
}

test("a policy that names what the example has not is refused when it starts", async () => {
  await assert.rejects(startApi({ ...policy, keys: { kv_binding: "KEYS" } }), /did not start/);
});
