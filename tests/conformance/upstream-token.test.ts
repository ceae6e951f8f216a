/** RFC 6749 section 4.4 and RFC 8693 at the real authorization server: the token that the origin gets in place of the client's. */
import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import type { ServerResponse } from "node:http";
import { after, afterEach, before, beforeEach, test } from "node:test";
import { createRemoteJWKSet, jwtVerify } from "jose";
import { errors, Provider } from "oidc-provider";
import { type LoopbackServer, openServer, reservePort } from "../../examples/demo/loopback-server.ts";
import { API_AUDIENCE } from "../../examples/demo/resources.ts";
import { startWorker, type Worker } from "../../examples/demo/worker-process.ts";
import type { TokenRequestPolicy } from "../../js/policy.ts";
import { bearer, plainPolicyFor, problemOf } from "./gate.ts";
import { type FaultyIssuer, startIssuer } from "./issuer.ts";
import { type Origin, startOrigin } from "./origin.ts";

const EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange";
const ACCESS_TOKEN = "urn:ietf:params:oauth:token-type:access_token";
const ORIGIN = "https://orders.example";
const SECRET = "s3cret: +/&=%";
/** Of the core: `FETCH_BACKOFF_SECONDS`, `UPSTREAM_TOKEN_MARGIN_SECONDS`, `UPSTREAM_TOKEN_REPLACEMENT_SECONDS`. */
const [BACK_OFF, MARGIN, REPLACEMENT] = [5, 10, 10];
/** How long the server's tokens live, in seconds. */
const LIFE = 300;
const AT_ONCE = 20;

const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
const named = { alg: "ES256", kid: "gate", use: "sig" };

let server: LoopbackServer;
let provider: Provider;
let issuer: FaultyIssuer;
let origin: Origin;
let gate: Worker;
/** How often the token endpoint was asked. */
let questions = 0;
/** What it does in place of an answer. */
let fault: ((response: ServerResponse) => void) | undefined;

before(async () => {
  [server, issuer, origin] = await Promise.all([
    openServer("authorization server", 0),
    startIssuer(),
    startOrigin(),
  ]);
  const silent = { redirect_uris: [], response_types: [] };
  provider = new Provider(server.origin, {
    cookies: { keys: ["only for this test"] },
    clients: [
      {
        ...{ ...silent, client_id: "gate:1", client_secret: SECRET },
        grant_types: ["client_credentials", EXCHANGE],
        token_endpoint_auth_method: "client_secret_basic",
      },
      {
        ...{ ...silent, client_id: "gate-with-key", grant_types: ["client_credentials"] },
        token_endpoint_auth_method: "private_key_jwt",
        token_endpoint_auth_signing_alg: "ES256",
        jwks: { keys: [{ ...publicKey.export({ format: "jwk" }), ...named, kty: "EC" }] },
      },
    ],
    clientAuthMethods: ["client_secret_basic", "private_key_jwt"],
    ttl: { ClientCredentials: LIFE },
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      resourceIndicators: {
        enabled: true,
        getResourceServerInfo: (_ctx, resource) => {
          if (resource !== ORIGIN) throw new errors.InvalidTarget();
          return { scope: "orders:read", audience: ORIGIN, accessTokenFormat: "opaque" };
        },
      },
    },
  });
  const keys = createRemoteJWKSet(new URL(`${issuer.issuer}/jwks`));
  const parameters = ["subject_token", "subject_token_type", "requested_token_type", "audience", "scope"];
  provider.registerGrantType<Record<string, string>>(
    EXCHANGE,
    async (ctx) => {
      const { client, params } = ctx.oidc;
      if (params.subject_token_type !== ACCESS_TOKEN) throw new errors.InvalidRequest("subject_token_type");
      if (params.audience !== "orders") throw new errors.InvalidTarget();
      const subject = await jwtVerify(params.subject_token ?? "", keys, {
        issuer: issuer.issuer,
        audience: API_AUDIENCE,
      });
      if (subject.payload.sub === "gone") throw new errors.InvalidGrant("the session has ended");
      const token = new provider.ClientCredentials({ client, scope: `for:${subject.payload.sub}` });
      ctx.body = {
        ...{ access_token: await token.save(), issued_token_type: ACCESS_TOKEN, token_type: "Bearer" },
        expires_in: token.expiration,
      };
    },
    parameters,
  );
  const protocol = provider.callback();
  server.serve(async (request, response) => {
    if (request.url === "/token") {
      questions += 1;
      if (fault !== undefined) return fault(response);
    }
    await protocol(request, response);
  });
});
beforeEach(() => {
  [questions, fault] = [0, undefined];
  origin.received.length = 0;
});
afterEach(() => gate?.stop());
after(() => Promise.all([server?.close(), issuer?.close(), origin?.close()]));

