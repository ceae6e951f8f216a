/** `edgeward/react` in Chromium, with React in development mode and StrictMode, against the demo's authorization server; and rendered by a server. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { BrowserContext, Page } from "playwright-core";
import { heldBackCallback } from "./callback-url.ts";
import { clientConfig } from "./client-page.ts";
import { type Demo, openDemo, tokenRequests, type Visitor } from "./demo.ts";
import { accountOf, button, heading } from "./person.ts";
import type { Choices, Seen } from "./react-page/app.ts";

const built = fileURLToPath(new URL("../../dist/react.js", import.meta.url));

/** The repository's own React, and the oldest that is supported, by where each is found. What hangs on React is tested with both. */
const newest = createRequire(import.meta.url);
const oldest = createRequire(new URL("react-18/package.json", import.meta.url));
const reacts = [newest, oldest].map((require) => ({
  require,
  version: String(require("react/package.json").version).split(".")[0],
}));

let demo: Demo;
/** The application with each React. */
const scripts = new Map<NodeJS.Require, string>();
before(async () => {
  demo = await openDemo();
  for (const { require } of reacts) scripts.set(require, await bundle("main.ts", "browser", require));
});
after(() => demo?.close());

/** The application with React and the built `edgeward/react`; `edgeward/browser` is the page's server's, which has its module beside it. */
async function bundle(file: string, platform: "browser" | "node", react: NodeJS.Require): Promise<string> {
  const bundler = createRequire(createRequire(import.meta.url).resolve("wrangler/package.json"))("esbuild");
  const client =
    platform === "browser"
      ? "/edgeward/browser.js"
      : pathToFileURL(built.replace("react.js", "browser.js")).href;
  const plugin = {
    name: "edgeward",
    setup(build: {
      onResolve(options: { filter: RegExp }, resolve: (found: { path: string }) => object): void;
    }) {
      build.onResolve({ filter: /^react(?:-dom)?(?:\/|$)/ }, ({ path }) => {
        const file = react.resolve(path);
        // The server's has to be the one that renders.
        return platform === "node" ? { path: pathToFileURL(file).href, external: true } : { path: file };
      });
      build.onResolve({ filter: /js\/react\.ts$/ }, () => ({ path: built }));
      build.onResolve({ filter: /\/browser\.js$/ }, () => ({ path: client, external: true }));
    },
  };
  const { outputFiles } = await bundler.build({
    entryPoints: [fileURLToPath(new URL(`react-page/${file}`, import.meta.url))],
    bundle: true,
    write: false,
    format: "esm",
    platform,
    plugins: [plugin],
    define: { "process.env.NODE_ENV": '"development"' },
    logLevel: "warning",
    // The directive says something to servers that render, and nothing to a page.
    logOverride: { "ignored-directive": "silent" },
  });
  return outputFiles[0].text;
}

interface Application extends Visitor {
  readonly consoleErrors: string[];
}

/** A visitor for whom the application is in the place of the page's own script, in popups as well. */
async function openApplication(chosen: Partial<Choices> = {}, react = newest): Promise<Application> {
  // The page's policy is for the page's own script: this one has no policy for trusted types.
  const visitor = await demo.visitor({ bypassCSP: true });
  const consoleErrors: string[] = [];
  visitor.context.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") consoleErrors.push(message.text());
  });
  await serve(visitor.context, chosen, react);
  await visitor.page.goto(`${demo.stack.urls.page}/`);
  await button(visitor.page, "Sign in by a window").waitFor();
  return { ...visitor, consoleErrors };
}

/** The document stays the server's own: Chromium lets none that is made up here ask a server on this machine. */
async function serve(
  context: BrowserContext,
  chosen: Partial<Choices>,
  react: NodeJS.Require,
): Promise<void> {
  const choices: Choices = {
    config: await clientConfig(demo),
    providers: 1,
    stays: false,
    rendered: "",
    ...chosen,
  };
  const body = `globalThis.choices = ${JSON.stringify(choices)};\n${scripts.get(react)}`;
  await context.route(`${demo.stack.urls.page}/app.js`, (route) =>
    route.fulfill({ contentType: "text/javascript", body }),
  );
}

