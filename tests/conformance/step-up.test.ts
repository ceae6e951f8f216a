/** RFC 9470 with the real authorization server: the challenge's values, taken to a new authorization, get a token that passes. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { ACR_CONFIRMED, ACR_SESSION } from "../../examples/demo/authorization-server/authentication.ts";
import type { Gate } from "../../examples/demo/gate.ts";
import { API_AUDIENCE } from "../../examples/demo/resources.ts";
import { type Stack, startStack } from "../../examples/demo/stack.ts";
import { decodeClaims } from "../../examples/demo/tokens.ts";
import {
  accessTokenOf,
  authorizationRequest,
  redeemCode,
} from "../../examples/demo/walkthrough/oauth-client.ts";
import { callbackOf, pageOf, pageWithForm, submitForm } from "../../examples/demo/walkthrough/sign-in.ts";
import { UserAgent } from "../../examples/demo/walkthrough/user-agent.ts";
import { bearer, problemOf } from "./gate.ts";

let stack: Stack;
let gate: Gate;
before(async () => {
  stack = await startStack();
  gate = await stack.startGate(({ dpop: _, ...policy }) => ({
    ...policy,
    routes: [
      { path: "/data", scope: "data:read" },
      { path: "/whoami", scope: "data:read", acr_values: ACR_CONFIRMED, max_age: 300 },
    ],
  }));
});
after(() => stack?.stop());

/** Somebody's browser: the session at the server is in its cookies. */
async function authorize(agent: UserAgent, changes: Record<string, string>, expected: "login" | "no page") {
  const { page } = stack.clients;
  const { authorizationServer } = stack.urls;
  const request = authorizationRequest(authorizationServer, page, "openid data:read", changes);
  let arrival = await agent.open(request.url);
  if (expected === "login") {
    const { username, password } = stack.accounts.find((account) => account.username === "ada") ?? {};
    assert.ok(username && password);
    arrival = await submitForm(agent, pageWithForm(arrival, "/login"), "/login", { username, password });
    if ("page" in arrival) arrival = await submitForm(agent, pageOf(arrival), "/consent");
  }
  const code = callbackOf(arrival).searchParams.get("code") ?? "";
  const { code_verifier } = request;
  const answer = await redeemCode(authorizationServer, page, { code, code_verifier, resource: API_AUDIENCE });
  return accessTokenOf(answer);
}

const parameterOf = (challenge: string, name: string) =>
  new RegExp(`\\b${name}="?([^",]*)"?`).exec(challenge)?.[1] ?? "";

test("RFC 9470 3 to 6: a token that is not enough is challenged, and what the challenge says gets one that is", async () => {
  const agent = new UserAgent(stack.urls.authorizationServer);
  const ask = (path: string, token: string) => fetch(gate.origin + path, bearer(token));

  const first = await authorize(agent, {}, "login");
  assert.equal(decodeClaims(first).acr, ACR_SESSION);
  assert.equal((await ask("/data", first)).status, 200);

  const refused = await ask("/whoami", first);
  assert.equal(refused.status, 401);
  const challenge = refused.headers.get("www-authenticate") ?? "";
  assert.equal((await problemOf(refused)).error, "insufficient_user_authentication");
  assert.equal(parameterOf(challenge, "error"), "insufficient_user_authentication");
  const acr_values = parameterOf(challenge, "acr_values");
  const max_age = parameterOf(challenge, "max_age");
  assert.deepEqual([acr_values, max_age], [ACR_CONFIRMED, "300"]);

  // The session alone gets no other token: it is as little as before.
  const again = await authorize(agent, {}, "no page");
  assert.equal((await ask("/whoami", again)).status, 401);

  const second = await authorize(agent, { acr_values, max_age }, "login");
  const { acr, auth_time } = decodeClaims(second);
  assert.equal(acr, ACR_CONFIRMED);
  assert.equal(typeof auth_time, "number");
  assert.equal((await ask("/whoami", second)).status, 200);
  assert.equal((await ask("/whoami", first)).status, 401, "the first token is what it was");
});