async function start(changes: Partial<TokenRequestPolicy> = {}, secret = SECRET): Promise<void> {
  const policy = plainPolicyFor(issuer.issuer, origin.origin);
  policy.issuers.push({ issuer: server.origin, audience: API_AUDIENCE });
  const token: TokenRequestPolicy = {
    grant_type: "client_credentials",
    issuer: server.origin,
    client_id: "gate:1",
    ...(changes.private_key_binding === undefined ? { client_secret_binding: "TOKEN_SECRET" } : {}),
    ...changes,
  };
  gate = await startWorker({
    port: await reservePort("worker", 0),
    config: "tests/conformance/clock-worker/wrangler.toml",
    variables: {
      POLICY: JSON.stringify({ ...policy, upstream: { origin: origin.origin, token } }),
      [token.private_key_binding ?? "TOKEN_SECRET"]: secret,
    },
  });
  // Whoever waited for the Worker has asked, too.
  origin.received.length = 0;
}

const own = { scope: "orders:read", resource: ORIGIN };
const exchange = { grant_type: EXCHANGE, audience: "orders" } as const;
const down = (response: ServerResponse) => {
  response.destroy();
};
/** A client's token that outlives the clock's steps here. */
const client = (sub = "ada") => issuer.token({ sub, exp: Math.floor(Date.now() / 1000) + 100_000 });
const ask = (token = client()) => fetch(`${gate.origin}/data`, bearer(token));
const atOnce = (token = client()) => Promise.all(Array.from({ length: AT_ONCE }, () => ask(token)));
const setForward = (seconds: number) => fetch(`${gate.origin}/test/clock?seconds=${seconds}`);
const statuses = (responses: Response[]) => [...new Set(responses.map(({ status }) => status))];

/** The tokens that reached the origin, each once; what it got otherwise is shown. */
const received = () =>
  [...new Set(origin.received.map(({ headers }) => headers.authorization ?? "none"))].map((value) =>
    value.replace(/^Bearer /, ""),
  );

/** What the server itself knows of a token. */
const known = (token: string | undefined) => provider.ClientCredentials.find(token ?? "");

test("RFC 6749 4.4: twenty cold requests cost one question, and the origin gets a token that the server knows", async () => {
  await start(own);
  assert.deepEqual(statuses(await atOnce()), [200]);
  assert.deepEqual(statuses(await atOnce(client("grace"))), [200]);
  assert.equal(questions, 1);
  assert.equal(received().length, 1);
  const token = await known(received()[0]);
  assert.equal(token?.clientId, "gate:1");
  assert.equal(token?.scope, "orders:read");
  assert.equal(token?.aud, ORIGIN);
  assert.ok(origin.received.every(({ headers }) => headers["edgeward-sub"]));
});

test("RFC 7523 3: the gate says who it is by an assertion that its key has signed", async () => {
  const key = JSON.stringify({ ...privateKey.export({ format: "jwk" }), ...named });
  const method = { client_id: "gate-with-key", token_endpoint_auth_method: "private_key_jwt" } as const;
  await start({ ...own, ...method, private_key_binding: "TOKEN_KEY" }, key);
  assert.equal((await ask()).status, 200);
  assert.equal((await known(received()[0]))?.clientId, "gate-with-key");
});

test("a request that is refused costs no question; on a public route nothing is sent", async () => {
  await start(own);
  const refused = ["forged", issuer.token({ scope: "other" }), issuer.token({ exp: 1 })];
  for (const token of refused) assert.ok((await ask(token)).status >= 400);
  assert.equal((await fetch(`${gate.origin}/health`, bearer(client()))).status, 200);
  assert.equal(questions, 0);
  assert.deepEqual(received(), ["none"]);
});

test("RFC 9110 10.2.3: the server is down and nothing is there: 503 with Retry-After, one question in a back-off", async () => {
  await start(own);
  fault = down;
  for (const back_off of [BACK_OFF, 2 * BACK_OFF]) {
    const responses = await atOnce();
    assert.deepEqual(statuses(responses), [503]);
    for (const response of responses) {
      const seconds = Number(response.headers.get("retry-after"));
      assert.ok(seconds >= 1 && seconds <= back_off, `${seconds}`);
      assert.equal((await problemOf(response)).code, "upstream_token_unavailable");
    }
    assert.equal(questions, 1);
    questions = 0;
    await setForward(back_off);
  }
  fault = undefined;
  assert.deepEqual(statuses(await atOnce()), [200]);
  assert.equal(questions, 1);
});

