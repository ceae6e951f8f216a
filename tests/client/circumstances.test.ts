/** What really happens to people: wrong clocks, blocked cookies, strict pages, a device that slept. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { inPage, waitInPage } from "../webdriver/page.ts";
import { inEveryBrowser } from "./stage.ts";
import { afresh, call, eventTypes, signIn, tokenRequests } from "./visit.ts";

inEveryBrowser("circumstances", { blocksThirdPartyCookies: true }, (scene) => {
  test("third-party cookies blocked: signing in, renewing and calling work, since nothing needs one", async () => {
    await afresh(scene());
    const { browser } = scene();
    assert.equal(await signIn(scene()), "ada");
    await inPage(browser.driver, () => harness.client.renew());
    assert.equal((await call(scene(), "/data")).status, 200);
  });

  for (const [hours, what] of [
    [1, "fast"],
    [-1, "slow"],
  ] as const) {
    test(`a clock that is an hour ${what} locks nobody out, and tokens end when they end`, async () => {
      await afresh(scene());
      const { stage, browser } = scene();
      stage.pages.clockOffset = hours * 3600;
      assert.equal(await signIn(scene()), "ada");
      assert.equal((await call(scene(), "/data")).status, 200);
      const left = await inPage(browser.driver, () => (harness.client.expires_at ?? 0) - harness.now());
      assert.ok(left > 200 && left <= 300, `${left} seconds by the same clock`);
      await inPage(browser.driver, () => harness.client.renew());
      assert.equal((await call(scene(), "/data")).status, 200);
    });

    test(`proofs of possession are dated by the server's clock where one's own is an hour ${what}`, async () => {
      await afresh(scene());
      const { stage } = scene();
      stage.pages.clockOffset = hours * 3600;
      assert.equal(await signIn(scene(), stage.config("app", { dpop: true })), "ada");
      assert.equal((await call(scene(), "/bound")).status, 200);
    });
  }

  test("a device that slept past the token's end has a new one before the next request goes", async () => {
    await afresh(scene());
    const { stage, browser } = scene();
    await signIn(scene());
    const before = tokenRequests(scene());
    await inPage(browser.driver, () => harness.sleep(3600));
    assert.equal((await call(scene(), "/data")).status, 200);
    assert.deepEqual(stage.api.answers, ["GET /data 200"], "the old token was not sent");
    assert.equal(tokenRequests(scene()) - before, 1);
  });

  test("a page that is seen again renews what is due", async () => {
    await afresh(scene());
    const { browser } = scene();
    await signIn(scene());
    await inPage(browser.driver, () => {
      harness.sleep(290);
      dispatchEvent(new Event("focus"));
    });
    await waitInPage(browser.driver, "a renewal", () =>
      harness.events.some(({ type }) => type === "renewed"),
    );
    assert.deepEqual(await eventTypes(browser.driver), ["signed_in", "renewed"]);
  });

  test("a server that is down when the token has ended is named as the reason, and the session is there afterwards", async () => {
    await afresh(scene());
    const { stage, browser } = scene();
    await signIn(scene());
    stage.server.isDown = true;
    await inPage(browser.driver, () => harness.sleep(3600));
    await assert.rejects(call(scene(), "/data"), { code: "authorization_server_unavailable" });
    assert.deepEqual(stage.api.answers, []);
    stage.server.isDown = false;
    assert.equal((await call(scene(), "/data")).status, 200);
  });

  test("a strict page, with scripts of its own origin alone, signs in without WebAssembly", async () => {
    await afresh(scene());
    const { stage, browser } = scene();
    const { issuer } = stage.server;
    stage.pages.policy = `default-src 'none'; script-src 'self'; connect-src 'self' ${issuer} ${stage.api.origin}; img-src data:`;
    assert.equal(await signIn(scene()), "ada");
    assert.ok(
      stage.pages.files.some((file) => file.endsWith("/client_plain.js")),
      "by the script",
    );
    await inPage(browser.driver, () => harness.client.renew());
    assert.equal((await call(scene(), "/data")).status, 200);
  });

  test("a page that may have no worker keeps the refresh token itself", async () => {
    await afresh(scene());
    const { stage, browser } = scene();
    const { issuer } = stage.server;
    stage.pages.policy = `default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'none'; connect-src 'self' ${issuer} ${stage.api.origin}; img-src data:`;
    stage.pages.before = `
      globalThis.fetched = [];
      const { fetch } = globalThis;
      globalThis.fetch = (...request) => (fetched.push(String(request[0]?.url ?? request[0])), fetch(...request));`;
    assert.equal(await signIn(scene()), "ada");
    const fetched = await inPage(browser.driver, () => Reflect.get(globalThis, "fetched") as string[]);
    assert.ok(fetched.includes(`${issuer}/token`), "the page asks for the tokens itself");
    await inPage(browser.driver, () => harness.client.renew());
    assert.equal((await call(scene(), "/data")).status, 200);
  });

  test("a trap inside the module ends what it happened in by a typed error, and the session goes on in a fresh one", async () => {
    await afresh(scene());
    const { browser } = scene();
    await signIn(scene());
    const code = await inPage(browser.driver, () => harness.trapInRenewal());
    assert.equal(code, "internal_error");
    assert.equal((await call(scene(), "/data")).status, 200);
    await inPage(browser.driver, () => harness.client.renew());
    assert.equal((await call(scene(), "/data")).body.sub, "ada");
  });
});
