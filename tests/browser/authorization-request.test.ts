/**
 * What the browser is sent to the authorization server with, and how the code is redeemed afterwards: code flow only,
 * with PKCE, state and nonce that are new each time (RFC 7636, RFC 9700 section 2.1).
 */

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { after, before, test } from "node:test";
import { API_AUDIENCE } from "../../examples/demo/resources.ts";
import { throughThePages } from "../../examples/demo/walkthrough/sign-in.ts";
import { catchAuthorizationRequest, rememberedStates } from "./callback-url.ts";
import { leftFor, openClient, tryToLogIn } from "./client-page.ts";
import { type Demo, openDemo, requestsTo, type Visitor } from "./demo.ts";
import { button, callCard, heading, signIn } from "./person.ts";

let demo: Demo;
const visitors: Visitor[] = [];
before(async () => {
  demo = await openDemo();
});
after(() => demo?.close());

async function newVisitor(): Promise<Visitor> {
  const visitor = await demo.visitor();
  visitors.push(visitor);
  return visitor;
}

/** 256 random bits, as RFC 7636 section 7.1 wants for the verifier: 43 characters of base64url. */
const RANDOM_TEXT = /^[A-Za-z0-9_-]{43}$/;

test("the authorization request asks for a code, with S256, state, nonce and exactly the registered redirect URI", async () => {
  const { page, context } = await newVisitor();
  const request = await catchAuthorizationRequest(demo, page);
  assert.equal(request.origin + request.pathname, `${demo.stack.urls.authorizationServer}/auth`);
  const parameters = Object.fromEntries(request.searchParams);
  const { state, nonce, code_challenge, ...others } = parameters;
  assert.deepEqual(others, {
    response_type: "code",
    client_id: demo.stack.clients.page.client_id,
    redirect_uri: demo.stack.clients.page.redirect_uri,
    scope: "openid profile email data:read profile:read notes:read",
    code_challenge_method: "S256",
    resource: API_AUDIENCE,
  });
  for (const text of [state, nonce, code_challenge]) assert.match(text ?? "", RANDOM_TEXT);
  assert.equal(new Set([state, nonce, code_challenge]).size, 3);
  assert.equal([...request.searchParams].length, Object.keys(parameters).length);
  await context.close();
});

test("the verifier sent to the token endpoint is the one whose S256 was the challenge", async () => {
  const visitor = await newVisitor();
  const { page, context } = visitor;
  const request = await catchAuthorizationRequest(demo, page);
  await page.goto((await throughThePages(demo.stack, request.href, "ada")).href);
  await button(page, "Sign out").waitFor();

  const [redeemed] = requestsTo(demo, visitor, "/token");
  const form = Object.fromEntries(new URLSearchParams(redeemed?.postData() ?? ""));
  const { code, code_verifier = "", ...others } = form;
  assert.deepEqual(others, {
    grant_type: "authorization_code",
    client_id: demo.stack.clients.page.client_id,
    redirect_uri: demo.stack.clients.page.redirect_uri,
    resource: API_AUDIENCE,
  });
  assert.ok(code);
  // RFC 7636 sections 4.1 and 4.2, worked out anew here.
  assert.match(code_verifier, RANDOM_TEXT);
  const challenge = createHash("sha256").update(code_verifier, "ascii").digest("base64url");
  assert.equal(challenge, request.searchParams.get("code_challenge"));
  assert.notEqual(challenge, code_verifier);
  await context.close();
});

test("every sign-in has a state, a nonce and a challenge of its own", async () => {
  const { page, context } = await newVisitor();
  const texts: Array<string | null> = [];
  for (let round = 0; round < 3; round += 1) {
    const { searchParams } = await catchAuthorizationRequest(demo, page);
    texts.push(...["state", "nonce", "code_challenge"].map((name) => searchParams.get(name)));
  }
  assert.equal(new Set(texts).size, 9);
  await context.close();
});

