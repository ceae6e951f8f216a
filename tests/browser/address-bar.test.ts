/**
 * The authorization code leaves the address bar and the history before anything else happens, and no request tells
 * another server about it (RFC 9700 section 4.2, attack class "leak by Referer and history").
 */

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Page, Request } from "playwright-core";
import { heldBackCallback } from "./callback-url.ts";
import { openClient, openWithoutScript } from "./client-page.ts";
import { type Demo, openDemo, requestsTo } from "./demo.ts";
import { button, call, signIn } from "./person.ts";

let demo: Demo;
before(async () => {
  demo = await openDemo();
});
after(() => demo?.close());

const SECRETS = /[?&#](?:code|state|iss)=/;

test("no entry of the tab's history has the code, and going back does not bring it back", async () => {
  const { page, context } = await demo.visitor();
  await signIn(demo, page);
  const entries = await historyOf(page);
  assert.ok(entries.some((url) => url.startsWith(demo.stack.urls.authorizationServer)));
  for (const url of entries) assert.doesNotMatch(url, /[?&#](?:code|iss)=/);
  const own = entries.filter((url) => url.startsWith(demo.stack.urls.page));
  assert.deepEqual(new Set(own), new Set([`${demo.stack.urls.page}/`]));
  await context.close();
});

test("whatever the page's own script does first, the address no longer has the code", async () => {
  const { page, context } = await demo.visitor();
  const callback = await heldBackCallback(demo, page);
  // What a page does first is to fetch or to look for an element: both are watched from before any script runs.
  await context.addInitScript(() => {
    const seen: string[] = [];
    const look = (when: string) => seen.push(`${when} ${location.href} ${document.URL} ${history.length}`);
    const { fetch, MutationObserver } = window;
    window.fetch = (...request: Parameters<typeof fetch>) => {
      look("fetch");
      return fetch(...request);
    };
    const getElementById = document.getElementById.bind(document);
    document.getElementById = (id: string) => {
      look("element");
      return getElementById(id);
    };
    new MutationObserver(() => {
      if (document.readyState === "complete") look("drawn");
    }).observe(document, { subtree: true, childList: true });
    Reflect.set(window, "addressesSeen", seen);
  });
  await page.goto(callback.href);
  await button(page, "Sign out").waitFor();

  const seen = await page.evaluate(() => Reflect.get(window, "addressesSeen") as string[]);
  assert.ok(
    seen.some((entry) => entry.startsWith("fetch ")) && seen.some((entry) => entry.startsWith("element ")),
  );
  for (const entry of seen) assert.doesNotMatch(entry, SECRETS);
  await context.close();
});

test("createClient has cleaned the address by the time it returns its promise, and adds no history entry", async () => {
  const { page, context } = await demo.visitor();
  const callback = await heldBackCallback(demo, page);
  await openWithoutScript(demo, page, callback.href);
  const seen = await page.evaluate(
    async ([source, config]) => {
      const edgeward = (await import(source)) as typeof import("../../js/browser.ts");
      const settings = await (await fetch(config)).json();
      const before = { href: location.href, entries: history.length };
      const making = edgeward.createClient(settings.client);
      const afterwards = { href: location.href, entries: history.length };
      return { before, afterwards, hasCallback: (await making).hasCallback };
    },
    ["/edgeward/browser.js", "/config.json"] as const,
  );
  assert.equal(seen.before.href, callback.href);
  assert.equal(seen.afterwards.href, callback.origin + callback.pathname);
  assert.equal(seen.afterwards.entries, seen.before.entries);
  assert.ok(seen.hasCallback);
  await context.close();
});

test("the address is cleaned of a refused response, too", async () => {
  for (const suffix of [
    "?error=access_denied&state=x",
    "?code=x",
    "#access_token=x&state=y",
    "#id_token=x",
  ]) {
    // Not in one tab for all, where another fragment would be no new page.
    const { page, context } = await demo.visitor();
    await openClient(demo, page, `${demo.stack.clients.page.redirect_uri}${suffix}`);
    assert.equal(page.url(), demo.stack.clients.page.redirect_uri, suffix);
    await context.close();
  }
});

test("no request of a whole sign-in and of the calls after it has the code in its Referer", async () => {
  const { page, context, requests } = await demo.visitor();
  await signIn(demo, page);
  await call(page, "GET /data");
  const referers = await referersOf(requests);
  assert.ok(referers.length > 10);
  for (const { url, referer } of referers) assert.doesNotMatch(referer, SECRETS, url);
  await context.close();
});

// The demo's page says "no-referrer" and has a tidy address of its own; the client has to hold without either.
test("even on a page that sends its full address along, no other server sees the code", async () => {
  const visitor = await demo.visitor();
  const { page, context, requests } = visitor;
  const callback = await heldBackCallback(demo, page);
  // Added when the document is parsed, which is before anything of the client runs.
  await context.addInitScript(() => {
    document.addEventListener("readystatechange", () => {
      const policy = document.createElement("meta");
      policy.name = "referrer";
      policy.content = "unsafe-url";
      if (document.readyState === "interactive") document.head.append(policy);
    });
  });
  const client = await openClient(demo, page, callback.href);
  const data = `${demo.stack.urls.gate}/data`;
  await client.evaluate(async (signingIn, url) => {
    await signingIn.handleCallback();
    await signingIn.fetch(url);
  }, data);

  const toOthers = (await referersOf(requests)).filter(({ url }) => !url.startsWith(demo.stack.urls.page));
  // This one shows that the page does send its address along, and what it is by then.
  const toGate = toOthers.find(({ url }) => url === data);
  assert.equal(toGate?.referer, demo.stack.clients.page.redirect_uri);
  for (const { url, referer } of toOthers) assert.doesNotMatch(referer, SECRETS, url);
  const [redeemed] = requestsTo(demo, visitor, "/token");
  assert.equal((await redeemed?.allHeaders())?.referer, undefined);
  await context.close();
});

/** What the browser itself keeps, and not what `history` shows to scripts. */
async function historyOf(page: Page): Promise<string[]> {
  const session = await page.context().newCDPSession(page);
  const { entries } = await session.send("Page.getNavigationHistory");
  return entries.map(({ url }) => url);
}

async function referersOf(requests: readonly Request[]): Promise<Array<{ url: string; referer: string }>> {
  return await Promise.all(
    requests.map(async (request) => ({
      url: request.url(),
      referer: (await request.allHeaders()).referer ?? "",
    })),
  );
}
