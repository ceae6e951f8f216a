/** Tokens of a machine's own at the real authorization server, and requests with them through the real gate. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { after, before, beforeEach, test } from "node:test";
import { fileURLToPath } from "node:url";
import { openServer } from "../../examples/demo/loopback-server.ts";
import { API_AUDIENCE } from "../../examples/demo/resources.ts";
import { createGate, type Gate, type Policy } from "../../js/gate-node.ts";
import {
  createMachineClient,
  EdgewardError,
  type MachineConfig,
  type MachineOptions,
} from "../../js/machine-node.ts";
import { outcomeOf } from "../child-process.ts";
import { plainPolicyFor } from "../conformance/gate.ts";
import { type Origin, startOrigin } from "../conformance/origin.ts";
import { type Fault, LIFE, type MachineServer, SECRET, startMachineServer } from "./machine-server.ts";

const API = "https://api.example";
const AT_ONCE = 20;
/** Of the core: `FETCH_BACKOFF_SECONDS`, `UPSTREAM_TOKEN_REPLACEMENT_SECONDS`. */
const [BACK_OFF, REPLACEMENT] = [5, 10];

let server: MachineServer;
let origin: Origin;
/** The API's answers in their order: what the gate was sent, and how it answered. */
const answers: { request: Request; status: number }[] = [];
/** By how many seconds the machine's clock is ahead. */
let ahead = 0;

before(async () => {
  [server, origin] = await Promise.all([startMachineServer(), startOrigin()]);
});
beforeEach(() => {
  server.reset();
  origin.received.length = 0;
  answers.length = 0;
  ahead = 0;
});
after(() => Promise.all([server?.close(), origin?.close()]));

/** The gate at the API's place. */
const gateWith = (changes: Partial<Policy> = {}, secrets: Record<string, string> = {}): Gate =>
  createGate({ ...plainPolicyFor(server.issuer, origin.origin), ...changes }, { secrets });

/** A platform on which the API is a gate, or whatever answers there, and everything else the network. */
function platform(api: (request: Request) => Response | Promise<Response>): MachineOptions {
  return {
    now: () => Date.now() + ahead * 1_000,
    fetch: async (input, init) => {
      const request = new Request(input, init);
      if (new URL(request.url).origin !== API) return await fetch(request);
      const response = await api(request);
      answers.push({ request, status: response.status });
      return response;
    },
  };
}

function machine(
  changes: Partial<MachineConfig> = {},
  options: MachineOptions = platform(() => new Response()),
) {
  const config: MachineConfig = {
    ...{ issuer: server.issuer, client_id: "with-client_secret_basic", client_secret: SECRET },
    ...{ scope: "data:read", resource: API_AUDIENCE, api_origins: [API], allow_insecure_loopback: true },
    ...changes,
  };
  return createMachineClient(config, options);
}

async function refusal(asking: Promise<unknown>): Promise<EdgewardError> {
  const error = await asking.then(
    () => assert.fail("a token came"),
    (error: unknown) => error,
  );
  assert.ok(error instanceof EdgewardError, String(error));
  assert.ok(!`${error.message} ${error.error_description}`.includes("s3cret"));
  return error;
}

test("RFC 6749 4.4: many callers at once cost one question, and each has a token that the gate takes", async () => {
  const client = machine({}, platform(gateWith().fetch));
  const tokens = await Promise.all(Array.from({ length: AT_ONCE }, () => client.token()));
  assert.equal(new Set(tokens.map(({ access_token }) => access_token)).size, 1);
  assert.deepEqual(server.asked, { token: 1, metadata: 1 });
  assert.equal(tokens[0]?.token_type, "Bearer");
  const left = (tokens[0]?.expires_at ?? 0) - Date.now() / 1000;
  assert.ok(left > LIFE - 30 && left <= LIFE, `${left} s`);
  const response = await client.fetch(`${API}/data`, { headers: { "x-a": "1" } });
  assert.deepEqual([response.status, await response.json()], [200, { ok: true }]);
  assert.equal(origin.received.at(-1)?.headers["edgeward-sub"], "with-client_secret_basic");
  assert.equal(origin.received.at(-1)?.headers["x-a"], "1");
  assert.equal(server.asked.token, 1);
});

