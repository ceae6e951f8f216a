/** Signing in by a window of its own: the page stays, and needs no storage. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { inPage, switchTab, waitInPage, waitUntil, windowOpenedBy } from "../webdriver/page.ts";
import { inEveryBrowser, type Scene } from "./stage.ts";
import { afresh, call, finishInWindow, openPage, start, tokenRequests, user } from "./visit.ts";

/** What came of the sign-in: who, or the code of an error. */
const outcome = ({ browser }: Scene) => waitInPage(browser.driver, "what came of it", () => harness.outcome);

/** Presses a button, as a person does, which signs in by a window. */
async function signInByWindow({ browser }: Scene): Promise<void> {
  const { driver } = browser;
  await inPage(driver, () => {
    const button = document.createElement("button");
    button.textContent = "Sign in";
    button.onclick = () => {
      const signingIn = harness.client.loginWithPopup();
      const tell = (what: unknown) => {
        harness.outcome = String(what);
      };
      signingIn.then(
        ({ user }) => tell(user.sub),
        (error) => tell(error.code ?? String(error)),
      );
    };
    document.body.append(button);
  });
  await driver.findElement({ css: "button" }).click();
}

inEveryBrowser("signing in by a popup", {}, (scene) => {
  test("the user is signed in, the page has not moved, and the window is gone", async () => {
    await afresh(scene());
    const { browser, stage } = scene();
    const { driver } = browser;
    await openPage(scene(), "/deep/inside?of=it");
    await start(driver, stage.config());
    await signInByWindow(scene());
    // The window's page starts its client as every page does, and hands the callback over.
    const first = await driver.getWindowHandle();
    await finishInWindow(scene(), first);
    assert.equal(await outcome(scene()), "ada");
    assert.equal(await driver.getCurrentUrl(), `${stage.pages.origin}/deep/inside?of=it`);
    await waitUntil("one window", async () => (await driver.getAllWindowHandles()).length === 1);
    assert.equal((await call(scene(), "/data")).status, 200);
    assert.equal(tokenRequests(scene()), 1);
  });

  test("a window that the person closes ends the sign-in with popup_closed, and the next one works", async () => {
    await afresh(scene());
    const { browser, stage } = scene();
    const { driver } = browser;
    await openPage(scene());
    await start(driver, stage.config());
    stage.server.isThinking = true;
    const first = await driver.getWindowHandle();
    const popup = await windowOpenedBy(driver, () => signInByWindow(scene()));
    await switchTab(driver, popup);
    await waitUntil("the login page", async () => (await driver.getTitle()) === "Sign in");
    await driver.close();
    await switchTab(driver, first);
    assert.equal(await outcome(scene()), "popup_closed");
    assert.equal(await user(driver), undefined);
    stage.server.isThinking = false;
    await inPage(driver, () => {
      delete harness.outcome;
      document.querySelector("button")?.remove();
    });
    await signInByWindow(scene());
    await finishInWindow(scene(), first);
    assert.equal(await outcome(scene()), "ada");
  });

  test("storage that is blocked stops a redirect by its own code, and no popup", async () => {
    await afresh(scene());
    const { browser, stage } = scene();
    const { driver } = browser;
    // As browsers do where a person blocks storage for a site: reading the property throws.
    stage.pages.before = `for (const name of ["sessionStorage", "localStorage", "indexedDB"])
      Object.defineProperty(globalThis, name, { get() { throw new DOMException("denied", "SecurityError"); } });`;
    await openPage(scene());
    await start(driver, stage.config());
    await assert.rejects(
      inPage(driver, () => harness.client.login()),
      { code: "storage_unavailable" },
    );
    const first = await driver.getWindowHandle();
    await signInByWindow(scene());
    await finishInWindow(scene(), first);
    assert.equal(await outcome(scene()), "ada");
    await inPage(driver, () => harness.client.renew());
    assert.equal((await call(scene(), "/data")).status, 200);
  });
});

inEveryBrowser("a browser that opens no windows", { allowsPopups: false }, (scene) => {
  test("a sign-in that no click has asked for ends with popup_blocked", async () => {
    await afresh(scene());
    const { browser, stage } = scene();
    await openPage(scene());
    await start(browser.driver, stage.config());
    await assert.rejects(
      inPage(browser.driver, async () => void (await harness.client.loginWithPopup())),
      { code: "popup_blocked" },
    );
  });
});
