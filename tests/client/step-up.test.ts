/** APIs that ask for another authentication (RFC 9470), answered by signing in once more. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { ACR_CONFIRMED } from "../../examples/demo/authorization-server/authentication.ts";
import { inPage, leavePage, waitInPage, waitUntil } from "../webdriver/page.ts";
import { inEveryBrowser } from "./stage.ts";
import { afresh, call, eventTypes, finishInWindow, hasHarness, signIn, start } from "./visit.ts";

inEveryBrowser("step-up", {}, (scene) => {
  test("by redirect: the sign-in asks for what the API asks for, comes back to the same path, and the API is content", async () => {
    await afresh(scene());
    const { stage, browser } = scene();
    const { driver } = browser;
    await signIn(scene());
    await inPage(driver, () => history.replaceState(null, "", "/reports?of=today"));
    await leavePage(
      driver,
      (url) => {
        harness.client.fetch(url).catch((error) => Reflect.set(document, "title", error.code));
      },
      `${stage.api.origin}/confirmed`,
    );
    await waitUntil("the callback", async () =>
      (await driver.getCurrentUrl()).startsWith(`${stage.pages.origin}/callback`),
    );
    await hasHarness(driver);
    await start(driver, stage.config());
    const { return_to, acr } = await inPage(driver, async () => {
      const signedIn = await harness.client.handleCallback();
      return { return_to: signedIn.return_to, acr: signedIn.user.acr };
    });
    assert.equal(return_to, "/reports?of=today");
    assert.equal(acr, ACR_CONFIRMED);
    assert.equal((await call(scene(), "/confirmed")).status, 200);
  });

  test("by popup: the request is sent once more, and the page has not moved", async () => {
    await afresh(scene());
    const { stage, browser } = scene();
    const { driver } = browser;
    const config = stage.config();
    await signIn(scene(), config, { step_up: "popup" });
    const first = await driver.getWindowHandle();
    await inPage(
      driver,
      (url) => {
        const button = document.createElement("button");
        button.textContent = "Call";
        button.onclick = async () => {
          const response = await harness.client.fetch(url).catch((error) => error);
          harness.outcome = String(response.status ?? response.code);
        };
        document.body.append(button);
      },
      `${stage.api.origin}/confirmed`,
    );
    await driver.findElement({ css: "button" }).click();
    await finishInWindow(scene(), first);
    const outcome = await waitInPage(driver, "what came of it", () => harness.outcome);
    assert.equal(outcome, "200");
    assert.deepEqual(stage.api.answers, ["GET /confirmed 401", "GET /confirmed 200"]);
  });

  test("left to the page, it gets the API's own answer, and the event says what is asked", async () => {
    await afresh(scene());
    const { browser, stage } = scene();
    await signIn(scene(), stage.config(), { step_up: "none" });
    assert.equal((await call(scene(), "/confirmed")).status, 401);
    assert.deepEqual(await eventTypes(browser.driver), ["signed_in", "step_up_required"]);
    const event = await inPage(browser.driver, () => harness.events.at(-1));
    assert.ok(event?.type === "step_up_required" && event.acr_values === ACR_CONFIRMED);
  });
});