const ways: Record<string, () => Partial<MachineConfig>> = {
  client_secret_post: () => ({
    client_id: "with-client_secret_post",
    token_endpoint_auth_method: "client_secret_post",
  }),
  "the token endpoint's URL alone": () => ({
    issuer: undefined,
    token_endpoint: `${server.issuer}/token`,
  }),
  "private_key_jwt, ES256": () => ({
    ...{ client_id: "with-key-ES256", client_secret: undefined, private_key: server.keyOf("ES256") },
  }),
  "private_key_jwt, PS256": () => ({
    ...{ client_id: "with-key-PS256", client_secret: undefined, private_key: server.keyOf("PS256") },
  }),
};
for (const [name, changes] of Object.entries(ways)) {
  test(`RFC 6749 2.3.1, RFC 7523 3: who asks says so by ${name}, each time anew`, async () => {
    const client = machine(changes() as Partial<MachineConfig>, platform(gateWith().fetch));
    assert.equal((await client.fetch(`${API}/data`)).status, 200);
    ahead = LIFE;
    await client.token();
    assert.equal(server.asked.token, 2, "the server refuses a `jti` that it has seen");
  });
}

test("RFC 9449 5, 7 and 8: a bound token, with the nonces of server and API, each asked for once", async () => {
  const dpop = { replay: "memory", origin: API, nonce_secret_binding: "NONCES" } as const;
  const gate = gateWith({ dpop }, { NONCES: "a secret of 32 bytes, or of more" });
  const client = machine({ dpop: true }, platform(gate.fetch));
  const tokens = await Promise.all(Array.from({ length: AT_ONCE }, () => client.token()));
  assert.deepEqual(new Set(tokens.map(({ token_type }) => token_type)), new Set(["DPoP"]));
  assert.equal(server.asked.token, 2, "the server's nonce, and the token");
  for (const path of ["/data", "/data?a=1#b"])
    assert.equal((await client.fetch(`${API}${path}`)).status, 200);
  assert.deepEqual(
    answers.map(({ status }) => status),
    [401, 200, 200],
  );
  assert.match(answers.at(-1)?.request.headers.get("authorization") ?? "", /^DPoP /);
  const stolen = { headers: { authorization: `Bearer ${tokens[0]?.access_token}` } };
  assert.equal(
    (await gate.fetch(new Request(`${API}/data`, stolen))).status,
    401,
    "as a bearer token it is of no use",
  );
});

test("a token is renewed ahead of its end by one caller, and the others go on with it", async () => {
  const client = machine();
  const first = await client.token();
  ahead = LIFE - 60;
  const tokens = await Promise.all(Array.from({ length: AT_ONCE }, () => client.token()));
  assert.equal(server.asked.token, 2);
  const other = tokens.filter(({ access_token }) => access_token !== first.access_token);
  assert.equal(other.length, 1, "the one who asked");
  assert.equal((await client.token()).access_token, other[0]?.access_token);
  server.fault = (_, response) => void response.writeHead(500).end();
  ahead += LIFE - 60;
  assert.equal((await client.token()).access_token, other[0]?.access_token, "what still serves is given");
});

