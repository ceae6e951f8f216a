/** What a person and the page do in these tests. */

import type { WebDriver } from "selenium-webdriver";
import type { ClientConfig, ClientEvent, LoginOptions } from "../../js/browser.ts";
import { inPage, leavePage, waitInPage, waitUntil } from "../webdriver/page.ts";
import type { Scene } from "./stage.ts";

/** What of the options a test can hand into a page. */
export interface Choices {
  token_storage?: "memory" | "session";
  share_between_tabs?: boolean;
  step_up?: "redirect" | "popup" | "none";
  worker?: false;
}

/** Opens a page of the application, from a profile without a session there. */
export async function openPage({ stage, browser }: Scene, path = "/"): Promise<void> {
  await browser.driver.get(`${stage.pages.origin}${path}`);
  await hasHarness(browser.driver);
}

export async function hasHarness(driver: WebDriver): Promise<void> {
  await waitInPage(driver, "the page's script", () => typeof globalThis.harness === "object");
}

/** Makes the page's client. */
export async function start(
  driver: WebDriver,
  config: ClientConfig,
  choices: Choices = {},
): Promise<{ hasCallback: boolean; user?: string }> {
  return await inPage(driver, (settings, options) => harness.start(settings, options), config, choices);
}

/** Leaves for the authorization server, and waits until the callback is there. */
export async function goAndComeBack(scene: Scene, options: LoginOptions = {}): Promise<void> {
  const { driver } = scene.browser;
  await leavePage(
    driver,
    (chosen) => {
      harness.client.login(chosen).catch((error) => {
        document.title = `${error.code}`;
      });
    },
    options,
  );
  await waitUntil("the callback", async () =>
    (await driver.getCurrentUrl()).startsWith(`${scene.stage.pages.origin}/callback`),
  );
  await hasHarness(driver);
}

/** A whole sign-in of the tab that the driver is in. Gives who is signed in. */
export async function signIn(
  scene: Scene,
  config: ClientConfig = scene.stage.config(),
  choices: Choices = {},
  options: LoginOptions = {},
): Promise<string> {
  const { driver } = scene.browser;
  await openPage(scene);
  await start(driver, config, choices);
  await goAndComeBack(scene, options);
  await start(driver, config, choices);
  return await inPage(driver, async () => (await harness.client.handleCallback()).user.sub);
}

/** Calls the API by the client: the status, and what it says. */
export async function call(
  { stage, browser }: Scene,
  path: string,
): Promise<{ status: number; body: { sub?: string; acr?: string; token?: string } }> {
  return await inPage(
    browser.driver,
    async (url) => {
      const response = await harness.client.fetch(url);
      const body = response.headers.get("content-type")?.includes("json") ? await response.json() : {};
      return { status: response.status, body };
    },
    `${stage.api.origin}${path}`,
  );
}

/** What the client has told its listeners: the types, in order. */
export async function eventTypes(driver: WebDriver): Promise<ClientEvent["type"][]> {
  return await inPage(driver, () => harness.events.map(({ type }) => type));
}

export async function user(driver: WebDriver): Promise<string | undefined> {
  return await inPage(driver, () => harness.client.user?.sub);
}

/** Everything of a fresh profile: no cookies, nothing stored, one tab. */
export async function afresh({ browser, stage }: Scene): Promise<void> {
  const { server, pages } = stage;
  Object.assign(server, {
    account: "ada",
    isThinking: false,
    isDown: false,
    requiresNonce: false,
    demandsProofs: false,
    nonce: undefined,
  });
  Object.assign(stage.api, { movesTo: "/data", nonce: undefined });
  Object.assign(pages, { clockOffset: 0, policy: undefined, before: "" });
  const { driver } = browser;
  const [first, ...others] = await driver.getAllWindowHandles();
  for (const handle of others) {
    await driver.switchTo().window(handle);
    await driver.close();
  }
  if (first !== undefined) await driver.switchTo().window(first);
  for (const origin of [stage.server.issuer, stage.pages.origin]) {
    await driver.get(`${origin}/nothing-here`);
    await driver.manage().deleteAllCookies();
  }
  await inPage(driver, () => {
    sessionStorage.clear();
    localStorage.clear();
  });
  for (const list of [server.requests, server.grants, stage.api.answers, pages.files]) list.length = 0;
}

/** How often the token endpoint was asked. */
export const tokenRequests = ({ stage }: Scene): number =>
  stage.server.requests.filter((request) => request === "POST /token").length;

/** Runs what a window's page runs on the redirect URI, once it is there. The driver is in the first window then. */
export async function finishInWindow({ browser, stage }: Scene, first: string): Promise<void> {
  const { driver } = browser;
  const { redirect_uri } = stage.config();
  const popup = await waitUntil("the window", async () =>
    (await driver.getAllWindowHandles()).find((handle) => handle !== first),
  );
  await driver.switchTo().window(popup);
  await waitInPage(
    driver,
    "the callback",
    (callback) => location.href.startsWith(callback) && typeof globalThis.harness === "object",
    redirect_uri,
  );
  await leavePage(driver, (config) => harness.comeBack(config), stage.config());
  await driver.switchTo().window(first);
}
