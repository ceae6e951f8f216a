/** What passes the gate piece by piece: WebSockets, bodies that go on while they are answered, answers that have no end, and ends. */
import assert from "node:assert/strict";
import {
  createServer,
  request as httpRequest,
  type IncomingMessage,
  type RequestListener,
  type Server,
} from "node:http";
import type { AddressInfo } from "node:net";
import { after, before, test } from "node:test";
import type { Gate } from "../../examples/demo/gate.ts";
import { policyFor, problemOf, startTestGate } from "./gate.ts";
import { type FaultyIssuer, startIssuer } from "./issuer.ts";
import { echo } from "./websocket.ts";

/** How long the origin may take until its answer begins. */
const LIMIT_MS = 2_000;
/** A test that waits for what never comes has failed. */
const waits = { timeout: 60_000 };

let issuer: FaultyIssuer;
let server: Server;
let gate: Gate;
let answer: RequestListener = (_request, response) => response.end();
const upgrades: IncomingMessage[] = [];

before(async () => {
  issuer = await startIssuer();
  server = createServer((request, response) => answer(request, response));
  server.on("upgrade", (request, socket) => {
    upgrades.push(request);
    echo(request, socket);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const policy = policyFor(issuer.issuer, `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const upstream = { ...policy.upstream, timeout_milliseconds: LIMIT_MS, drop_headers: ["X-Internal_Trace"] };
  gate = await startTestGate({ ...policy, upstream });
});
after(async () => {
  await gate?.stop();
  await issuer?.close();
  server?.closeAllConnections();
  server?.close();
});

const credentials = () => ({ authorization: `Bearer ${issuer.token()}` });

/** A WebSocket with a header, which Node's has and the standard's has not. */
function connect(headers: Record<string, string>, protocols: string[] = []): WebSocket {
  const options = { headers, protocols } as unknown as string[];
  return new WebSocket(`${gate.origin.replace("http", "ws")}/notes?room=1`, options);
}

const next = (socket: WebSocket, event: "open" | "message" | "close" | "error") =>
  new Promise<Event>((resolve) => socket.addEventListener(event, resolve, { once: true }));

test("RFC 6455: a WebSocket opens with a good token, and what is said passes both ways", waits, async () => {
  const socket = connect({ ...credentials(), "edgeward-sub": "root" }, ["chat"]);
  await next(socket, "open");
  assert.equal(socket.protocol, "chat");
  const handshake = upgrades.at(-1);
  assert.equal(handshake?.url, "/notes?room=1");
  assert.equal(handshake?.headers["edgeward-sub"], "ada-lovelace");
  assert.equal(handshake?.headers.authorization, undefined);
  for (const text of ["one", "two ✓"]) {
    socket.send(text);
    const { data } = (await next(socket, "message")) as MessageEvent;
    assert.equal(data, `echo: ${text}`);
  }
  socket.close(1000);
  assert.equal(((await next(socket, "close")) as CloseEvent).code, 1000);
});

test("a WebSocket without a good token is refused before the origin hears of it", waits, async () => {
  const reached = upgrades.length;
  for (const authorization of ["", "Bearer a.b.c"]) {
    await next(connect({ authorization }), "error");
  }
  assert.equal(upgrades.length, reached);
});

test(
  "the answer begins while the request's body goes on: nothing is buffered on the way there",
  waits,
  async () => {
    answer = (request, response) => {
      response.writeHead(200, { "content-type": "text/plain" });
      request.on("data", (chunk: Buffer) => response.write(`got ${chunk}\n`));
      request.on("end", () => response.end("end\n"));
    };
    const { hostname, port } = new URL(gate.origin);
    const request = httpRequest({ hostname, port, path: "/notes", method: "POST", headers: credentials() });
    request.write("first");
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      request.once("response", resolve).once("error", reject);
    });
    const pieces = response.setEncoding("utf8")[Symbol.asyncIterator]();
    assert.equal((await pieces.next()).value, "got first\n");
    request.write("second");
    assert.equal((await pieces.next()).value, "got second\n");
    request.end();
    assert.equal((await pieces.next()).value, "end\n");
  },
);

test(
  "an answer without an end arrives piece by piece, and the limit is over once it has begun",
  waits,
  async () => {
    const said: ((event: string) => void)[] = [];
    answer = (request, response) => {
      // This one never answers; it only shows that the limit has passed.
      if (request.url === "/data") return;
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.flushHeaders();
      said.push((event) => response.write(`data: ${event}\n\n`));
    };
    const stop = new AbortController();
    const response = await fetch(`${gate.origin}/notes`, { headers: credentials(), signal: stop.signal });
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    said[0]?.("1");
    assert.deepEqual(await reader?.read(), { done: false, value: "data: 1\n\n" });
    const late = await fetch(`${gate.origin}/data`, { headers: credentials() });
    assert.deepEqual([late.status, (await problemOf(late)).code], [504, "upstream_timeout"]);
    said[0]?.("2");
    assert.deepEqual(await reader?.read(), { done: false, value: "data: 2\n\n" });
    stop.abort();
  },
);

test("headers that the policy drops stay here, however they are spelled", async () => {
  let received: IncomingMessage["headers"] = {};
  answer = (request, response) => {
    received = request.headers;
    response.end();
  };
  const headers = { ...credentials(), "x-internal-trace": "1", "X-INTERNAL_TRACE": "2", "x-kept": "3" };
  assert.equal((await fetch(`${gate.origin}/notes`, { headers })).status, 200);
  const names = Object.keys(received).filter((name) => /internal/i.test(name));
  assert.deepEqual([names, received["x-kept"]], [[], "3"]);
});