const faults: Record<string, [Fault, string, string | undefined]> = {
  "hangs up": [(request) => void request.socket.destroy(), "authorization_server_unavailable", undefined],
  "says 500": [
    (_, response) => void response.writeHead(500).end("oops"),
    "authorization_server_unavailable",
    undefined,
  ],
  "sends elsewhere": [
    (_, response) => void response.writeHead(307, { location: "/elsewhere" }).end(),
    "authorization_server_unavailable",
    undefined,
  ],
  "sends a page": [
    (_, response) => void response.writeHead(200).end("<!doctype html>"),
    "token_response_invalid",
    undefined,
  ],
  "sends a token that ends a header": [
    (_, response) => void response.end(JSON.stringify({ access_token: "a\r\nb", token_type: "Bearer" })),
    "token_response_invalid",
    undefined,
  ],
  "says the secret": [
    (_, response) =>
      void response.writeHead(400).end(JSON.stringify({ error: SECRET, error_description: SECRET })),
    "token_request_refused",
    "another error",
  ],
};
for (const [name, [fault, code, said]] of Object.entries(faults)) {
  test(`RFC 6749 5.2: a server that ${name} is left alone for a while, and everybody is told why`, async () => {
    const client = machine();
    server.fault = fault;
    const callers = Array.from({ length: AT_ONCE }, async () => {
      const error = await refusal(client.token());
      assert.deepEqual([error.code, error.error], [code, said]);
    });
    await Promise.all(callers);
    assert.equal(server.asked.token, 1);
    server.fault = undefined;
    ahead = BACK_OFF + 1;
    assert.equal((await client.token()).token_type, "Bearer");
  });
}

test("a server that does not answer is waited for no longer than the bound; others are not held up by it twice", async () => {
  const client = machine();
  server.fault = () => undefined;
  const callers = [client.token(), client.token()];
  for (const asking of callers)
    assert.equal((await refusal(asking)).code, "authorization_server_unavailable");
  assert.equal(server.asked.token, 1);
});

test("RFC 6749 5.2, RFC 7523 3: a wrong secret, another's key, a key that can't sign", async () => {
  const wrong = await refusal(machine({ client_secret: "s3cret of another" }).token());
  assert.deepEqual([wrong.code, wrong.error], ["token_request_refused", "invalid_client"]);
  const withKey = (private_key: MachineConfig["private_key"]) =>
    machine({
      client_id: "with-key-ES256",
      ...{ client_secret: undefined, private_key },
    } as Partial<MachineConfig>);
  const stranger = { ...server.keyOf("PS256"), kid: "machine-ES256" };
  const refused = await refusal(withKey(stranger).token());
  assert.equal(refused.code, "token_request_refused");
  const unusable = { ...server.keyOf("ES256"), d: "AAAA" };
  assert.equal((await refusal(withKey(unusable).token())).code, "key_unusable");
});

test("RFC 8414 3.3: metadata of another issuer is none, and nothing is sent where it says", async () => {
  const other = await openServer("other", 0);
  const reached: (string | undefined)[] = [];
  other.serve((request, response) => {
    reached.push(request.url);
    const document = { issuer: server.issuer, token_endpoint: `${other.origin}/token` };
    response.end(JSON.stringify(document));
  });
  try {
    const error = await refusal(machine({ issuer: other.origin }).token());
    assert.deepEqual([error.code, error.subject], ["metadata_invalid", "issuer"]);
    assert.ok(!reached.includes("/token"));
  } finally {
    await other.close();
  }
});

test("RFC 6750 5.2: the token goes to no other origin, and along no redirect", async () => {
  const [api, elsewhere] = await Promise.all([openServer("api", 0), openServer("elsewhere", 0)]);
  const sent: (string | undefined)[] = [];
  api.serve((_, response) => void response.writeHead(307, { location: `${elsewhere.origin}/` }).end());
  elsewhere.serve((request, response) => {
    sent.push(request.headers.authorization);
    response.end();
  });
  try {
    const client = machine({ api_origins: [api.origin] }, {});
    assert.equal((await client.fetch(`${api.origin}/data`)).status, 307);
    assert.deepEqual(sent, []);
    await client.fetch(`${elsewhere.origin}/`);
    assert.deepEqual(sent, [undefined]);
  } finally {
    await Promise.all([api.close(), elsewhere.close()]);
  }
});

