/**
 * A trap inside the machine's module: what it happened in fails with a typed error, and every client of the instance has a token again with its next call,
 * asked for anew at the real authorization server. Each trap here is a real one.
 */
import assert from "node:assert/strict";
import { EventEmitter, once } from "node:events";
import { after, before, beforeEach, test } from "node:test";
import { API_AUDIENCE } from "../../examples/demo/resources.ts";
import { createGate } from "../../js/gate-node.ts";
import {
  createMachineClient,
  EdgewardError,
  type MachineConfig,
  type MachineOptions,
} from "../../js/machine-node.ts";
import { initSync as machineScript } from "../../js/wasm/generated/machine.js";
import { instance } from "../../js/wasm/machine-node.ts";
import { plainPolicyFor } from "../conformance/gate.ts";
import { type Origin, startOrigin } from "../conformance/origin.ts";
import { type MachineServer, SECRET, startMachineServer } from "./machine-server.ts";
import { exhaust, nothing } from "./trap.ts";

const API = "https://api.example";
const REFUSED = { status: 401, headers: { "www-authenticate": 'Bearer error="invalid_token"' } };

let server: MachineServer;
let origin: Origin;
before(async () => {
  [server, origin] = await Promise.all([startMachineServer(), startOrigin()]);
});
beforeEach(() => server.reset());
after(() => Promise.all([server?.close(), origin?.close()]));

const failed = { name: "EdgewardError", code: "internal_error" };
const trap = () => exhaust(machineScript(nothing));

/** A platform on which the API is this function, and everything else the network. */
const platform = (api: (request: Request) => Response | Promise<Response>): MachineOptions => ({
  fetch: async (input, init) => {
    const request = new Request(input, init);
    return new URL(request.url).origin === API ? await api(request) : await fetch(request);
  },
});

function machine(changes: Partial<MachineConfig> = {}, options: MachineOptions = {}) {
  const config: MachineConfig = {
    ...{ issuer: server.issuer, client_id: "with-client_secret_basic", client_secret: SECRET },
    ...{ scope: "data:read", resource: API_AUDIENCE, api_origins: [API], allow_insecure_loopback: true },
    ...changes,
  };
  return createMachineClient(config, options);
}

test("what it traps in fails without a secret in it, and every client of the instance asks for its token again", async () => {
  const [client, other] = [machine(), machine()];
  const tokens = [await client.token(), await other.token()];
  const { generation } = instance;
  trap();
  const error = await client.token().catch((thrown: unknown) => thrown);
  assert.ok(error instanceof EdgewardError);
  assert.equal(error.code, "internal_error");
  for (const secret of [SECRET, tokens[0]?.access_token ?? ""]) assert.ok(!String(error).includes(secret));
  assert.equal(instance.generation, generation + 1);
  for (const [place, each] of [client, other].entries()) {
    const { access_token } = await each.token();
    assert.notEqual(access_token, tokens[place]?.access_token);
    assert.equal((await each.token()).access_token, access_token, "it is kept again");
  }
  assert.deepEqual(server.asked, { token: 4, metadata: 4 });
});

test("who asked and who waited are told, and the server is asked again by the next", async () => {
  let traps = true;
  const client = machine(
    {},
    {
      fetch: async (input, init) => {
        const response = await fetch(input, init);
        if (traps && init?.method === "POST") {
          traps = false;
          // Its text is taken first: what is awaited from here on gives nothing back.
          const text = await response.text();
          trap();
          return new Response(text, response);
        }
        return response;
      },
    },
  );
  const { generation } = instance;
  await Promise.all([client.token(), client.token()].map((asking) => assert.rejects(asking, failed)));
  assert.equal(instance.generation, generation + 1, "one failure, one fresh instance");
  assert.equal((await client.token()).token_type, "Bearer");
  assert.equal(server.asked.token, 2);
});

for (const dpop of [false, true]) {
  test(`RFC 9449: \`fetch\` fails and recovers, and the gate takes its next request${dpop ? ", by another key" : ""}`, async () => {
    const gate = createGate({
      ...plainPolicyFor(server.issuer, origin.origin),
      dpop: { replay: "memory", origin: API },
    });
    const keys = new Set<string>();
    const client = machine(
      { dpop },
      platform((request) => {
        const [header = ""] = (request.headers.get("dpop") ?? "").split(".");
        keys.add(Buffer.from(header, "base64url").toString());
        return gate.fetch(request);
      }),
    );
    assert.equal((await client.fetch(`${API}/data`)).status, 200);
    trap();
    await assert.rejects(client.fetch(`${API}/data`), failed);
    assert.equal((await client.fetch(`${API}/data`)).status, 200);
    assert.equal(keys.size, dpop ? 2 : 1);
  });
}

test("an answer that the API has given arrives, though the module fails at it: nothing is done twice", async () => {
  let sent = 0;
  const client = machine(
    {},
    platform(async (request) => {
      sent += 1;
      if ((await request.text()) === "trap") trap();
      return new Response("done", { status: 201, headers: { "dpop-nonce": "for the core to read" } });
    }),
  );
  const post = (body: string) => client.fetch(`${API}/notes`, { method: "POST", body });
  assert.equal((await post("a note")).status, 201);
  const { generation } = instance;
  const answer = await post("trap");
  assert.deepEqual([answer.status, await answer.text(), sent], [201, "done", 2]);
  assert.equal(instance.generation, generation + 1);
  assert.equal((await post("a note")).status, 201);
  assert.equal(server.asked.token, 2);
});

test("a refusal of a token that is gone is not held against the one that has its number now", async () => {
  let ahead = 0;
  const waiting: ((answer: Response) => void)[] = [];
  const reached = new EventEmitter();
  const api = () =>
    new Promise<Response>((resolve) => {
      waiting.push(resolve);
      reached.emit("request");
    });
  const client = machine({}, { ...platform(api), now: () => Date.now() + ahead });
  await client.token();
  const isReached = once(reached, "request");
  const asking = client.fetch(`${API}/data`);
  await isReached;
  trap();
  assert.throws(() => machine(), failed, "the configuration alone needs more");
  const { access_token } = await client.token();
  ahead = 60_000;
  waiting.shift()?.(new Response("no", REFUSED));
  assert.equal((await asking).status, 401);
  assert.equal((await client.token()).access_token, access_token);
});

test("where there is no room for a fresh instance nobody gets a token, until there is", async () => {
  const client = machine();
  await client.token();
  const { Instance } = WebAssembly;
  trap();
  WebAssembly.Instance = class {
    constructor() {
      throw new RangeError("no room");
    }
  } as unknown as typeof Instance;
  try {
    for (let call = 0; call < 3; call += 1) await assert.rejects(client.token(), failed);
    assert.throws(() => machine(), failed);
  } finally {
    WebAssembly.Instance = Instance;
  }
  assert.equal((await client.token()).token_type, "Bearer");
});

test("an API that can't be reached is no failure of the module: the platform's error comes through, and the token stays", async () => {
  const unreachable = new TypeError("unreachable");
  const client = machine(
    {},
    platform(() => Promise.reject(unreachable)),
  );
  const { access_token } = await client.token();
  const { generation } = instance;
  await assert.rejects(client.fetch(`${API}/data`), (thrown) => thrown === unreachable);
  assert.equal(instance.generation, generation);
  assert.equal((await client.token()).access_token, access_token);
});
