/**
 * Signing in by redirect, in real browsers, at a real authorization server: RFC 6749 section 4.1, RFC 7636, RFC 9126, RFC 9207, OIDC Core.
 */

import assert from "node:assert/strict";
import { test } from "node:test";
import { closeTab, inPage, leavePage, newTab, switchTab, waitUntil } from "../webdriver/page.ts";
import { inEveryBrowser } from "./stage.ts";
import { afresh, goAndComeBack, hasHarness, openPage, signIn, start, tokenRequests, user } from "./visit.ts";

inEveryBrowser("signing in", {}, (scene) => {
  test("before the first sign-in nothing of WebAssembly is loaded", async () => {
    await afresh(scene());
    const { stage, browser } = scene();
    await openPage(scene());
    assert.equal((await start(browser.driver, stage.config())).hasCallback, false);
    assert.deepEqual(
      stage.pages.files.filter((file) => file.endsWith(".wasm")),
      [],
    );
  });

  // RFC 9126 section 4: what was pushed never stands in a URL.
  test("where the server takes pushed requests, the browser carries a reference alone", async () => {
    await afresh(scene());
    const { stage, browser } = scene();
    stage.server.isThinking = true;
    await openPage(scene());
    await start(browser.driver, stage.config());
    const url = await inPage(
      browser.driver,
      async (config) => {
        let left = "";
        const client = await harness.createClient(config, { navigate: (to) => (left = to) });
        await client.login();
        return left;
      },
      stage.config(),
    );
    const names = [...new URL(url).searchParams.keys()];
    assert.deepEqual(names, ["client_id", "request_uri"]);
    assert.equal(stage.server.requests.filter((request) => request === "POST /request").length, 1);
  });

  test("class_49 the code and the state have left the address and the history when the user is signed in", async () => {
    await afresh(scene());
    const { stage, browser } = scene();
    assert.equal(await signIn(scene()), "ada");
    assert.equal(await browser.driver.getCurrentUrl(), `${stage.pages.origin}/callback`);
    assert.equal(tokenRequests(scene()), 1);
  });

  test("a component that is mounted twice gets the same client, and the code is used once", async () => {
    await afresh(scene());
    const { stage, browser } = scene();
    const { driver } = browser;
    const config = stage.config();
    await openPage(scene());
    await start(driver, config);
    await goAndComeBack(scene());
    const users = await inPage(
      driver,
      async (settings) => {
        const mount = async () => {
          const client = await harness.createClient(settings);
          return client.hasCallback ? (await client.handleCallback()).user.sub : "no callback";
        };
        return await Promise.all([mount(), mount()]);
      },
      config,
    );
    assert.deepEqual(users, ["ada", "ada"]);
    assert.equal(tokenRequests(scene()), 1);
  });

  test("a reload of the callback's page is no second callback, and no error", async () => {
    await afresh(scene());
    const { stage, browser } = scene();
    await signIn(scene());
    await browser.driver.navigate().refresh();
    await hasHarness(browser.driver);
    assert.equal((await start(browser.driver, stage.config())).hasCallback, false);
    assert.equal(tokenRequests(scene()), 1);
  });

  test("class_46 a callback that is opened a second time is refused, and asks for no token", async () => {
    await afresh(scene());
    const { stage, browser } = scene();
    const { driver } = browser;
    const config = stage.config();
    await openPage(scene());
    await start(driver, config);
    // The address as it came, before the page takes it out.
    stage.pages.before = "sessionStorage.setItem('opened', location.href);";
    await goAndComeBack(scene());
    const callback = await inPage(driver, () => sessionStorage.getItem("opened") ?? "");
    assert.match(callback, /[?&]code=/);
    await start(driver, config);
    await inPage(driver, async () => void (await harness.client.handleCallback()));
    stage.pages.before = "";
    await driver.get(callback);
    await hasHarness(driver);
    assert.equal((await start(driver, config, { share_between_tabs: false })).hasCallback, true);
    await assert.rejects(
      inPage(driver, async () => void (await harness.client.handleCallback())),
      { code: "transaction_unknown" },
    );
    assert.equal(tokenRequests(scene()), 1);
  });

  test("the back button after a sign-in brings back no callback, and the next sign-in works", async () => {
    await afresh(scene());
    const { stage, browser } = scene();
    const { driver } = browser;
    await signIn(scene());
    await driver.navigate().back();
    await waitUntil("a page", async () => (await driver.getTitle()) !== "");
    await driver.navigate().forward();
    await waitUntil("the page", async () => (await driver.getCurrentUrl()).startsWith(stage.pages.origin));
    assert.doesNotMatch(await driver.getCurrentUrl(), /[?&]code=/);
    assert.equal(await signIn(scene()), "ada");
  });

  test("sign-ins in two tabs at once end each in its own", async () => {
    await afresh(scene());
    const { stage, browser } = scene();
    const { driver } = browser;
    const config = stage.config();
    const choices = { share_between_tabs: false };
    stage.server.isThinking = true;
    const leave = async () => {
      await hasHarness(driver);
      await start(driver, config, choices);
      await leavePage(driver, () => void harness.client.login().catch(() => undefined));
      await waitUntil("the login page", async () => (await driver.getTitle()) === "Sign in");
    };
    await driver.get(`${stage.pages.origin}/`);
    await leave();
    const first = await driver.getWindowHandle();
    const second = await newTab(driver, `${stage.pages.origin}/`);
    await leave();
    stage.server.isThinking = false;
    for (const tab of [second, first]) {
      await switchTab(driver, tab);
      await driver.navigate().refresh();
      await waitUntil("the callback", async () =>
        (await driver.getCurrentUrl()).startsWith(`${stage.pages.origin}/callback`),
      );
      await hasHarness(driver);
      await start(driver, config, choices);
      const name = await inPage(driver, async () => (await harness.client.handleCallback()).user.sub);
      assert.equal(name, "ada");
    }
    await switchTab(driver, second);
    await closeTab(driver, first);
    assert.equal(await user(driver), "ada");
  });

  test("the user's claims come from the userinfo endpoint as well (OIDC Core section 5.3)", async () => {
    await afresh(scene());
    const { stage, browser } = scene();
    const { resource: _, ...config } = stage.config();
    await signIn(scene(), config);
    const claims = await inPage(browser.driver, () => harness.client.userinfo());
    assert.deepEqual(claims, { sub: "ada", name: "ada of the tests" });
  });

  test("a userinfo endpoint that does not take the token of an API says so by a code of its own", async () => {
    await afresh(scene());
    await signIn(scene());
    await assert.rejects(
      inPage(scene().browser.driver, () => harness.client.userinfo()),
      { code: "userinfo_refused" },
    );
  });

  // OIDC Core section 3.1.2.6: with prompt=none a server that would have to ask answers with an error.
  test("an error answer is a typed error with the server's own code", async () => {
    await afresh(scene());
    const { browser, stage } = scene();
    await openPage(scene());
    await start(browser.driver, stage.config());
    await goAndComeBack(scene(), { prompt: "none" });
    await start(browser.driver, stage.config());
    await assert.rejects(
      inPage(browser.driver, async () => void (await harness.client.handleCallback())),
      { code: "authorization_refused", message: /login_required/ },
    );
    assert.equal(tokenRequests(scene()), 0);
  });
});