const seenBy = (page: Page): Promise<Seen> =>
  page.evaluate(() => (globalThis as unknown as { seen: Seen }).seen);

const status = (page: Page, text: string) => page.locator(".status").getByText(text, { exact: true }).first();

/** Through the real forms, in this page or in a window that was opened for them. */
async function throughTheForms(page: Page): Promise<void> {
  const { username, password } = accountOf(demo, "ada");
  await page.getByLabel("Name").fill(username);
  await page.getByLabel("Password").fill(password);
  await button(page, "Sign in").click();
  await button(page, "Allow").click();
}

for (const { require: react, version } of reacts) {
  test(`React ${version}: signing in under StrictMode makes one token request, and goes to return_to before anybody is shown as signed in`, async () => {
    const application = await openApplication({}, react);
    const { page, context, scriptErrors, consoleErrors } = application;
    assert.deepEqual((await seenBy(page)).statuses.slice(-1), ["signed_out at /"]);
    assert.equal((await seenBy(page)).react, react("react").version);
    await button(page, "Sign in").click();
    await heading(page, "Sign in").waitFor();
    await throughTheForms(page);
    await status(page, "signed_in").waitFor();
    assert.equal(page.url(), `${demo.stack.urls.page}/?berth=B12`);
    assert.equal(await page.locator(".name").innerText(), "Ada Lovelace");
    assert.equal(tokenRequests(demo, application), 1);
    // StrictMode runs the first effects twice; nothing else is in between.
    assert.deepEqual([...new Set((await seenBy(page)).statuses)], ["signed_in at /?berth=B12"]);

    await button(page, "Ask the API").click();
    await page.getByText("200: Tidewater").waitFor();
    assert.deepEqual([scriptErrors, consoleErrors], [[], []]);
    await context.close();
  });
}

test("a reload on the callback's URL does not fail, and a callback that is opened once more is an error that is shown", async () => {
  const application = await openApplication({ stays: true });
  const { page, context } = application;
  const callback = await heldBackCallback(demo, page);
  await page.goto(callback.href);
  await status(page, "signed_in").waitFor();
  assert.equal(page.url(), demo.stack.clients.page.redirect_uri);
  assert.deepEqual((await seenBy(page)).returns, ["/?berth=B12"]);

  await page.reload();
  await status(page, "signed_out").waitFor();
  assert.deepEqual((await seenBy(page)).errors, []);

  await page.goto(callback.href);
  await status(page, "error").waitFor();
  assert.equal(await page.locator(".code").innerText(), "transaction_unknown");
  assert.deepEqual((await seenBy(page)).errors, ["transaction_unknown"]);
  assert.equal(tokenRequests(demo, application), 1);
  await context.close();
});

for (const { require: react, version } of reacts) {
  test(`React ${version}: two providers with the same configuration handle one callback together, and go to return_to once`, async () => {
    const application = await openApplication({}, react);
    const { page, context, consoleErrors } = application;
    const callback = await heldBackCallback(demo, page);
    await serve(context, { providers: 2, stays: true }, react);
    await page.goto(callback.href);
    await page.waitForFunction(() => document.querySelectorAll(".name").length === 2);
    await page.waitForFunction(() =>
      [...document.querySelectorAll(".name")].every(({ textContent }) => textContent === "Ada Lovelace"),
    );
    assert.deepEqual((await seenBy(page)).returns, ["/?berth=B12"]);
    assert.equal(tokenRequests(demo, application), 1);
    assert.deepEqual(consoleErrors, []);
    await context.close();
  });
}

