/** RFC 6750 and RFC 9068 at the deployable Worker, with tokens of the real authorization server. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { type Stack, startStack } from "../../examples/demo/stack.ts";
import { accessTokenClaims, signToken, unsignedToken, withClaims } from "../../examples/demo/tokens.ts";
import { machineToken } from "../../examples/demo/walkthrough/oauth-client.ts";
import { bearer, problemOf } from "./gate.ts";

let stack: Stack;
before(async () => {
  // What DPoP adds to the challenges, dpop.test.ts says.
  stack = await startStack({ policy: ({ dpop: _, ...policy }) => policy });
});
after(() => stack?.stop());

const ask = (path: string, init?: RequestInit) => fetch(stack.urls.gate + path, init);
const challengeOf = (response: Response) => response.headers.get("www-authenticate");
const INVALID_TOKEN =
  'Bearer realm="Tidewater", error="invalid_token", error_description="The access token is malformed, revoked, or not one for this API"';

test("RFC 6750 3.1: without credentials, 401 and a challenge that names no error", async () => {
  for (const headers of [undefined, { authorization: "Basic YTpi" }, { authorization: "garbage" }]) {
    const response = await ask("/data", headers && { headers });
    assert.equal(response.status, 401);
    assert.equal(challengeOf(response), 'Bearer realm="Tidewater"');
    assert.equal((await problemOf(response)).error, undefined);
  }
});

test("RFC 6750 3.1: malformed credentials are 400 invalid_request", async () => {
  const malformed: RequestInit[] = [
    { headers: { authorization: "Bearer" } },
    { headers: { authorization: "Bearer a b" } },
    { headers: { authorization: "Bearer a,b" } },
    {
      headers: [
        ["authorization", "Bearer aa.bb.cc"],
        ["authorization", "Bearer dd.ee.ff"],
      ],
    },
    { headers: { authorization: 'Bearer "x"' } },
  ];
  for (const init of malformed) {
    const response = await ask("/data", init);
    assert.equal(response.status, 400, JSON.stringify(init));
    assert.match(challengeOf(response) ?? "", /^Bearer realm="Tidewater", error="invalid_request"/);
    assert.equal((await problemOf(response)).code, "credentials_malformed");
  }
});

test("RFC 9700 4.3.2: a token in the URL is refused, even a good one, and beside a header", async () => {
  const token = await machineToken(stack.urls.authorizationServer, stack.clients.gauge, "data:read");
  for (const init of [{}, bearer(token)]) {
    const response = await ask(`/data?access_token=${token}`, init);
    assert.equal(response.status, 400);
    assert.doesNotMatch(await response.text(), new RegExp(token.slice(-20)));
  }
});

test("RFC 9068 4, RFC 7519 7.2: good RS256 and ES256 tokens of the real server pass", async () => {
  for (const [client, alg] of [
    [stack.clients.gauge, "RS256"],
    [stack.clients.buoy, "ES256"],
  ] as const) {
    const token = await machineToken(stack.urls.authorizationServer, client, "data:read");
    const header = JSON.parse(Buffer.from(token.split(".")[0] ?? "", "base64url").toString()) as {
      alg: string;
    };
    assert.equal(header.alg, alg);
    const response = await ask("/data", bearer(token));
    assert.equal(response.status, 200, await response.text());
  }
});

test("RFC 6750 3.1: a bad token is 401 invalid_token, and the public answer does not say why", async () => {
  const { authorizationServer: issuer } = stack.urls;
  const { RS256, ES256 } = stack.signingKeys;
  const good = await machineToken(issuer, stack.clients.gauge, "data:read");
  const claims = (changes: Record<string, unknown> = {}) => accessTokenClaims(issuer, changes);
  const bad: [code: string, token: string][] = [
    ["token_malformed", "aa.bb.cc"],
    ["token_malformed", "opaque"],
    ["algorithm_not_allowed", unsignedToken(claims())],
    ["signature_invalid", withClaims(good, { sub: "root" })],
    [
      "signature_invalid",
      signToken(claims(), { ...ES256, privateKey: RS256.privateKey, alg: "RS256" }, { alg: "ES256" }),
    ],
    ["key_unknown", signToken(claims(), ES256, { kid: "nobody" })],
    ["key_unknown", signToken(claims(), ES256, { kid: RS256.kid })],
    ["issuer_unknown", signToken(claims({ iss: "https://evil.example" }), ES256)],
    ["issuer_unknown", signToken(claims({ iss: `${issuer}/` }), ES256)],
    ["audience_mismatch", signToken(claims({ aud: "https://other.example" }), ES256)],
    ["token_not_yet_valid", signToken(claims({ nbf: Math.floor(Date.now() / 1000) + 600 }), ES256)],
    ["claim_invalid", signToken(claims({ exp: "tomorrow" }), ES256)],
    ["claim_missing", signToken(claims({ jti: undefined }), ES256)],
    ["type_mismatch", signToken(claims(), ES256, { typ: "JWT" })],
    ["type_mismatch", signToken(claims(), ES256, { typ: "logout+jwt" })],
    ["critical_header_unsupported", signToken(claims(), ES256, { crit: ["exp"] })],
  ];
  for (const [code, token] of bad) {
    const response = await ask("/data", bearer(token));
    const problem = await problemOf(response);
    assert.deepEqual([response.status, problem.code], [401, code]);
    assert.equal(challengeOf(response), INVALID_TOKEN);
    assert.equal(response.headers.get("cache-control"), "no-store");
  }
});

test("RFC 6750 3.1: an expired token is told from other bad ones, for the client that can renew it", async () => {
  const exp = Math.floor(Date.now() / 1000) - 3_600;
  const token = signToken(
    accessTokenClaims(stack.urls.authorizationServer, { exp }),
    stack.signingKeys.RS256,
  );
  const response = await ask("/data", bearer(token));
  assert.equal(response.status, 401);
  assert.equal(
    challengeOf(response),
    'Bearer realm="Tidewater", error="invalid_token", error_description="The access token has expired"',
  );
});

test("RFC 6750 3.1: a missing scope is 403 insufficient_scope with the scope named; with it the same request passes", async () => {
  const { authorizationServer: issuer } = stack.urls;
  const without = await ask(
    "/machine/report",
    bearer(await machineToken(issuer, stack.clients.gauge, "data:read")),
  );
  assert.equal(without.status, 403);
  assert.match(challengeOf(without) ?? "", /error="insufficient_scope".*, scope="machine"$/);
  assert.equal((await problemOf(without)).scope, "machine");
  const withScope = await ask(
    "/machine/report",
    bearer(await machineToken(issuer, stack.clients.gauge, "machine")),
  );
  assert.equal(withScope.status, 200);
});

test("RFC 6750 2.1, RFC 9110 11.1: the scheme is read without regard to case", async () => {
  const token = await machineToken(stack.urls.authorizationServer, stack.clients.gauge, "data:read");
  for (const scheme of ["bearer", "BEARER", "Bearer "]) {
    const response = await ask("/data", { headers: { authorization: `${scheme} ${token}` } });
    assert.equal(response.status, 200, scheme);
    await response.body?.cancel();
  }
});

test("what no route names is refused: 404, and 405 with Allow", async () => {
  assert.equal((await ask("/nowhere")).status, 404);
  const response = await ask("/notes", { method: "DELETE" });
  assert.equal(response.status, 405);
  assert.equal(response.headers.get("allow"), "GET, POST");
});
