/**
 * The pages a person sees at the authorization server. Plain forms: they work without JavaScript, and the
 * walkthrough submits the very same ones over HTTP.
 */

import type { AccountCredentials } from "./accounts.ts";
import { type Html, html, trustedHtml } from "./html.ts";

export const SERVER_NAME = "Harbour ID";

export interface LoginPage {
  readonly action: string;
  readonly cancelAction: string;
  readonly clientName: string;
  readonly username: string;
  readonly failed: boolean;
  readonly accounts: readonly AccountCredentials[];
}

export function loginPage({
  action,
  cancelAction,
  clientName,
  username,
  failed,
  accounts,
}: LoginPage): string {
  // A returning visitor only has the password to type, so that is where the cursor starts.
  const [nameFocus, passwordFocus] =
    username === "" ? [html` autofocus`, html``] : [html``, html` autofocus`];
  const described = failed && html` aria-describedby="failure" aria-invalid="true"`;
  return page(
    "Sign in",
    html`
      <h1>Sign in</h1>
      <p class="lead">to continue to <strong>${clientName}</strong></p>
      ${
        failed &&
        html`<p class="failure" id="failure" role="alert">That name and password don’t belong together. Try again.</p>`
      }
      <form method="post" action="${action}">
        <label for="username">Name</label>
        <input id="username" name="username" value="${username}" autocomplete="username" autocapitalize="none"
          spellcheck="false" required${nameFocus}${described}>
        <label for="password">Password</label>
        <input id="password" name="password" type="password" autocomplete="current-password"
          required${passwordFocus}${described}>
        <button class="primary" type="submit">Sign in</button>
      </form>
      ${cancelForm(cancelAction, "Cancel and go back")}`,
    html`
      <aside aria-labelledby="demo-accounts">
        <h2 id="demo-accounts">Accounts in this demo</h2>
        <dl>
          ${accounts.map(
            ({ username: name, password, note }) => html`
              <div>
                <dt><code>${name}</code> <span class="with">with</span> <code>${password}</code></dt>
                <dd>${note}</dd>
              </div>`,
          )}
        </dl>
      </aside>`,
  );
}

export interface ConsentChoice {
  /** The form field's value; unique on the page. */
  readonly value: string;
  readonly scope: string;
  readonly permission: string;
  readonly state: "offered" | "required" | "forbidden";
}

export interface ConsentPage {
  readonly action: string;
  readonly cancelAction: string;
  readonly clientName: string;
  readonly personName: string;
  readonly choices: readonly ConsentChoice[];
}

export function consentPage({ action, cancelAction, clientName, personName, choices }: ConsentPage): string {
  return page(
    "Allow access",
    html`
      <h1>Allow ${clientName}?</h1>
      <p class="lead">Signed in as <strong>${personName}</strong></p>
      <form method="post" action="${action}">
        <fieldset>
          <legend>${clientName} wants to</legend>
          <ul class="choices">${choices.map(consentChoice)}</ul>
        </fieldset>
        <p class="hint">It gets what is ticked, nothing else.</p>
        <button class="primary" type="submit" autofocus>Allow</button>
      </form>
      ${cancelForm(cancelAction, "Refuse everything")}`,
  );
}

function consentChoice({ value, scope, permission, state }: ConsentChoice, index: number): Html {
  const id = `choice-${index}`;
  const note = {
    offered: html``,
    required: html` <span class="note">always part of signing in</span>`,
    forbidden: html` <span class="note">your account may not grant this</span>`,
  }[state];
  const attributes = {
    offered: html` checked`,
    required: html` checked disabled`,
    forbidden: html` disabled`,
  }[state];
  return html`
    <li class="${state}">
      <input type="checkbox" id="${id}" name="scope" value="${value}"${attributes}>
      <label for="${id}">${permission}${note}</label>
      <code>${scope}</code>
    </li>`;
}

/** `form` is oidc-provider's own, with its protection against cross-site requests; the buttons join it by id. */
export function signOutPage(form: string): string {
  return page(
    "Sign out",
    html`
      <h1>Sign out?</h1>
      <p class="lead">This ends your session at ${SERVER_NAME}. The next sign-in asks for the password again.</p>
      ${trustedHtml(form)}
      <button class="primary" type="submit" form="op.logoutForm" name="logout" value="yes" autofocus>Sign out</button>
      <button class="quiet" type="submit" form="op.logoutForm">Stay signed in</button>`,
  );
}

export function signedOutPage(pageOrigin: string): string {
  return page(
    "Signed out",
    html`
      <h1>Signed out</h1>
      <p class="lead">Your session at ${SERVER_NAME} is over.</p>
      <p><a href="${pageOrigin}/">Back to Tidewater</a></p>`,
  );
}

export function errorPage(error: string, description: string): string {
  return page(
    "This can’t go on",
    html`
      <h1>This can’t go on</h1>
      <p class="lead">The request that brought you here was refused.</p>
      <dl class="error">
        <div><dt>error</dt><dd><code>${error}</code></dd></div>
        ${description !== "" && html`<div><dt>because</dt><dd>${description}</dd></div>`}
      </dl>`,
  );
}

function cancelForm(action: string, label: string): Html {
  return html`
    <form method="post" action="${action}">
      <button class="quiet" type="submit">${label}</button>
    </form>`;
}

function page(title: string, body: Html, beside: Html = html``): string {
  return html`<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <title>${title} – ${SERVER_NAME}</title>
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <link rel="icon" href="/icon.svg" type="image/svg+xml">
    <link rel="stylesheet" href="/style.css">
  </head>
  <body>
    <main>
      <p class="brand"><img src="/icon.svg" alt="" width="28" height="28"> ${SERVER_NAME}</p>
      <div class="card">${body}</div>
      ${beside}
      <p class="colophon">The demo’s authorization server. It runs on this machine only, and forgets everything
        when it stops.</p>
    </main>
  </body>
</html>
`.text;
}