for (const { require: react, version } of reacts) {
  test(`React ${version}: a provider that is unmounted while it signs in says nothing more, and the next one finds the session`, async () => {
    const application = await openApplication({}, react);
    const { page, context, consoleErrors } = application;
    const callback = await heldBackCallback(demo, page);
    let release: (() => void) | undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    await page.route(`${demo.stack.urls.authorizationServer}/token`, async (route) => {
      const response = await route.fetch();
      await held;
      await route.fulfill({ response });
    });
    const asked = page.waitForRequest(`${demo.stack.urls.authorizationServer}/token`);
    await page.goto(callback.href);
    await asked;
    await page.getByText("One moment").waitFor();
    await button(page, "Switch").click();
    await page.getByText("One moment").waitFor({ state: "detached" });
    const answered = page.waitForResponse(`${demo.stack.urls.authorizationServer}/jwks`);
    release?.();
    await answered;
    await button(page, "Switch").click();
    await status(page, "signed_in").waitFor();
    assert.equal(tokenRequests(demo, application), 1);
    const { statuses, errors } = await seenBy(page);
    assert.deepEqual([[...new Set(statuses)], errors, consoleErrors], [["signed_in at /?berth=B12"], [], []]);
    await context.close();
  });
}

test("signing in by a window leaves the page where it is, and the window closes", async () => {
  const application = await openApplication();
  const { page, context, scriptErrors } = application;
  const opened = context.waitForEvent("page");
  await button(page, "Sign in by a window").click();
  const popup = await opened;
  const closed = popup.waitForEvent("close");
  await Promise.all([throughTheForms(popup), closed]);
  await status(page, "signed_in").waitFor();
  assert.equal(page.url(), `${demo.stack.urls.page}/`);
  assert.equal(tokenRequests(demo, application), 1);
  assert.deepEqual(scriptErrors, []);
  await context.close();
});

test("signing out shows nobody at once, revokes the token and ends the session at the authorization server", async () => {
  const { page, context } = await openApplication();
  await page.goto((await heldBackCallback(demo, page)).href);
  await status(page, "signed_in").waitFor();
  const revoked = page.waitForRequest((request) => request.url().endsWith("/token/revocation"));
  const ended = page.waitForRequest((request) => request.url().includes("/session/end?"));
  await button(page, "Sign out").click();
  await status(page, "signed_out").waitFor();
  await revoked;
  await ended;
  await context.close();
});

test("a refusal and a server that is not there are errors with their codes, and nothing is thrown past the application", async () => {
  const { page, context, scriptErrors } = await openApplication();
  await button(page, "Sign in").click();
  await button(page, "Cancel and go back").click();
  await status(page, "error").waitFor();
  assert.equal(await page.locator(".code").innerText(), "authorization_refused");
  assert.deepEqual((await seenBy(page)).errors, ["authorization_refused"]);

  await page.goto(`${demo.stack.urls.page}/`);
  await status(page, "signed_out").waitFor();
  await page.route(`${demo.stack.urls.authorizationServer}/.well-known/**`, (route) => route.abort());
  await button(page, "Sign in").click();
  await status(page, "error").waitFor();
  assert.equal(await page.locator(".code").innerText(), "authorization_server_unavailable");
  assert.deepEqual(scriptErrors, []);
  await context.close();
});

/** The application as a server renders it, where there is no `window`. */
async function renderedByServer(react: NodeJS.Require): Promise<string> {
  const source = await bundle("app.ts", "node", react);
  const directory = new URL("../../target/", import.meta.url);
  const { writeFile } = await import("node:fs/promises");
  // Node imports a file once.
  const file = new URL(`react-page-on-server-${react("react").version}.mjs`, directory);
  await writeFile(file, source);
  const { App } = (await import(file.href)) as typeof import("./react-page/app.ts");
  const { createElement }: typeof import("react") = react("react");
  const { renderToString }: typeof import("react-dom/server") = react("react-dom/server");
  return renderToString(
    createElement(App, { config: await clientConfig(demo), providers: 1, stays: false, rendered: "" }),
  );
}

for (const { require: react, version } of reacts) {
  test(`React ${version}: a server renders the fallback, and the page takes it over without a mismatch`, async () => {
    const html = await renderedByServer(react);
    assert.match(html, /One moment/);
    assert.doesNotMatch(html, /Sign in/);
    const { page, context, consoleErrors } = await openApplication({ rendered: html }, react);
    await status(page, "signed_out").waitFor();
    assert.deepEqual([(await seenBy(page)).errors, consoleErrors], [[], []]);
    await context.close();
  });
}

test("what is published begins with the directive for client components", () => {
  assert.match(readFileSync(built, "utf8"), /^"use client";/);
});
