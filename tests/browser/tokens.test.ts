/**
 * Tokens live in the memory of the client and nowhere else, and go to the API and nowhere else (RFC 9700 section 2.2,
 * "OAuth 2.0 for Browser-Based Applications" on token storage).
 */

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Page } from "playwright-core";
import { openSignedInClient } from "./client-page.ts";
import { type Demo, openDemo, requestsTo } from "./demo.ts";
import { button, call, signIn } from "./person.ts";

let demo: Demo;
before(async () => {
  demo = await openDemo();
});
after(() => demo?.close());

interface Tokens {
  readonly access_token: string;
  readonly id_token: string;
}

/** Signs in and gives the tokens as the token endpoint sent them. */
async function signInAndSeeTokens(page: Page): Promise<Tokens> {
  const seen: Tokens[] = [];
  await page.route(`${demo.stack.urls.authorizationServer}/token`, async (route) => {
    const response = await route.fetch();
    seen.push((await response.json()) as Tokens);
    await route.fulfill({ response });
  });
  await signIn(demo, page);
  const [tokens] = seen;
  if (tokens === undefined) throw new Error("the token endpoint was never asked");
  return tokens;
}

/** What would betray a token: any of its signatures, which are long, random and part of nothing else. */
const signaturesOf = (tokens: Tokens): string[] =>
  [tokens.access_token, tokens.id_token].map((token) => token.split(".").at(-1) ?? token);

test("after signing in no token is in any storage of the browser", async () => {
  const { page, context } = await demo.visitor();
  const tokens = await signInAndSeeTokens(page);
  assert.match(await call(page, "GET /data"), /^200 OK/);

  const stored = await page.evaluate(async () => ({
    local: { ...localStorage },
    session: { ...sessionStorage },
    cookie: document.cookie,
    databases: (await indexedDB.databases()).map(({ name }) => name),
    caches: await caches.keys(),
    workers: (await navigator.serviceWorker.getRegistrations()).length,
  }));
  // Not only without the tokens: the page leaves nothing behind at all.
  assert.deepEqual(stored, { local: {}, session: {}, cookie: "", databases: [], caches: [], workers: 0 });

  const profile = JSON.stringify(await context.storageState({ indexedDB: true }));
  for (const signature of signaturesOf(tokens)) assert.ok(!profile.includes(signature));
  await context.close();
});

test("after signing in no token is within reach of a script: not in globals, the document, the address or the history", async () => {
  const { page, context } = await demo.visitor();
  const globalsBefore = await page.evaluate(() => Object.getOwnPropertyNames(window));
  const tokens = await signInAndSeeTokens(page);
  await call(page, "GET /data");
  await call(page, "GET /whoami");

  const isReachable = async () => {
    const texts = await textsInReach(page);
    return signaturesOf(tokens).some((signature) => texts.some((text) => text.includes(signature)));
  };
  assert.equal(await isReachable(), false);
  const globals = await page.evaluate(() => Object.getOwnPropertyNames(window));
  assert.deepEqual(globals, globalsBefore);

  // The search does find a token that a page leaves lying about.
  await page.evaluate((token) => {
    Reflect.set(window, "session", { user: { tokens: [token] } });
  }, tokens.access_token);
  assert.equal(await isReachable(), true);
  await context.close();
});

test("reloading the page forgets the token: the next call is refused", async () => {
  const { page, context } = await demo.visitor();
  await signIn(demo, page);
  assert.match(await call(page, "GET /data"), /^200 OK/);
  await page.reload();
  await page.getByText("Nobody yet").waitFor();
  assert.match(await call(page, "GET /data"), /^401 Unauthorized/);
  await context.close();
});

test("no URL and no Referer of any request ever has the access token, and only the API gets it", async () => {
  const { page, context, requests } = await demo.visitor();
  const { access_token } = await signInAndSeeTokens(page);
  for (const request of ["GET /data", "GET /user/profile", "GET /health", "GET /whoami"])
    await call(page, request);
  await button(page, "Sign out").click();
  await page.waitForURL(`${demo.stack.urls.authorizationServer}/**`);

  const sent = await Promise.all(
    requests.map(async (request) => ({ url: request.url(), headers: await request.allHeaders() })),
  );
  const carriers = sent.filter(({ headers }) => JSON.stringify(headers).includes(access_token));
  assert.equal(carriers.length, 4);
  for (const { url, headers } of carriers) {
    assert.equal(new URL(url).origin, demo.stack.urls.gate);
    assert.equal(headers.authorization, `Bearer ${access_token}`);
  }
  for (const { url } of sent) assert.ok(!url.includes(access_token));
  await context.close();
});

