/**
 * Tokens that are renewed, in real browsers: ahead of their end, by one tab for all, under rotation (RFC 6749 section 6, RFC 9700 section 4.14).
 */

import assert from "node:assert/strict";
import { EventEmitter, once } from "node:events";
import { test } from "node:test";
import { inPage, leavePage, newTab, switchTab, waitInPage, waitUntil } from "../webdriver/page.ts";
import { inEveryBrowser, type Scene } from "./stage.ts";
import { afresh, call, eventTypes, hasHarness, signIn, start, tokenRequests, user } from "./visit.ts";

/** A second tab of the application, to which the driver goes. */
async function secondTab(
  scene: Scene,
  config = scene.stage.config(),
): Promise<[first: string, second: string]> {
  const { driver } = scene.browser;
  const first = await driver.getWindowHandle();
  const second = await newTab(driver, `${scene.stage.pages.origin}/`);
  await hasHarness(driver);
  await start(driver, config);
  return [first, second];
}

const renewals = ({ stage }: Scene) =>
  stage.server.grants.filter((grant) => grant === "refresh_token").length;

/** Everything that a script of the page can read of what is kept. */
const readable = (driver: Scene["browser"]["driver"]) =>
  inPage(driver, () => JSON.stringify([{ ...sessionStorage }, { ...localStorage }, document.cookie]));

