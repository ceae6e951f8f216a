/**
 * Signs a person in through the real pages: login form, consent form, redirect with a code.
 */

import type { SignInClient } from "../authorization-server/clients.ts";
import type { Stack } from "../stack.ts";
import { type AuthorizationRequest, authorizationRequest } from "./oauth-client.ts";
import { type Arrival, type Page, UserAgent } from "./user-agent.ts";

/** How somebody is to be authenticated (RFC 9470 section 4), as the authorization request says it. */
export interface Authentication {
  readonly acr_values?: string;
  readonly max_age?: string;
}

export interface SignIn extends Authentication {
  readonly client: SignInClient;
  readonly username: string;
  readonly scope: string;
  /** Asked with `prompt=consent`, which a refresh token takes. */
  readonly prompt?: string;
}

export interface SignedIn {
  readonly request: AuthorizationRequest;
  /** The redirect back to the client: `code`, `state` and `iss` are in its query. */
  readonly callback: URL;
  readonly code: string;
}

/** An authorization request of our own, and the code that comes of it. */
export async function signIn(
  stack: Stack,
  { client, username, scope, ...changes }: SignIn,
): Promise<SignedIn> {
  const request = authorizationRequest(stack.urls.authorizationServer, client, scope, { ...changes });
  const callback = await throughThePages(stack, request.url, username);
  const code = callback.searchParams.get("code");
  if (code === null) throw new Error(`came back without a code: ${callback.searchParams.get("error")}`);
  return { request, callback, code };
}

/** What a person does: opens the address, logs in, allows what is asked. Gives the address they come back to. */
export async function throughThePages(
  { urls, accounts }: Stack,
  url: string,
  username: string,
): Promise<URL> {
  const account = accounts.find((candidate) => candidate.username === username);
  if (account === undefined) throw new Error(`there is no account "${username}"`);
  const agent = new UserAgent(urls.authorizationServer);

  const login = pageWithForm(await agent.open(url), "/login");
  const consent = await submitForm(agent, login, "/login", { username, password: account.password });
  const arrival = "callback" in consent ? consent : await submitForm(agent, pageOf(consent), "/consent");
  return callbackOf(arrival);
}

/** Finds the form by the end of its action and sends it. */
export async function submitForm(
  agent: UserAgent,
  page: Page,
  action: string,
  values: Record<string, string> = {},
): Promise<Arrival> {
  const form = page.forms.find((candidate) => candidate.action.endsWith(action));
  if (form === undefined) throw new Error(`no form "${action}" on ${page.url} (${page.status})`);
  return await agent.submit(page, form, values);
}

export function pageWithForm(arrival: Arrival, action: string): Page {
  const page = pageOf(arrival);
  if (!page.forms.some((form) => form.action.endsWith(action))) {
    throw new Error(`expected a form "${action}" on ${page.url} (${page.status})`);
  }
  return page;
}

export function pageOf(arrival: Arrival): Page {
  if ("page" in arrival) return arrival.page;
  throw new Error(`expected a page, was sent to ${arrival.callback.origin}${arrival.callback.pathname}`);
}

export function callbackOf(arrival: Arrival): URL {
  if ("callback" in arrival) return arrival.callback;
  throw new Error(`expected a redirect back to the client, got a page (${arrival.page.status})`);
}
