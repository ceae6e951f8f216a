/** RFC 9449 at the deployable Worker, with bound tokens of the real authorization server. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { ReceivedRequest } from "../../examples/demo/api.ts";
import { createDpopKey, type DpopKey, type ProvenRequest } from "../../examples/demo/dpop.ts";
import { type Stack, startStack } from "../../examples/demo/stack.ts";
import { accessTokenClaims, decodeClaims, signToken } from "../../examples/demo/tokens.ts";
import { boundMachineToken, machineToken } from "../../examples/demo/walkthrough/oauth-client.ts";
import { problemOf } from "./gate.ts";

let stack: Stack;
let url: string;
const key = createDpopKey();
const received: ReceivedRequest[] = [];
before(async () => {
  stack = await startStack({ onApiRequest: (request) => received.push(request) });
  url = `${stack.urls.gate}/data`;
});
after(() => stack?.stop());

const bound = (to: DpopKey = key) =>
  boundMachineToken(stack.urls.authorizationServer, stack.clients.gauge, "data:read", to);
const challengeOf = (response: Response) => response.headers.get("www-authenticate") ?? "";
const send = (headers: Record<string, string>) => fetch(url, { headers });
/** Sends a token with a proof of the key that differs in something. */
const sendWith = (token: string, change: Partial<ProvenRequest>) =>
  send({ authorization: `DPoP ${token}`, dpop: key.proof({ url, token, ...change }) });

async function refusedAs(response: Response, status: number, error: string, code: string): Promise<void> {
  const problem = await problemOf(response);
  assert.deepEqual([response.status, problem.error, problem.code], [status, error, code]);
  assert.ok(challengeOf(response).includes(`error="${error}"`), challengeOf(response));
}

test("RFC 9449 6.1, 7.1: a bound token of the real server passes with a proof, signed by the core's algorithm or the platform's", async () => {
  for (const alg of ["ES256", "RS256"] as const) {
    const own = createDpopKey(alg);
    const token = await bound(own);
    assert.match((decodeClaims(token) as { cnf: { jkt: string } }).cnf.jkt, /^[\w-]{43}$/);
    for (let request = 0; request < 3; request += 1) {
      const response = await send(own.headers({ url, token }));
      assert.equal(response.status, 200, await response.text());
    }
  }
  const { headers } = received.at(-1) as ReceivedRequest;
  assert.deepEqual([headers.dpop, headers.authorization], [undefined, undefined], "they stay at the gate");
  assert.equal(headers["edgeward-client-id"], stack.clients.gauge.client_id);
});

test("RFC 9449 7.2, attack 41: a bound token is no bearer token, and an unbound one can't be sent with DPoP", async () => {
  const token = await bound();
  const asBearer = await send({ authorization: `Bearer ${token}`, dpop: key.proof({ url, token }) });
  assert.match(
    challengeOf(asBearer),
    /^Bearer realm="Tidewater", error="invalid_token".*, DPoP realm="Tidewater", algs="ES256 /,
  );
  await refusedAs(asBearer, 401, "invalid_token", "proof_of_possession_missing");
  const unbound = await machineToken(stack.urls.authorizationServer, stack.clients.gauge, "data:read");
  await refusedAs(await send(key.headers({ url, token: unbound })), 401, "invalid_token", "token_unbound");
  assert.equal((await send({ authorization: `Bearer ${unbound}` })).status, 200);
});

test("RFC 9449 4.3, attack 41: a proof is for one method, URL, token and key, and for a short time", async () => {
  const token = await bound();
  const now = Math.floor(Date.now() / 1000);
  const bad: [code: string, change: Partial<ProvenRequest>][] = [
    ["proof_request_mismatch", { method: "POST" }],
    ["proof_request_mismatch", { url: `${stack.urls.gate}/admin` }],
    ["proof_request_mismatch", { url: "https://other.example/data" }],
    ["proof_token_mismatch", { token: `${token}x` }],
    ["proof_too_old", { changes: { iat: now - 120 } }],
    ["proof_invalid", { changes: { iat: now + 120 } }],
    ["proof_invalid", { changes: { jti: undefined } }],
    ["proof_invalid", { changes: { ath: undefined } }],
    ["proof_invalid", { header: { typ: "jwt" } }],
    ["proof_invalid", { header: { alg: "none" } }],
    ["proof_invalid", { header: { jwk: undefined } }],
  ];
  for (const [code, change] of bad)
    await refusedAs(await sendWith(token, change), 401, "invalid_dpop_proof", code);
  const stolen = await send(createDpopKey().headers({ url, token }));
  assert.match(challengeOf(stolen), /^DPoP realm="Tidewater", error="invalid_token"/);
  await refusedAs(stolen, 401, "invalid_token", "proof_key_mismatch");
  assert.equal((await sendWith(token, {})).status, 200);
});

