/** What a route demands beside scopes: RFC 9068 section 2.2.3.1, RFC 9470, and alternatives, with tokens of two issuers. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Gate } from "../../examples/demo/gate.ts";
import { API_AUDIENCE } from "../../examples/demo/resources.ts";
import { bearer, type Problem, policyFor, problemOf, startTestGate } from "./gate.ts";
import { type FaultyIssuer, INTROSPECTION, sendJson, startIssuer } from "./issuer.ts";
import { type Origin, startOrigin } from "./origin.ts";

let first: FaultyIssuer;
let second: FaultyIssuer;
let origin: Origin;
let gate: Gate;

before(async () => {
  [first, second, origin] = await Promise.all([startIssuer(), startIssuer(), startOrigin()]);
  const policy = policyFor(first.issuer, origin.origin);
  const { introspection } = policy.issuers[0] ?? {};
  gate = await startTestGate({
    ...policy,
    issuers: [...policy.issuers, { issuer: second.issuer, audience: API_AUDIENCE, introspection }],
    routes: [
      { path: "/open" },
      { path: "/first", issuer: first.issuer },
      { path: "/editors", roles: "editor", claims: [{ path: "realm.plan", equals: "paid" }] },
      { path: "/payments", scope: "data:read", acr_values: "phr phrh", max_age: 300 },
      { path: "/fresh-payments", acr_values: "phr", introspection: true },
      {
        path: "/either",
        any_of: [
          { roles: "clerk", acr_values: "phr" },
          { issuer: second.issuer, scope: "machine" },
        ],
      },
    ],
  });
});
after(async () => {
  await gate?.stop();
  await Promise.all([first?.close(), second?.close(), origin?.close()]);
});

const now = () => Math.floor(Date.now() / 1000);

/** Asks twice: the second time the token is known. */
async function ask(
  path: string,
  token: string,
): Promise<{ status: number; challenge: string | null; problem?: Problem }> {
  const answers = [];
  for (let i = 0; i < 2; i += 1) {
    const response = await fetch(gate.origin + path, bearer(token));
    const challenge = response.headers.get("www-authenticate");
    if (response.ok) await response.body?.cancel();
    answers.push({
      status: response.status,
      challenge,
      ...(response.ok ? {} : { problem: await problemOf(response) }),
    });
  }
  const [cold, warm] = answers;
  assert.ok(cold);
  assert.deepEqual(warm, cold);
  return cold;
}

test("a route takes the tokens of its issuer alone; another route takes the same token", async () => {
  const token = second.token();
  assert.equal((await ask("/first", token)).problem?.code, "token_not_for_route");
  assert.equal((await ask("/open", token)).status, 200);
  const { status, challenge } = await ask("/first", token);
  assert.equal(status, 401);
  assert.match(challenge ?? "", /error="invalid_token"/);
  assert.equal((await ask("/first", first.token())).status, 200);
});

test("RFC 9068 2.2.3.1, RFC 6750 3.1: a missing role is 403 insufficient_scope without a scope", async () => {
  const realm = { plan: "paid" };
  assert.equal((await ask("/editors", first.token({ roles: ["editor"], realm }))).status, 200);
  assert.equal((await ask("/editors", first.token({ roles: [{ value: "editor" }], realm }))).status, 200);
  for (const claims of [
    { realm },
    { roles: ["viewer"], realm },
    { roles: "not editor", realm },
    { roles: ["editor"] },
  ]) {
    const { status, challenge, problem } = await ask("/editors", first.token(claims));
    assert.deepEqual([status, problem?.code, problem?.scope], [403, "rights_missing", undefined]);
    assert.match(challenge ?? "", /error="insufficient_scope", error_description="[^"]+"$/);
  }
});

test("RFC 9470 3: an authentication that is not the one, or too long ago, is 401 with what would do", async () => {
  const token = (changes: object) => first.token({ acr: "phr", auth_time: now(), ...changes });
  assert.equal((await ask("/payments", token({}))).status, 200);
  for (const changes of [
    { acr: "0" },
    { acr: undefined },
    { acr: ["phr"] },
    { auth_time: undefined },
    { auth_time: now() - 1_000 },
    { auth_time: now() + 1_000 },
  ]) {
    const { status, challenge, problem } = await ask("/payments", token(changes));
    assert.equal(status, 401);
    assert.match(
      challenge ?? "",
      /^Bearer realm="conformance", error="insufficient_user_authentication", error_description="[^"]+", acr_values="phr phrh", max_age="300"$/,
    );
    assert.deepEqual(
      [problem?.error, problem?.code, problem?.acr_values, problem?.max_age],
      ["insufficient_user_authentication", "authentication_insufficient", "phr phrh", 300],
    );
  }
  const lacksBoth = await ask("/payments", token({ acr: "0", scope: "other" }));
  assert.match(lacksBoth.challenge ?? "", /acr_values="phr phrh", max_age="300", scope="data:read"$/);
  const lacksScope = await ask("/payments", token({ scope: "other" }));
  assert.deepEqual([lacksScope.status, lacksScope.problem?.code], [403, "scope_missing"]);
});

test("RFC 9470 6.2: what introspection says of acr counts as well", async () => {
  const answer = (acr: string | undefined) => {
    const said = { active: true, aud: API_AUDIENCE, exp: now() + 300, acr };
    first.answer(INTROSPECTION, sendJson(said));
  };
  const token = first.token({ acr: "phr" });
  answer(undefined);
  assert.equal((await ask("/fresh-payments", token)).status, 200);
  answer("phr");
  assert.equal((await ask("/fresh-payments", token)).status, 200);
  answer("0");
  assert.equal((await ask("/fresh-payments", token)).problem?.code, "authentication_insufficient");
});

test("one of the alternatives is enough, and the answer is that of the nearest", async () => {
  const passes = [first.token({ roles: "clerk", acr: "phr" }), second.token({ scope: "machine" })];
  for (const token of passes) assert.equal((await ask("/either", token)).status, 200);
  const rows: [token: string, code: string, unmet: string][] = [
    // It is the clerk's: an authentication would do.
    [first.token({ roles: "clerk" }), "authentication_insufficient", "any_of[0].acr_values"],
    // It is the machine's: a scope would do.
    [second.token(), "scope_missing", "any_of[1].scope"],
    // Nothing that the caller of a wrong issuer without a role could get.
    [first.token({ scope: "machine" }), "rights_missing", "any_of[0].roles"],
  ];
  for (const [token, code, unmet] of rows) {
    const { problem } = await ask("/either", token);
    assert.equal(problem?.code, code);
    assert.ok(problem?.detail?.includes(unmet), problem?.detail);
  }
});
