/**
 * A callback serves once, in the tab that asked for it: reloading, going back, another tab, an impatient caller
 * (RFC 6749 section 4.1.2, RFC 9700 section 4.7, attack class "state reused").
 */

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { catchAuthorizationRequest, heldBackCallback, rememberedStates } from "./callback-url.ts";
import { openClient } from "./client-page.ts";
import { type Demo, openDemo, tokenRequests } from "./demo.ts";
import { button, failureCode } from "./person.ts";

let demo: Demo;
before(async () => {
  demo = await openDemo();
});
after(() => demo?.close());

test("a callback that was used is refused in the same tab, without a second token request", async () => {
  const visitor = await demo.visitor();
  const { page, context } = visitor;
  const callback = await heldBackCallback(demo, page);
  await page.goto(callback.href);
  await button(page, "Sign out").waitFor();
  assert.equal(tokenRequests(demo, visitor), 1);

  await page.goto(callback.href);
  assert.equal(await failureCode(page), "transaction_unknown");
  assert.equal(tokenRequests(demo, visitor), 1);
  await context.close();
});

test("reloading and going back after signing in never use the code again", async () => {
  const visitor = await demo.visitor();
  const { page, context } = visitor;
  const callback = await heldBackCallback(demo, page);
  await page.goto(callback.href);
  await button(page, "Sign out").waitFor();

  await page.reload();
  await button(page, "Sign in").waitFor();
  await page.goBack();
  await button(page, "Sign in").waitFor();
  await page.goForward();
  await button(page, "Sign in").waitFor();
  assert.equal(tokenRequests(demo, visitor), 1);
  assert.equal(await page.locator("#notice .failure").count(), 0);
  await context.close();
});

test("a callback that was refused has used up its sign-in: mending it does not help", async () => {
  const visitor = await demo.visitor();
  const { page, context } = visitor;
  const callback = await heldBackCallback(demo, page);
  const mixedUp = new URL(callback);
  mixedUp.searchParams.set("iss", "https://accounts.other.example");
  await page.goto(mixedUp.href);
  assert.equal(await failureCode(page), "callback_issuer_mismatch");

  await page.goto(callback.href);
  assert.equal(await failureCode(page), "transaction_unknown");
  assert.equal(tokenRequests(demo, visitor), 0);
  await context.close();
});

test("another tab of the same browser can't finish this tab's sign-in, and this tab still can", async () => {
  const visitor = await demo.visitor();
  const { page, context } = visitor;
  const callback = await heldBackCallback(demo, page);
  const other = await context.newPage();
  await other.goto(callback.href);
  assert.equal(await failureCode(other), "transaction_unknown");
  assert.equal(tokenRequests(demo, visitor), 0);

  await page.goto(callback.href);
  await button(page, "Sign out").waitFor();
  assert.equal(tokenRequests(demo, visitor), 1);
  await context.close();
});

test("starting again in the same tab gives up the sign-in before it", async () => {
  const visitor = await demo.visitor();
  const { page, context } = visitor;
  const first = await heldBackCallback(demo, page);
  const second = await catchAuthorizationRequest(demo, page);
  assert.deepEqual(await rememberedStates(page), [second.searchParams.get("state")]);

  await page.goto(first.href);
  assert.equal(await failureCode(page), "transaction_unknown");
  assert.equal(tokenRequests(demo, visitor), 0);
  await context.close();
});

test("several calls of handleCallback() make one token request and give one result", async () => {
  const visitor = await demo.visitor();
  const { page, context } = visitor;
  const callback = await heldBackCallback(demo, page);
  const client = await openClient(demo, page, callback.href);
  const results = await client.evaluate(async (signingIn) => {
    const quick = [signingIn.handleCallback(), signingIn.handleCallback(), signingIn.handleCallback()];
    const early = await Promise.all(quick);
    const late = await signingIn.handleCallback();
    return [...early, late].map(({ user, return_to }) => `${user.sub} ${return_to}`);
  });
  assert.deepEqual(
    results,
    Array.from({ length: 4 }, () => "ada-lovelace /"),
  );
  assert.equal(tokenRequests(demo, visitor), 1);
  await context.close();
});

test("two clients on one page share one use of the callback", async () => {
  const visitor = await demo.visitor();
  const { page, context } = visitor;
  const callback = await heldBackCallback(demo, page);
  const client = await openClient(demo, page, callback.href);
  // The address is clean by now, so a second client has nothing to handle.
  const outcome = await client.evaluate(async (signingIn, config) => {
    const source: string = "/edgeward/browser.js";
    const edgeward = (await import(source)) as typeof import("../../js/browser.ts");
    const second = await edgeward.createClient((await (await fetch(config)).json()).client);
    const failed = second
      .handleCallback()
      .catch((error: unknown) => String(Reflect.get(Object(error), "code")));
    await signingIn.handleCallback();
    return { hasCallback: second.hasCallback, failed: await failed };
  }, "/config.json");
  assert.deepEqual(outcome, { hasCallback: false, failed: "callback_malformed" });
  assert.equal(tokenRequests(demo, visitor), 1);
  await context.close();
});

test("a sign-in that was started more than its time ago is refused", async () => {
  const visitor = await demo.visitor();
  const { page, context } = visitor;
  const callback = await heldBackCallback(demo, page);
  await page.evaluate(() => {
    for (const [key, text] of Object.entries(sessionStorage)) {
      const transaction = JSON.parse(text);
      sessionStorage.setItem(
        key,
        JSON.stringify({ ...transaction, started_at: transaction.started_at - 86_400 }),
      );
    }
  });
  await page.goto(callback.href);
  assert.equal(await failureCode(page), "transaction_unknown");
  assert.equal(tokenRequests(demo, visitor), 0);
  await context.close();
});