inEveryBrowser("renewing", {}, (scene) => {
  test("a renewed token is another one, and the API takes it", async () => {
    await afresh(scene());
    const { driver } = scene().browser;
    await signIn(scene());
    const before = (await call(scene(), "/data")).body.token;
    await inPage(driver, () => harness.client.renew());
    const { status, body } = await call(scene(), "/data");
    assert.equal(status, 200);
    assert.notEqual(body.token, before);
    assert.deepEqual(scene().stage.server.grants, ["authorization_code", "refresh_token"]);
  });

  test("rotated refresh tokens are used once each: three renewals, one after another", async () => {
    await afresh(scene());
    await signIn(scene());
    for (let times = 0; times < 3; times += 1) {
      await inPage(scene().browser.driver, () => harness.client.renew());
    }
    assert.equal(renewals(scene()), 3);
    assert.equal((await call(scene(), "/data")).status, 200);
  });

  test("a token is renewed ahead of its end, without anybody asking", async () => {
    await afresh(scene());
    const { stage, browser } = scene();
    await signIn(scene(), stage.config("short-app"));
    await waitInPage(browser.driver, "a renewal", () =>
      harness.events.some(({ type }) => type === "renewed"),
    );
    const left = await inPage(browser.driver, () => (harness.client.expires_at ?? 0) - harness.now());
    assert.ok(left > 3, `${left} seconds`);
    assert.equal((await call(scene(), "/data")).status, 200);
  });

  // The first tab has nothing else to go by than its lock and the others' answers.
  test("two tabs refreshing at once make one token request, and both have the new token", async () => {
    await afresh(scene());
    const { browser } = scene();
    const { driver } = browser;
    await signIn(scene());
    const [first, second] = await secondTab(scene());
    assert.equal(await user(driver), "ada", "the second tab has the first one's session");
    const before = tokenRequests(scene());
    const both = () => inPage(driver, () => void harness.client.renew().catch(() => undefined));
    // Neither can have ended before both have begun: the server waits for that.
    const renewals = new EventEmitter();
    scene().stage.server.tokenRequestsWaitFor = once(renewals, "begun");
    await both();
    await switchTab(driver, first);
    await both();
    renewals.emit("begun");
    for (const tab of [first, second]) {
      await switchTab(driver, tab);
      await waitInPage(driver, "a renewal", () => harness.events.some(({ type }) => type === "renewed"));
    }
    assert.equal(tokenRequests(scene()) - before, 1);
    const tokens = [];
    for (const tab of [first, second]) {
      await switchTab(driver, tab);
      tokens.push((await call(scene(), "/data")).body.token);
    }
    assert.equal(tokens[0], tokens[1]);
  });

  test("a reload takes up the session that another tab has, and the refresh token goes on", async () => {
    await afresh(scene());
    const { browser, stage } = scene();
    const { driver } = browser;
    await signIn(scene());
    await secondTab(scene());
    await driver.navigate().refresh();
    await hasHarness(driver);
    await start(driver, stage.config());
    assert.equal(await user(driver), "ada");
    await inPage(driver, () => harness.client.renew());
    assert.equal((await call(scene(), "/data")).status, 200);
    assert.equal(renewals(scene()), 1);
  });

  test("where no other tab has a session, a reload has none, and nothing is left in any storage", async () => {
    await afresh(scene());
    const { browser, stage } = scene();
    const { driver } = browser;
    await signIn(scene());
    assert.equal(await readable(driver), '[{},{},""]');
    await driver.navigate().refresh();
    await hasHarness(driver);
    await start(driver, stage.config());
    assert.equal(await user(driver), undefined);
  });

  test("the refresh token is in a worker: no script of the page sees it, on the channel or in a fetch", async () => {
    await afresh(scene());
    const { stage, browser } = scene();
    stage.pages.before = `
      globalThis.heard = [];
      new BroadcastChannel("edgeward ${stage.server.issuer} app").onmessage = ({ data }) => heard.push(JSON.stringify(data));
      const { fetch } = globalThis;
      globalThis.fetch = async (...request) => {
        const response = await fetch(...request);
        heard.push(String(request[0]?.url ?? request[0]), String(request[1]?.body), await response.clone().text());
        return response;
      };`;
    await signIn(scene());
    await inPage(browser.driver, () => harness.client.renew());
    const heard = await inPage(browser.driver, () =>
      (Reflect.get(globalThis, "heard") as string[]).join("\n"),
    );
    assert.match(heard, /code_challenge_methods_supported/, "it hears what the page fetches");
    assert.match(heard, /access_token/, "and what tabs say");
    assert.doesNotMatch(heard, /\/token\b.*\n.*refresh_token=/);
    for (const [, value] of heard.matchAll(/refresh_token\\?":\\?"([^"\\]+)/g)) {
      assert.match(value ?? "", /^edgeward-handle\./);
    }
  });

  test("a server that is down during a renewal costs nobody the session", async () => {
    await afresh(scene());
    const { stage, browser } = scene();
    const { driver } = browser;
    await signIn(scene());
    stage.server.isDown = true;
    await assert.rejects(
      inPage(driver, () => harness.client.renew()),
      { code: "authorization_server_unavailable" },
    );
    assert.equal((await call(scene(), "/data")).status, 200, "the token there is still good");
    assert.deepEqual(await eventTypes(driver), ["signed_in", "renewal_failed"]);
    stage.server.isDown = false;
    await inPage(driver, () => harness.client.renew());
    assert.equal((await call(scene(), "/data")).status, 200);
  });

  test("a server that takes the refresh token no more ends the session", async () => {
    await afresh(scene());
    const { stage, browser } = scene();
    await signIn(scene());
    await stage.server.revokeAll();
    await assert.rejects(
      inPage(browser.driver, () => harness.client.renew()),
      { code: "token_request_refused" },
    );
    assert.deepEqual(await eventTypes(browser.driver), ["signed_in", "signed_out"]);
    assert.equal(await user(browser.driver), undefined);
  });

  test("a token that the API takes no more is renewed, and the request sent once more, once", async () => {
    await afresh(scene());
    const { stage } = scene();
    await signIn(scene());
    stage.api.refuse((await call(scene(), "/data")).body.token ?? "");
    stage.api.answers.length = 0;
    assert.equal((await call(scene(), "/data")).status, 200);
    assert.deepEqual(stage.api.answers, ["GET /data 401", "GET /data 200"]);
    assert.equal(renewals(scene()), 1);
  });

  test("signing out revokes the tokens and ends the session in every tab", async () => {
    await afresh(scene());
    const { stage, browser } = scene();
    const { driver } = browser;
    await signIn(scene());
    const [first] = await secondTab(scene());
    await leavePage(driver, () => void harness.client.logout());
    await waitUntil("the server's page", async () =>
      (await driver.getCurrentUrl()).startsWith(stage.server.issuer),
    );
    assert.equal(stage.server.requests.filter((request) => request === "POST /token/revocation").length, 1);
    await switchTab(driver, first);
    await waitInPage(driver, "signed out", () => harness.client.user === undefined);
    assert.deepEqual((await eventTypes(driver)).slice(-1), ["signed_out"]);
  });

  test("a page that keeps the refresh token itself, because it may have no worker, renews as well", async () => {
    await afresh(scene());
    const { stage, browser } = scene();
    await signIn(scene(), stage.config(), { worker: false });
    await inPage(browser.driver, () => harness.client.renew());
    const { driver } = browser;
    // A tab that has no refresh token has the one renew that has.
    await secondTab(scene());
    await inPage(driver, () => harness.client.renew());
    assert.equal((await call(scene(), "/data")).status, 200);
    assert.equal(renewals(scene()), 2);
  });

  test("session storage is used by explicit choice alone, and then a reload goes on", async () => {
    await afresh(scene());
    const { stage, browser } = scene();
    const { driver } = browser;
    const choices = { token_storage: "session", share_between_tabs: false } as const;
    await signIn(scene(), stage.config(), choices);
    await driver.navigate().refresh();
    await hasHarness(driver);
    await start(driver, stage.config(), choices);
    assert.equal(await user(driver), "ada");
    await inPage(driver, () => harness.client.renew());
    assert.equal((await call(scene(), "/data")).status, 200);
  });
});
