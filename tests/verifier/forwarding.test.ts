/** What passes on where `fetch` is Node's: headers about connections, codings, the token, services, ends. */
import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { gzipSync } from "node:zlib";
import {
  createGate,
  EdgewardError,
  type Gate,
  type GateOptions,
  type UpstreamPolicy,
} from "../../js/gate-node.ts";
import { plainPolicyFor, problemOf } from "../conformance/gate.ts";
import { type FaultyIssuer, startIssuer } from "../conformance/issuer.ts";
import { type Origin, startOrigin } from "../conformance/origin.ts";

let issuer: FaultyIssuer;
let origin: Origin;
let answer: Origin["answer"];

before(async () => {
  [issuer, origin] = await Promise.all([startIssuer(), startOrigin()]);
  answer = origin.answer;
});
beforeEach(() => {
  origin.received.length = 0;
  origin.answer = answer;
});
after(() => Promise.all([issuer?.close(), origin?.close()]));

function gateWith(upstream: UpstreamPolicy = {}, options: GateOptions = {}): Gate {
  const place = upstream.service_binding === undefined ? { origin: origin.origin } : {};
  const policy = plainPolicyFor(issuer.issuer, origin.origin);
  return createGate({ ...policy, upstream: { ...place, ...upstream } }, options);
}

function requestFor(path: string, headers: Record<string, string> = {}, init: RequestInit = {}): Request {
  const own = { authorization: `Bearer ${issuer.token()}`, ...headers };
  return new Request(`https://api.example${path}`, { ...init, headers: own });
}

test("RFC 9110 7.6.1: what is about the client's connection ends here, and the addresses from before stay", async () => {
  const headers = {
    connection: "keep-alive, x-hop, X-Forwarded-For, b@d name",
    "x-hop": "1",
    "x-forwarded-for": "192.0.2.1",
    "http2-settings": "AAMAAABkAARAAAAAAAIAAAAA",
    upgrade: "h2c",
    expect: "100-continue",
    te: "trailers",
    host: "api.example",
    "x-kept": "2",
  };
  assert.equal((await gateWith().fetch(requestFor("/notes", headers))).status, 200);
  const received = origin.received.at(-1)?.headers ?? {};
  for (const name of ["x-hop", "http2-settings", "upgrade", "expect", "te"]) {
    assert.equal(received[name], undefined, name);
  }
  assert.equal(received["x-forwarded-for"], "192.0.2.1");
  assert.equal(received["x-kept"], "2");
  assert.equal(received.host, new URL(origin.origin).host);
});

test("RFC 9110 7.6.1: what is about the origin's connection ends here", async () => {
  origin.answer = (_request, response) => {
    response.writeHead(200, { connection: "keep-alive, X-Hop", "x-hop": "1", "x-kept": "2" }).end("body");
  };
  const response = await gateWith().fetch(requestFor("/notes"));
  assert.equal(await response.text(), "body");
  const names = [...response.headers.keys()];
  assert.deepEqual(
    names.filter((name) => ["connection", "keep-alive", "transfer-encoding", "x-hop"].includes(name)),
    [],
  );
  assert.equal(response.headers.get("x-kept"), "2");
});

test("an answer that Node has decoded is not said to be coded", async () => {
  const text = "tide ".repeat(1_000);
  origin.answer = (_request, response) => {
    const body = gzipSync(text);
    response.writeHead(200, { "content-encoding": "gzip", "content-length": body.length }).end(body);
  };
  const response = await gateWith().fetch(requestFor("/notes", { "accept-encoding": "gzip" }));
  assert.equal(response.headers.get("content-encoding"), null);
  assert.equal(response.headers.get("content-length"), null);
  assert.equal(await response.text(), text);
});

