/** What a person does: presses the buttons, fills in the forms, reads the answers. */

import type { Locator, Page } from "playwright-core";
import type { AccountCredentials } from "../../examples/demo/authorization-server/accounts.ts";
import type { Demo } from "./demo.ts";

export function accountOf({ stack }: Demo, username: string): AccountCredentials {
  const account = stack.accounts.find((candidate) => candidate.username === username);
  if (account === undefined) throw new Error(`the demo has no account "${username}"`);
  return account;
}

export const button = (page: Page, name: string): Locator => page.getByRole("button", { name, exact: true });

export const heading = (page: Page, name: string): Locator =>
  page.getByRole("heading", { name, exact: true });

/** From the signed-out page to the login form. */
export async function askToSignIn(page: Page): Promise<void> {
  await button(page, "Sign in").click();
  await heading(page, "Sign in").waitFor();
}

/** From the login form to the consent form. */
export async function logIn(page: Page, { username, password }: AccountCredentials): Promise<void> {
  await page.getByLabel("Name").fill(username);
  await page.getByLabel("Password").fill(password);
  await button(page, "Sign in").click();
  await heading(page, "Allow Tidewater?").waitFor();
}

/** From the consent form back to the page, signed in. */
export async function allow(page: Page): Promise<void> {
  await button(page, "Allow").click();
  await button(page, "Sign out").waitFor();
}

/** All of it, as Ada. */
export async function signIn(demo: Demo, page: Page): Promise<void> {
  await askToSignIn(page);
  await logIn(page, accountOf(demo, "ada"));
  await allow(page);
}

/** The card of one call, which has the button and, afterwards, the answer. */
export function callCard(page: Page, request: string): Locator {
  return page.getByRole("article").filter({ has: button(page, `Send ${request}`) });
}

/** Sends one call and gives what the card says then: the status and why, or that there was no answer. */
export async function call(page: Page, request: string): Promise<string> {
  const card = callCard(page, request);
  await button(page, `Send ${request}`).click();
  await card.getByText(/^(?:\d{3} |No answer)/).waitFor();
  return await card.getByRole("status").innerText();
}

/** The stable code of the failure that the page shows, once it shows one. */
export async function failureCode(page: Page): Promise<string> {
  return await page.locator("#notice .failure .code").innerText();
}

/** Scopes that the page says the token carries. */
export async function grantedScopes(page: Page): Promise<string[]> {
  return await page
    .locator("#rights-panel li")
    .filter({ hasText: /You may (?!not)/ })
    .locator("code")
    .allInnerTexts();
}
