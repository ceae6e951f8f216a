/** Signing out ends everything: the tokens in the page, the refresh of them, and the session at the authorization server. */

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { clientConfig, leftFor, openSignedInClient } from "./client-page.ts";
import { type Demo, openDemo } from "./demo.ts";
import { allow, askToSignIn, button, call, heading, signIn } from "./person.ts";

let demo: Demo;
before(async () => {
  demo = await openDemo();
});
after(() => demo?.close());

// OIDC RP-Initiated Logout section 2.
test("after signing out nobody is signed in, and the next call is refused with 401", async () => {
  const { page, context, scriptErrors } = await demo.visitor();
  await signIn(demo, page);
  assert.match(await call(page, "GET /data"), /^200 OK/);

  await button(page, "Sign out").click();
  await heading(page, "Sign out?").waitFor();
  await button(page, "Sign out").click();
  await page.getByText("Nobody yet").waitFor();

  assert.equal(page.url(), `${demo.stack.urls.page}/`);
  const sent = page.waitForRequest(`${demo.stack.urls.gate}/data`);
  assert.match(await call(page, "GET /data"), /^401 Unauthorized/);
  assert.equal((await (await sent).allHeaders()).authorization, undefined);
  assert.deepEqual(scriptErrors, []);
  await context.close();
});

test("after signing out the authorization server has no session left: it asks for the password again", async () => {
  const { page, context } = await demo.visitor();
  await signIn(demo, page);
  // With its session the server asks nothing: this is what has to be over afterwards.
  await page.reload();
  await button(page, "Sign in").click();
  await button(page, "Sign out").waitFor();

  await button(page, "Sign out").click();
  await heading(page, "Sign out?").waitFor();
  await button(page, "Sign out").click();
  await page.getByText("Nobody yet").waitFor();

  await askToSignIn(page);
  await page.getByLabel("Password").waitFor();
  await context.close();
});

test("staying signed in at the authorization server still signs the page out", async () => {
  const { page, context } = await demo.visitor();
  await signIn(demo, page);
  await button(page, "Sign out").click();
  await button(page, "Stay signed in").click();
  await page.getByText("Nobody yet").waitFor();
  assert.match(await call(page, "GET /data"), /^401 Unauthorized/);
  await context.close();
});

test("the tokens are forgotten before anything is awaited, so a call made in the same breath has none", async () => {
  const { page, context, requests } = await demo.visitor();
  const client = await openSignedInClient(demo, page);
  const data = `${demo.stack.urls.gate}/data`;
  const allowed = await client.evaluate(async (signedIn, url) => (await signedIn.fetch(url)).status, data);
  assert.equal(allowed, 200);

  const after = await client.evaluate(async (signedIn, url) => {
    const leaving = signedIn.logout();
    const { user, scope, expires_at } = signedIn;
    const { status } = await signedIn.fetch(url);
    await leaving;
    return { nothing: user === undefined && scope === undefined && expires_at === undefined, status };
  }, data);
  assert.deepEqual(after, { nothing: true, status: 401 });

  const calls = requests.filter((request) => request.url() === data && request.method() === "GET");
  const credentials = await Promise.all(
    calls.map(async (request) => (await request.allHeaders()).authorization),
  );
  assert.match(credentials[0] ?? "", /^Bearer ey/);
  assert.equal(credentials[1], undefined);
  await context.close();
});

// OIDC RP-Initiated Logout sections 2 and 3; RFC 7009 section 2.1.
test("signing out revokes the refresh token, and all that came of it, and asks to come back only to the registered address", async () => {
  const { page, context, requests } = await demo.visitor();
  const client = await openSignedInClient(demo, page);
  await client.evaluate((signedIn) => signedIn.logout());

  const revocations = requests.filter((request) => request.url().endsWith("/token/revocation"));
  assert.equal(revocations.length, 1);
  const form = new URLSearchParams(revocations[0]?.postData() ?? "");
  assert.equal(form.get("client_id"), demo.stack.clients.page.client_id);
  // An access token would begin like this.
  assert.match(form.get("token") ?? "", /^(?!ey)[\w-]{43}$/);

  const target = new URL((await leftFor(page)) ?? "");
  assert.equal(target.origin + target.pathname, `${demo.stack.urls.authorizationServer}/session/end`);
  const config = await clientConfig(demo);
  assert.equal(target.searchParams.get("post_logout_redirect_uri"), config.post_logout_redirect_uri);
  assert.equal(target.searchParams.get("client_id"), config.client_id);
  // In a URL a token would end up in logs and histories.
  assert.ok(!target.href.includes(form.get("token") ?? ""));
  await context.close();
});

// Without a second consent: the grant outlives the session, the session does not outlive the sign-out.
test("signing in again after signing out works as the first time did", async () => {
  const { page, context } = await demo.visitor();
  await signIn(demo, page);
  await button(page, "Sign out").click();
  await button(page, "Sign out").click();
  await page.getByText("Nobody yet").waitFor();
  await askToSignIn(page);
  await page.getByLabel("Name").fill("grace");
  await page.getByLabel("Password").fill("spring-flood");
  await button(page, "Sign in").click();
  await allow(page);
  assert.equal(await page.locator("#session-panel .person-name").innerText(), "Grace Hopper");
  await context.close();
});