// RFC 6750 section 5.3: the token goes only where the configuration says, whatever the page is talked into calling.
test("client.fetch sends the token to api_origins and to no other origin, however alike it looks", async () => {
  // The page's own Content-Security-Policy would refuse these before the client is put to the test.
  const { page, context } = await demo.visitor({ bypassCSP: true });
  const client = await openSignedInClient(demo, page);
  const { gate, api, page: own, authorizationServer } = demo.stack.urls;
  const { port } = new URL(gate);
  const others = [
    `${api}/data`,
    `${authorizationServer}/me`,
    `${own}/config.json`,
    `http://localhost:${port}/data`,
    `http://127.0.0.1.nip.example:${port}/data`,
    `http://gate.example/${gate}/data`,
    `http://gate.example/?${gate}`,
    `http://gate.example/#${gate}`,
    `https://127.0.0.1:${port}/data`,
    "/config.json",
  ];
  const credentials = new Map<string, string | undefined>();
  await page.route("**/*", async (route) => {
    const request = route.request();
    credentials.set(request.url(), (await request.allHeaders()).authorization);
    await route.fulfill({ headers: { "access-control-allow-origin": "*" }, json: {} });
  });
  for (const url of others) {
    await client.evaluate((signedIn, target) => signedIn.fetch(target).then(({ status }) => status), url);
  }
  assert.equal(credentials.size, new Set(others.map((url) => new URL(url, own).href.split("#")[0])).size);
  for (const [url, authorization] of credentials) assert.equal(authorization, undefined, url);

  await page.unrouteAll();
  const own_api = page.waitForRequest(`${gate}/data`);
  await client.evaluate((signedIn, url) => signedIn.fetch(url).then(({ status }) => status), `${gate}/data`);
  assert.match((await (await own_api).allHeaders()).authorization ?? "", /^Bearer ey/);
  await context.close();
});

test("an expired token is no longer sent: the request waits for a new one", async () => {
  const { page, context } = await demo.visitor();
  const client = await openSignedInClient(demo, page);
  const data = `${demo.stack.urls.gate}/data`;
  const first = page.waitForRequest(data);
  await client.evaluate((signedIn, url) => signedIn.fetch(url).then(() => undefined), data);
  const expired = (await (await first).allHeaders()).authorization;
  const sent = page.waitForRequest(data);
  await client.evaluate((signedIn, url) => {
    const later = ((signedIn.expires_at ?? Number.NaN) + 1) * 1000;
    Date.now = () => later;
    return signedIn.fetch(url).then(() => undefined);
  }, data);
  const renewed = (await (await sent).allHeaders()).authorization;
  assert.match(renewed ?? "", /^Bearer ey/);
  assert.notEqual(renewed, expired);
  await context.close();
});

test("the token endpoint gets no cookies, no credentials and no Referer from the page", async () => {
  const visitor = await demo.visitor();
  await signIn(demo, visitor.page);
  const [request] = requestsTo(demo, visitor, "/token");
  const headers = (await request?.allHeaders()) ?? {};
  assert.equal(headers["content-type"], "application/x-www-form-urlencoded");
  for (const name of ["cookie", "authorization", "referer"]) assert.equal(headers[name], undefined, name);
  await visitor.context.close();
});

/** Every text that a script which knows nothing of the client could read off the page. */
async function textsInReach(page: Page): Promise<string[]> {
  return await page.evaluate(() => {
    const texts: string[] = [];
    const seen = new Set<unknown>();
    const walk = (value: unknown, depth: number) => {
      if (typeof value === "string") texts.push(value);
      if (value === null || typeof value !== "object" || seen.has(value) || depth === 0) return;
      seen.add(value);
      for (const name of Object.getOwnPropertyNames(value)) {
        // Some getters of the platform throw; those have no text to give.
        try {
          walk(Reflect.get(value, name), depth - 1);
        } catch {
          texts.push(name);
        }
      }
    };
    walk(window, 5);
    texts.push(location.href, window.name, document.referrer, JSON.stringify(history.state));
    texts.push(...performance.getEntries().map(({ name }) => name), document.documentElement.outerHTML);
    return texts;
  });
}