test("RFC 9449 9: an API that demands another nonce each time gets the request twice", async () => {
  const demand = () => ({
    "www-authenticate": 'DPoP error="use_dpop_nonce"',
    "dpop-nonce": `n-${answers.length}`,
  });
  const client = machine(
    { dpop: true },
    platform(() => new Response("no", { status: 401, headers: demand() })),
  );
  assert.equal((await client.fetch(`${API}/data`)).status, 401);
  assert.equal(answers.length, 2);
});

test("RFC 6750 3.1: a token that the API refuses is replaced, once, and a request with it is sent again", async () => {
  const refused = new Set<string | null>();
  const api = (request: Request) => {
    const authorization = request.headers.get("authorization");
    const headers = { "www-authenticate": 'Bearer error="invalid_token"' };
    return refused.has(authorization) ? new Response("no", { status: 401, headers }) : new Response("yes");
  };
  /** A client whose token has come to that age, and is then refused. */
  const withRefused = async (age: number) => {
    const client = machine({}, platform(api));
    const { access_token } = await client.token();
    refused.add(`Bearer ${access_token}`);
    ahead += age;
    [answers.length, server.asked.token] = [0, 0];
    return client;
  };
  const post = { method: "POST", body: "a note" };
  const client = await withRefused(REPLACEMENT);
  assert.equal(await (await client.fetch(`${API}/notes`, post)).text(), "yes");
  assert.deepEqual([answers.map(({ status }) => status), server.asked.token], [[401, 200], 1]);
  assert.equal(await answers.at(-1)?.request.text(), "a note");
  const early = await (await withRefused(REPLACEMENT - 1)).fetch(`${API}/notes`, post);
  assert.deepEqual([early.status, await early.text(), server.asked.token], [401, "no", 0], "only just there");
  const body = new Blob(["a note"]).stream();
  const streamed = { ...post, body, duplex: "half" } as RequestInit;
  const once = await (await withRefused(REPLACEMENT)).fetch(new Request(`${API}/notes`, streamed));
  assert.deepEqual([once.status, answers.length], [401, 1], "a stream can't be sent again");
});

test("RFC 6750 3.1: an API that refuses every token gets the request twice at most, and its answer comes back", async () => {
  const headers = { "www-authenticate": 'Bearer error="invalid_token"' };
  const client = machine(
    {},
    platform(() => new Response("no", { status: 401, headers })),
  );
  await client.token();
  ahead = REPLACEMENT;
  assert.equal(await (await client.fetch(`${API}/data`)).text(), "no");
  assert.equal(answers.length, 2);
  server.fault = (_, response) => void response.writeHead(500).end();
  ahead += REPLACEMENT;
  assert.equal((await client.fetch(`${API}/data`)).status, 401, "also where there is no other token");
});

test("the example of the README runs", async () => {
  const api = await openServer("api", 0);
  api.serve((request, response) => void response.end(request.headers.authorization?.split(" ")[0]));
  const example = fileURLToPath(new URL("../../examples/machine.ts", import.meta.url));
  const env = {
    ...{ ISSUER: server.issuer, CLIENT_ID: "with-client_secret_basic", CLIENT_SECRET: SECRET },
    ...{ ...process.env, API: `${api.origin}/data` },
  };
  const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", example], { env });
  try {
    const { status, stdout, stderr } = await outcomeOf(child);
    assert.deepEqual([status, stdout, stderr], [0, "200 DPoP\n", ""]);
  } finally {
    await api.close();
  }
});

test("a configuration with faults is refused with every one of them", () => {
  const config = { client_id: "", client_secret: SECRET, api_origins: ["https://api.example/"] };
  assert.throws(
    () => createMachineClient(config),
    (error: EdgewardError) => {
      const places = error.problems.map(({ path }) => path);
      assert.deepEqual([error.code, places], ["config_invalid", ["issuer", "client_id", "api_origins[0]"]]);
      return !error.message.includes("s3cret");
    },
  );
});
