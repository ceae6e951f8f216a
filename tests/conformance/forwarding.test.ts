/** What reaches the origin, and what never does. */
import assert from "node:assert/strict";
import { request as httpRequest } from "node:http";
import { after, before, beforeEach, test } from "node:test";
import type { Gate } from "../../examples/demo/gate.ts";
import { bearer, policyFor, problemOf, startTestGate } from "./gate.ts";
import { type FaultyIssuer, startIssuer } from "./issuer.ts";
import { type Origin, type Received, startOrigin } from "./origin.ts";

let issuer: FaultyIssuer;
let origin: Origin;
let gate: Gate;

before(async () => {
  [issuer, origin] = await Promise.all([startIssuer(), startOrigin()]);
  gate = await startTestGate(policyFor(issuer.issuer, origin.origin));
});
beforeEach(() => {
  origin.received.length = 0;
});
after(async () => {
  await gate?.stop();
  await Promise.all([issuer?.close(), origin?.close()]);
});

const ask = (path: string, init?: RequestInit) => fetch(gate.origin + path, { redirect: "manual", ...init });

function last(): Received {
  const received = origin.received.at(-1);
  assert.ok(received, "the origin was reached");
  return received;
}

/** A path as it is written: `fetch` would tidy it up before it is sent. */
function askRaw(path: string): Promise<number> {
  const { hostname, port } = new URL(gate.origin);
  const headers = { authorization: `Bearer ${issuer.token({ scope: "" })}` };
  return new Promise((resolve, reject) => {
    const request = httpRequest({ hostname, port, path, headers }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    request.on("error", reject).end();
  });
}

test("the origin gets the verified claims, and never the token", async () => {
  const token = issuer.token({ sub: "ada ✓", scope: "data:read x", jti: "100%" });
  assert.equal((await ask("/data", bearer(token))).status, 200);
  const { headers } = last();
  assert.equal(headers["edgeward-iss"], issuer.issuer);
  assert.equal(headers["edgeward-sub"], "ada %E2%9C%93");
  assert.equal(headers["edgeward-scope"], "data:read x");
  assert.equal(headers["edgeward-client-id"], "tidewater-page");
  assert.equal(headers["edgeward-jti"], "100%25");
  assert.equal(headers.authorization, undefined);
  assert.ok(!JSON.stringify(last()).includes(token.slice(-30)));
});

test("attack 37: identity headers that a client sends never reach the origin, in no spelling, on no route", async () => {
  const spoofed = {
    "edgeward-sub": "root",
    "Edgeward-Scope": "admin",
    edgeward_sub: "root",
    "EDGEWARD_CLIENT-ID": "root",
    "edgeward-anything": "root",
    "x-original-url": "/admin",
    "x-http-method-override": "DELETE",
    "x-request-id": "kept",
  };
  for (const [path, token] of [
    ["/data", issuer.token()],
    ["/health", undefined],
  ] as const) {
    const headers = {
      ...spoofed,
      authorization: token === undefined ? "Bearer stolen.from.elsewhere" : `Bearer ${token}`,
    };
    assert.equal((await ask(path, { headers })).status, 200);
    const received = last().headers;
    const values = Object.entries(received).filter(([name]) => /^edgeward[-_]/i.test(name));
    assert.ok(
      values.every(([, value]) => value !== "root" && value !== "admin"),
      JSON.stringify(values),
    );
    assert.equal(received["x-original-url"], undefined);
    assert.equal(received["x-http-method-override"], undefined);
    assert.equal(received["x-request-id"], "kept");
    assert.equal(received.authorization, undefined);
    assert.equal(received["edgeward-sub"], token === undefined ? undefined : "ada-lovelace");
  }
});

test("method, path, query and body arrive as they were sent, and the answer comes back as it was given", async () => {
  origin.answer = (_request, response) => {
    response.writeHead(201, { "x-origin": "yes", "set-cookie": ["a=1", "b=2"] }).end("made");
  };
  const body = "x".repeat(300_000);
  const headers = { authorization: `Bearer ${issuer.token()}`, "content-type": "text/plain" };
  const response = await ask("/notes?a=1&b=%2F+c", { method: "POST", body, headers });
  assert.deepEqual(
    [response.status, await response.text(), response.headers.get("x-origin")],
    [201, "made", "yes"],
  );
  assert.deepEqual(response.headers.getSetCookie(), ["a=1", "b=2"]);
  const received = last();
  assert.deepEqual([received.method, received.url, received.body], ["POST", "/notes?a=1&b=%2F+c", body]);
});

test("a redirect of the origin's is the client's to follow", async () => {
  origin.answer = (_request, response) => {
    response.writeHead(302, { location: "https://elsewhere.example/" }).end();
  };
  const response = await ask("/notes", bearer(issuer.token()));
  assert.deepEqual([response.status, response.headers.get("location")], [302, "https://elsewhere.example/"]);
});

test("paths that can be read in two ways are refused before they reach the origin", async () => {
  const ambiguous = [
    "/files/..%2fadmin",
    "/files/%2e%2e%2fadmin",
    "/files//admin",
    "/files/%5c..%5cadmin",
    "/files/%00",
    "/files/%252e",
    "/files/a;b",
  ];
  for (const path of ambiguous) assert.equal(await askRaw(path), 400, path);
  // What the URL standard itself resolves is matched as the origin will see it.
  assert.equal(await askRaw("/files/../admin"), 403);
  assert.equal(await askRaw("/files/%2e%2e/admin"), 403);
  assert.equal(await askRaw("/%61dmin"), 403, "an encoded letter is still /admin");
  assert.equal(origin.received.length, 0);
});

test("an origin that can't be reached is 502", async () => {
  origin.answer = (request) => {
    request.socket.destroy();
  };
  const response = await ask("/health");
  assert.equal(response.status, 502);
  assert.equal((await problemOf(response)).code, "upstream_unavailable");
});

test("Fetch 3.3: a preflight is answered before credentials are asked for, and opens nothing", async () => {
  const preflight = (from: string) =>
    ask("/data", { method: "OPTIONS", headers: { origin: from, "access-control-request-method": "GET" } });
  const allowed = await preflight("https://app.example");
  assert.equal(allowed.status, 204);
  assert.equal(allowed.headers.get("access-control-allow-origin"), "https://app.example");
  assert.equal(
    allowed.headers.get("access-control-allow-headers"),
    "authorization, content-type, x-request-id",
  );
  const other = await preflight("https://evil.example");
  assert.equal(other.headers.get("access-control-allow-origin"), null);
  const refused = await ask("/data", { headers: { origin: "https://app.example" } });
  assert.equal(refused.status, 401);
  assert.equal(refused.headers.get("access-control-allow-origin"), "https://app.example");
  assert.equal(refused.headers.get("vary"), "origin");
  assert.equal(origin.received.length, 0);
});

test("what the origin says of CORS does not reach pages that the policy does not name", async () => {
  origin.answer = (_request, response) => {
    const headers = {
      "access-control-allow-origin": "*",
      "access-control-allow-credentials": "true",
      "x-kept": "yes",
    };
    response.writeHead(200, headers).end("public");
  };
  for (const [from, allowed] of [
    ["https://evil.example", null],
    ["https://app.example", "https://app.example"],
  ] as const) {
    const response = await ask("/health", { headers: { origin: from } });
    assert.equal(response.headers.get("access-control-allow-origin"), allowed);
    assert.equal(response.headers.get("access-control-allow-credentials"), null);
    assert.deepEqual([response.headers.get("x-kept"), await response.text()], ["yes", "public"]);
  }
});