test("while signing in the tab remembers one transaction, with the verifier and without any token", async () => {
  const { page, context } = await newVisitor();
  const { searchParams } = await catchAuthorizationRequest(demo, page);
  assert.deepEqual(await rememberedStates(page), [searchParams.get("state")]);
  const stored = await page.evaluate(() => ({
    session: Object.values(sessionStorage),
    local: { ...localStorage },
  }));
  const transaction = JSON.parse(stored.session[0] ?? "{}") as Record<string, unknown>;
  assert.equal(transaction.nonce, searchParams.get("nonce"));
  assert.deepEqual(stored.local, {});
  // The verifier stays here until the callback: the authorization request must not give it away.
  assert.ok(!searchParams.toString().includes(String(transaction.code_verifier)));
  await context.close();
});

test("asking for one more right asks for it beside the others, and the call then goes through", async () => {
  const { page, context } = await newVisitor();
  await signIn(demo, page);
  await button(page, "Send POST /notes").click();
  const asked = page.waitForRequest((request) => request.url().includes("/auth?"));
  await button(page, "Ask for notes:write").click();
  const { searchParams } = new URL((await asked).url());
  assert.deepEqual(searchParams.get("scope")?.split(" ").slice(-1), ["notes:write"]);
  await heading(page, "Allow Tidewater?").waitFor();
  await button(page, "Allow").click();
  await page.getByText("You now hold “notes:write”.").waitFor();
  assert.equal(page.url(), `${demo.stack.urls.page}/#rights`);
  await button(page, "Send POST /notes").click();
  await callCard(page, "POST /notes").getByText("201 Created").waitFor();
  await context.close();
});

// RFC 9700 section 4.11.1, attack class "open redirect after login".
test("login takes no return_to but a path of this origin, and does not leave the page for another", async () => {
  const { page, context } = await newVisitor();
  const client = await openClient(demo, page, `${demo.stack.urls.page}/`);
  const hostile = [
    "https://evil.example/",
    "//evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "javascript:alert(1)",
    " //evil.example",
    "evil.example",
    "",
  ];
  for (const return_to of hostile) {
    assert.equal(await tryToLogIn(client, { return_to }), "config_invalid", JSON.stringify(return_to));
  }
  assert.equal(await leftFor(page), null);
  assert.deepEqual(await rememberedStates(page), []);
  assert.equal(await tryToLogIn(client, { return_to: "/?a=b#rights" }), "done");
  await context.close();
});

// RFC 9700 section 2.1.1, attack class "PKCE downgrade": a server that does not offer S256 might ignore the challenge.
test("a server whose metadata does not offer S256 is not sent to", async () => {
  const { page, context } = await newVisitor();
  await page.route("**/.well-known/*", async (route) => {
    const response = await route.fetch();
    const metadata = (await response.json()) as Record<string, unknown>;
    await route.fulfill({ response, json: { ...metadata, code_challenge_methods_supported: ["plain"] } });
  });
  const client = await openClient(demo, page, `${demo.stack.urls.page}/`);
  assert.equal(await tryToLogIn(client, {}), "metadata_invalid");
  assert.equal(await leftFor(page), null);
  await context.close();
});

// RFC 8414 section 3.3: metadata that speaks for another issuer is not this one's.
test("metadata of another issuer is not used", async () => {
  const { page, context } = await newVisitor();
  await page.route("**/.well-known/*", async (route) => {
    const response = await route.fetch();
    const metadata = (await response.json()) as Record<string, unknown>;
    await route.fulfill({ response, json: { ...metadata, issuer: "https://accounts.other.example" } });
  });
  const client = await openClient(demo, page, `${demo.stack.urls.page}/`);
  assert.equal(await tryToLogIn(client, {}), "metadata_invalid");
  await context.close();
});

// RFC 9700 section 2.1.2. Last, because it looks at what all the others sent.
test("no request of any of these tests had another response_type than code", () => {
  const urls = visitors.flatMap(({ requests }) => requests.map((request) => new URL(request.url())));
  const types = urls
    .map(({ searchParams }) => searchParams.get("response_type"))
    .filter((type) => type !== null);
  assert.ok(types.length >= visitors.length / 2);
  assert.deepEqual(new Set(types), new Set(["code"]));
});