test("RFC 6749 5.2: a gate that is refused tells its log alone why; its secret is nowhere", async () => {
  await start(own, "wrong");
  const response = await ask();
  assert.equal(response.status, 503);
  const { code, detail } = await problemOf(response);
  assert.equal(code, "upstream_token_refused");
  assert.match(String(detail), /invalid_client/);
  assert.equal(origin.received.length, 0);
});

test("the token is asked for anew ahead of its end, beside the requests, and serves to its end while the server is down", async () => {
  await start(own);
  const outlasting = client();
  assert.equal((await ask(outlasting)).status, 200);
  await setForward(LIFE - MARGIN - 30);
  fault = down;
  assert.deepEqual(statuses(await atOnce(outlasting)), [200], "it serves");
  assert.equal(received().length, 1);
  while (questions < 2) await ask(outlasting);
  fault = undefined;
  await setForward(BACK_OFF);
  // Nobody waits for the next one, so it is sent a little later.
  while (received().length < 2) assert.equal((await ask(outlasting)).status, 200);
  assert.equal(questions, 3);
  assert.ok((await known(received()[1]))?.isValid);
});

test("a token that has ended is not sent, and without another nothing passes", async () => {
  await start(own);
  assert.equal((await ask()).status, 200);
  await setForward(LIFE - MARGIN);
  fault = down;
  assert.deepEqual(statuses(await atOnce()), [503]);
  assert.equal(questions, 2);
  assert.equal(origin.received.length, 1);
});

test("RFC 9110 11.6.1: the origin's 401 has the token replaced, once in a while; its challenge stays here", async () => {
  await start(own);
  const good = origin.answer;
  try {
    origin.answer = (_request, response) => {
      response
        .writeHead(401, { "www-authenticate": 'Bearer error="invalid_token"', "x-of": "origin" })
        .end("{}");
    };
    const responses = await atOnce();
    assert.deepEqual(statuses(responses), [401]);
    for (const response of responses) {
      assert.equal(response.headers.get("www-authenticate"), null);
      assert.equal(response.headers.get("x-of"), "origin");
    }
    assert.equal(questions, 1, "however often the origin says so");
    await setForward(REPLACEMENT);
    assert.deepEqual(statuses(await atOnce()), [401]);
    assert.equal(questions, 2);
    origin.answer = good;
    await setForward(REPLACEMENT);
    assert.deepEqual(statuses(await atOnce()), [200]);
    assert.equal(received().length, 3);
  } finally {
    origin.answer = good;
  }
});

test("RFC 8693 2: each client's token is exchanged once, for one that the origin gets with that client's requests alone", async () => {
  await start(exchange);
  const [ada, grace] = [client("ada"), client("grace")];
  for (const [token, sub] of [
    [ada, "ada"],
    [grace, "grace"],
  ] as const) {
    origin.received.length = 0;
    assert.deepEqual(statuses(await atOnce(token)), [200]);
    assert.equal(received().length, 1);
    assert.equal((await known(received()[0]))?.scope, `for:${sub}`);
  }
  assert.equal(questions, 2);
});

test("RFC 8693 2.2.2: what the server says of the client's token reaches the caller, and stands for some seconds", async () => {
  await start(exchange);
  const gone = client("gone");
  const responses = [...(await atOnce(gone)), await ask(gone)];
  assert.deepEqual(statuses(responses), [401]);
  for (const response of responses) {
    assert.match(response.headers.get("www-authenticate") ?? "", /error="invalid_token"/);
    assert.equal((await problemOf(response)).code, "subject_token_invalid");
  }
  assert.equal(questions, 1);
  assert.equal((await ask()).status, 200);
  await gate.stop();
  await start({ ...exchange, audience: "elsewhere" });
  const response = await ask();
  assert.equal(response.status, 403);
  assert.equal(response.headers.get("www-authenticate"), null);
  const { code, detail } = await problemOf(response);
  assert.equal(code, "subject_token_refused");
  assert.match(String(detail), /invalid_target/);
  assert.equal(origin.received.length, 0);
});

test("RFC 8693: the server is down: 503, and who has a token goes on", async () => {
  await start(exchange);
  const [ada, grace] = [client("ada"), client("grace")];
  assert.equal((await ask(ada)).status, 200);
  fault = down;
  assert.deepEqual(statuses(await atOnce(ada)), [200]);
  assert.deepEqual(statuses(await atOnce(grace)), [503]);
  assert.equal(questions, 2);
});

test("attack 35: no token and no secret is in a log line or a decision", async () => {
  await start(exchange);
  await ask();
  fault = down;
  await ask(client("grace"));
  const decisions = await (await fetch(`${gate.origin}/test/decisions`)).text();
  for (const text of [decisions, gate.output()]) {
    for (const secret of [...received(), SECRET]) assert.ok(!text.includes(secret));
    assert.doesNotMatch(text, /eyJ/);
  }
});