test("RFC 9449 6, attack 41: a route may take bound tokens alone; the metadata says so where each does", async () => {
  const gate = await stack.startGate((policy) => ({
    ...policy,
    routes: [{ path: "/data", any_of: [{ roles: "nobody" }, { sender_constraint: "dpop" }] }],
    resource_metadata: { resource: "https://api.example" },
  }));
  const only = await stack.startGate((policy) => ({
    ...policy,
    routes: [{ path: "/data", sender_constraint: ["dpop"] }],
    resource_metadata: { resource: "https://api.example" },
  }));
  const unbound = await machineToken(stack.urls.authorizationServer, stack.clients.gauge, "data:read");
  const token = await bound();
  for (const { origin } of [gate, only]) {
    const url = `${origin}/data`;
    assert.equal((await fetch(url, { headers: key.headers({ url, token }) })).status, 200);
    assert.notEqual((await fetch(url, { headers: { authorization: `Bearer ${unbound}` } })).status, 200);
  }
  const refused = await fetch(`${only.origin}/data`, { headers: { authorization: `Bearer ${unbound}` } });
  assert.match(challengeOf(refused), /^Bearer .*error="invalid_token".*, DPoP realm="Tidewater".* algs="/);
  await refusedAs(refused, 401, "invalid_token", "token_not_for_route");
  const required = async (origin: string) => {
    const metadata = await fetch(`${origin}/.well-known/oauth-protected-resource`);
    return ((await metadata.json()) as Record<string, unknown>).dpop_bound_access_tokens_required;
  };
  assert.deepEqual([await required(only.origin), await required(gate.origin)], [true, undefined]);
});

test("RFC 9449 4.3: no proof, two proofs and a private key in one are refused", async () => {
  const token = await bound();
  const authorization = `DPoP ${token}`;
  await refusedAs(await send({ authorization }), 401, "invalid_dpop_proof", "proof_missing");
  const proofs = [key.proof({ url, token }), key.proof({ url, token })];
  const two = await fetch(url, {
    headers: [["authorization", authorization], ...proofs.map((proof): [string, string] => ["dpop", proof])],
  });
  await refusedAs(two, 401, "invalid_dpop_proof", "proof_invalid");
  // Attack 40.
  const jwk = { kty: "EC", crv: "P-256", x: "", y: "", d: "AA" };
  await refusedAs(await sendWith(token, { header: { jwk } }), 401, "invalid_dpop_proof", "proof_invalid");
  const both = await send({
    authorization: `DPoP ${token}, Bearer ${token}`,
    dpop: key.proof({ url, token }),
  });
  assert.equal(both.status, 400);
});

test("RFC 9449 7.1, 7.2: a request without a token is told of both schemes and the algorithms", async () => {
  const response = await fetch(url);
  assert.equal(response.status, 401);
  assert.match(
    challengeOf(response),
    /^Bearer realm="Tidewater", DPoP realm="Tidewater", algs="ES256 ES384 [\w ]+"$/,
  );
});

test("RFC 9449 11.1: a proof is good once", async () => {
  const token = await bound();
  const headers = key.headers({ url, token });
  assert.equal((await send(headers)).status, 200);
  await refusedAs(await send(headers), 401, "invalid_dpop_proof", "proof_replayed");
});

test("RFC 9449 6.2: an opaque token is bound by what introspection says of it", async () => {
  const { authorizationServer } = stack.urls;
  const audit = `${stack.urls.gate}/audit`;
  const token = await boundMachineToken(authorizationServer, stack.clients.auditor, "audit:read", key);
  assert.ok(!token.includes("."), "it is opaque");
  const answers = async (headers: Record<string, string>) => (await fetch(audit, { headers })).status;
  assert.equal(await answers(key.headers({ url: audit, token })), 200);
  assert.equal(await answers(createDpopKey().headers({ url: audit, token })), 401);
  assert.equal(await answers({ authorization: `Bearer ${token}` }), 401);
});

test("a binding that nothing can prove opens nothing", async () => {
  const { authorizationServer } = stack.urls;
  for (const cnf of [
    {},
    { kid: "x" },
    { jkt: "x" },
    { "x5t#S256": "bwcK0esc3ACC3DB2Y5_lESsXE8o9ltc05O89jdN-dg2" },
  ]) {
    const token = signToken(accessTokenClaims(authorizationServer, { cnf }), stack.signingKeys.ES256);
    await refusedAs(await sendWith(token, {}), 401, "invalid_token", "proof_of_possession_missing");
    await refusedAs(
      await send({ authorization: `Bearer ${token}` }),
      401,
      "invalid_token",
      "proof_of_possession_missing",
    );
  }
});

test("without `dpop` in the policy, bound tokens are refused and the scheme is unknown", async () => {
  const plain = await stack.startGate(({ dpop: _, ...policy }) => policy);
  const token = await bound();
  const own = `${plain.origin}/data`;
  const answer = await fetch(own, { headers: key.headers({ url: own, token }) });
  assert.deepEqual([answer.status, challengeOf(answer)], [401, 'Bearer realm="Tidewater"']);
  assert.equal((await fetch(own, { headers: { authorization: `Bearer ${token}` } })).status, 401);
});