test("the client's token goes on only where the policy says so, and only once it was found good", async () => {
  const token = issuer.token();
  const headers = { authorization: `Bearer ${token}` };
  const seen = async (gate: Gate, path: string) => {
    await gate.fetch(requestFor(path, headers));
    return origin.received.at(-1)?.headers.authorization;
  };
  const forwarding = gateWith({ token: "forward" });
  assert.equal(await seen(forwarding, "/notes"), `Bearer ${token}`);
  assert.equal(await seen(forwarding, "/notes"), `Bearer ${token}`, "remembered as well");
  assert.equal(await seen(forwarding, "/health"), undefined, "a public route looks at no token");
  assert.equal(await seen(gateWith(), "/notes"), undefined);
  const decision = await forwarding.authorize(requestFor("/notes", headers));
  assert.ok(decision.outcome === "forward");
  assert.equal(decision.headers.get("authorization"), `Bearer ${token}`);
});

test("a service gets the request by the URL that the client asked by, and nothing goes over a network", async () => {
  const asked: Request[] = [];
  const service = {
    fetch(input: Request) {
      assert.equal(this, service);
      asked.push(input);
      return Promise.resolve(new Response(`service: ${new URL(input.url).pathname}`));
    },
  };
  const gate = gateWith({ service_binding: "API" }, { bindings: { API: service, OTHER: "x" } });
  const response = await gate.fetch(requestFor("/notes?a=1", { "edgeward-sub": "root" }));
  assert.equal(await response.text(), "service: /notes");
  assert.equal(asked[0]?.url, "https://api.example/notes?a=1");
  assert.equal(asked[0]?.headers.get("edgeward-sub"), "ada-lovelace");
  assert.equal(asked[0]?.headers.get("authorization"), null);
  assert.equal((await gate.fetch(new Request("https://api.example/notes"))).status, 401);
  assert.equal(asked.length, 1);
  assert.equal(origin.received.length, 0);
});

test("a service that is not there is a problem of the policy, told when the gate is made", () => {
  for (const bindings of [undefined, {}, { API: "https://api.example" }, { API: {} }]) {
    assert.throws(
      () => gateWith({ service_binding: "API" }, bindings === undefined ? {} : { bindings }),
      (error) =>
        error instanceof EdgewardError &&
        error.code === "policy_invalid" &&
        error.problems[0]?.path === "upstream.service_binding",
    );
  }
});

test("an origin that takes too long is 504, one that can't be reached is 502, and a fast one is neither", async () => {
  origin.answer = (request, response) => {
    if (request.url === "/notes") response.end("fast");
  };
  const gate = gateWith({ timeout_milliseconds: 500 });
  assert.equal(await (await gate.fetch(requestFor("/notes"))).text(), "fast");
  const slow = await gate.fetch(requestFor("/data", { origin: "https://app.example" }));
  assert.deepEqual([slow.status, (await problemOf(slow)).code], [504, "upstream_timeout"]);
  assert.equal(slow.headers.get("access-control-allow-origin"), "https://app.example");
  origin.answer = (request) => request.socket.destroy();
  const broken = await gate.fetch(requestFor("/data"));
  assert.deepEqual([broken.status, (await problemOf(broken)).code], [502, "upstream_unavailable"]);
});

test("a client that leaves before the answer has begun ends its request at the origin", {
  timeout: 60_000,
}, async () => {
  for (const upstream of [{}, { timeout_milliseconds: 10_000 }]) {
    let leave = (): void => undefined;
    const ended = new Promise((resolve) => {
      origin.answer = (_request, response) => {
        response.on("close", () => resolve(response.writableEnded));
        leave();
      };
    });
    const client = new AbortController();
    leave = () => client.abort();
    await gateWith(upstream).fetch(requestFor("/notes", {}, { signal: client.signal }));
    assert.equal(await ended, false);
  }
});

test("the limit is for the answer's beginning: its body may go on beyond it", {
  timeout: 60_000,
}, async () => {
  let goOn = (): void => undefined;
  origin.answer = (request, response) => {
    // The second never answers; it only shows that the limit has passed.
    if (request.url === "/data") return;
    response.writeHead(200).write("begun, ");
    goOn = () => response.end("ended");
  };
  const gate = gateWith({ timeout_milliseconds: 500 });
  const begun = await gate.fetch(requestFor("/notes"));
  assert.equal((await gate.fetch(requestFor("/data"))).status, 504);
  goOn();
  assert.equal(await begun.text(), "begun, ended");
});
