/** What the demo's page has of the client's abilities: renewal, another sign-in for what is guarded more closely, windows, tabs. */

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { BrowserContextOptions, Page } from "playwright-core";
import { type Demo, keepPicture, openDemo, requestsTo, tokenRequests } from "./demo.ts";
import { accountOf, button, call, callCard, heading, logIn, signIn } from "./person.ts";

let demo: Demo;
before(async () => {
  demo = await openDemo();
});
after(() => demo?.close());

const LOCK = "GET /user/lock-code";
const REMEDY = "Confirm that it’s you";

const SCREENS: ReadonlyArray<readonly [name: string, options: BrowserContextOptions]> = [
  ["desktop", { viewport: { width: 1280, height: 800 } }],
  ["phone", { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true, deviceScaleFactor: 2 }],
];

const showCard = (page: Page, request: string) =>
  callCard(page, request).evaluate((card) => card.scrollIntoView({ behavior: "instant", block: "center" }));

/** Types Ada's password in the window that a button opens. */
async function confirmInWindow(page: Page): Promise<void> {
  const opened = page.context().waitForEvent("page");
  await button(page, REMEDY).click();
  const window = await opened;
  await heading(window, "Sign in").waitFor();
  assert.equal(await window.getByLabel("Name").inputValue(), "ada");
  await window.getByLabel("Password").fill(accountOf(demo, "ada").password);
  const closed = window.waitForEvent("close");
  await Promise.all([button(window, "Sign in").click(), closed]);
}

for (const [screen, options] of SCREENS) {
  // RFC 9470: the API demands another authentication, and the person is told what for.
  test(`what wants another sign-in says so, has a window for it, and is sent again (${screen})`, async () => {
    const { page, context, scriptErrors } = await demo.visitor(options);
    await keepPicture(page, `screens-${screen}-1-signed-out`, { fullPage: false });
    await signIn(demo, page);
    await keepPicture(page, `screens-${screen}-2-signed-in`, { fullPage: false });
    assert.match(await call(page, "GET /admin"), /^403 Forbidden/);
    await showCard(page, "GET /admin");
    await keepPicture(page, `screens-${screen}-3-refused`, { fullPage: false });

    assert.match(await call(page, LOCK), /^401 Unauthorized[\s\S]*that it’s still you/);
    await showCard(page, LOCK);
    await keepPicture(page, `screens-${screen}-4-step-up`, { fullPage: false });
    await confirmInWindow(page);
    await callCard(page, LOCK).getByText("200 OK").waitFor();
    await showCard(page, LOCK);
    await keepPicture(page, `screens-${screen}-5-step-up-done`, { fullPage: false });
    // The window was for this call alone: the other's answer is still there.
    await callCard(page, "GET /admin").getByText("403 Forbidden").waitFor();
    assert.deepEqual(scriptErrors, []);
    await context.close();
  });
}

test("where the browser opens no window the page is left for the sign-in, and says afterwards what it was for", async () => {
  const { page, context } = await demo.visitor();
  await signIn(demo, page);
  await call(page, LOCK);
  await page.evaluate(() => {
    window.open = () => null;
  });
  await button(page, REMEDY).click();
  await heading(page, "Sign in").waitFor();
  await page.getByLabel("Password").fill(accountOf(demo, "ada").password);
  await button(page, "Sign in").click();
  await page.getByText(`You confirmed that it’s you. Send ${LOCK} once more.`).waitFor();
  assert.equal(page.url(), `${demo.stack.urls.page}/#calls`);
  assert.match(await call(page, LOCK), /^200 OK/);
  await context.close();
});

test("signing in by a window leaves the page where it is", async () => {
  const { page, context } = await demo.visitor();
  assert.match(await call(page, "GET /health"), /^200 OK/);
  const opened = context.waitForEvent("page");
  await button(page, "In a window: sign in without leaving").click();
  const window = await opened;
  await heading(window, "Sign in").waitFor();
  await logIn(window, accountOf(demo, "ada"));
  const closed = window.waitForEvent("close");
  await Promise.all([button(window, "Allow").click(), closed]);
  await button(page, "Sign out").waitFor();
  assert.match(await call(page, "GET /data"), /^200 OK/);
  await context.close();
});

test("a window that is closed too early signs nobody in, and the page says so", async () => {
  const { page, context } = await demo.visitor();
  const opened = context.waitForEvent("page");
  await button(page, "In a window: sign in without leaving").click();
  const window = await opened;
  await heading(window, "Sign in").waitFor();
  await window.close();
  await page.getByText("You closed the window before you were signed in.").waitFor();
  await page.getByText("Nobody yet").waitFor();
  await context.close();
});

// RFC 9700 section 4.14.2: a refresh token is good once.
test("the token is renewed, by a new refresh token each time, and the page says when", async () => {
  const visitor = await demo.visitor();
  const { page, context } = visitor;
  await signIn(demo, page);
  for (const expected of [2, 3]) {
    const answered = page.waitForEvent("response", (response) => response.url().endsWith("/token"));
    await button(page, "Renew it now").click();
    assert.equal((await answered).status(), 200);
    await page.getByText(/^Renewed at \d\d:\d\d:\d\d\./).waitFor();
    assert.equal(tokenRequests(demo, visitor), expected);
  }
  const sent = requestsTo(demo, visitor, "/token")
    .map((request) => new URLSearchParams(request.postData() ?? ""))
    .filter((form) => form.get("grant_type") === "refresh_token")
    .map((form) => form.get("refresh_token"));
  assert.equal(new Set(sent).size, 2);
  assert.match(await call(page, "GET /data"), /^200 OK/);
  await context.close();
});

// RFC 9700 section 4.14: no script of the page can read the refresh token.
test("the page's worker keeps the refresh token, under a policy that takes no plain text for a script's address", async () => {
  const visitor = await demo.visitor({ hasWorkers: true });
  const { page, context, scriptErrors } = visitor;
  const complaints: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error") complaints.push(message.text());
  });
  await signIn(demo, page);
  await button(page, "Renew it now").click();
  await page.getByText(/^Renewed at \d\d:\d\d:\d\d\./).waitFor();
  assert.match(await call(page, "GET /data"), /^200 OK/);
  assert.equal(tokenRequests(demo, visitor), 0, "the page asks for no token itself");
  assert.deepEqual([...scriptErrors, ...complaints], []);
  await context.close();
});

test("another tab is signed in with this one, and signed out with it", async () => {
  const { page, context, scriptErrors } = await demo.visitor();
  await signIn(demo, page);
  const other = await context.newPage();
  await other.goto(`${demo.stack.urls.page}/`);
  await button(other, "Sign out").waitFor();
  assert.match(await call(other, "GET /data"), /^200 OK/);

  await button(other, "Sign out").click();
  await page.getByText("You signed out in another tab, so nobody is signed in here either.").waitFor();
  await page.getByText("Nobody yet").waitFor();
  assert.equal(await callCard(page, "GET /data").getByText("200 OK").count(), 0);
  assert.match(await call(page, "GET /data"), /^401 Unauthorized/);
  assert.deepEqual(scriptErrors, []);
  await context.close();
});
