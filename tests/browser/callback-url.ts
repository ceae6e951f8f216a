/**
 * Sign-ins whose callback is held back, so that a test can change it before the browser gets to see it.
 *
 * The browser's own page starts them, so the transaction is the real one in the real tab; the login and consent forms
 * are then filled in outside of the browser.
 */

import type { Page } from "playwright-core";
import { throughThePages } from "../../examples/demo/walkthrough/sign-in.ts";
import type { Demo } from "./demo.ts";
import { button } from "./person.ts";

/** Presses "Sign in" and catches the authorization request; the tab stays where it is. */
export async function catchAuthorizationRequest(demo: Demo, page: Page): Promise<URL> {
  const pattern = `${demo.stack.urls.authorizationServer}/auth?*`;
  const caught = page.waitForRequest((request) => request.url().includes("/auth?"));
  // To "204 No Content" a browser answers by staying on the page it has.
  let isHeldBack = true;
  await page.route(pattern, (route) => {
    if (!isHeldBack) return route.fallback();
    isHeldBack = false;
    return route.fulfill({ status: 204 });
  });
  await button(page, "Sign in").click();
  return new URL((await caught).url());
}

/** Starts a sign-in in this tab and gives the genuine callback that belongs to it, not yet opened. */
export async function heldBackCallback(demo: Demo, page: Page, username = "ada"): Promise<URL> {
  const request = await catchAuthorizationRequest(demo, page);
  return await throughThePages(demo.stack, request.href, username);
}

/** The `state` values of the sign-ins that the tab remembers. */
export async function rememberedStates(page: Page): Promise<string[]> {
  const keys = await page.evaluate(() => Object.keys(sessionStorage));
  return keys.map((key) => key.split(".").at(-1) ?? key);
}
