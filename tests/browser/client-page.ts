/**
 * The client without the demo's script around it: the page as it is served, with nothing in it but what a test imports
 * from the built package. For what the page has no button for.
 */

import type { JSHandle, Page } from "playwright-core";
import type { Client, LoginOptions } from "../../js/browser.ts";
import type { ClientConfig } from "../../js/client/types.ts";
import { heldBackCallback } from "./callback-url.ts";
import type { Demo } from "./demo.ts";

export type ClientHandle = JSHandle<Client>;

export async function clientConfig({ stack }: Demo): Promise<ClientConfig> {
  const response = await fetch(`${stack.urls.page}/config.json`);
  const { client } = (await response.json()) as { client: ClientConfig };
  return client;
}

/**
 * Opens a URL of the page's origin, where the demo's own script is left out. The route stays when it has done its work: to take it away while
 * the page loads leaves requests hanging now and then.
 */
export async function openWithoutScript({ stack }: Demo, page: Page, url: string): Promise<void> {
  const nothing = { contentType: "text/javascript", body: "" };
  let isLeftOut = true;
  await page.route(`${stack.urls.page}/app.js`, (route) => {
    if (!isLeftOut) return route.fallback();
    isLeftOut = false;
    return route.fulfill(nothing);
  });
  await page.goto(url);
}

/** The same, with a client made there. It keeps where it would go, and stays. */
export async function openClient(demo: Demo, page: Page, url: string): Promise<ClientHandle> {
  await openWithoutScript(demo, page, url);
  const config = await clientConfig(demo);
  return await page.evaluateHandle(
    async ([source, settings]) => {
      const edgeward = (await import(source)) as typeof import("../../js/browser.ts");
      return await edgeward.createClient(settings, {
        navigate: (target) => document.documentElement.setAttribute("data-left-for", target),
      });
    },
    ["/edgeward/browser.js", config] as const,
  );
}

/** A client that has just signed in, on its own. */
export async function openSignedInClient(demo: Demo, page: Page): Promise<ClientHandle> {
  const callback = await heldBackCallback(demo, page);
  const client = await openClient(demo, page, callback.href);
  await client.evaluate((signingIn) => signingIn.handleCallback().then(() => undefined));
  return client;
}

/** Where the client wanted to go, had the page let it. */
export async function leftFor(page: Page): Promise<string | null> {
  return await page.locator("html").getAttribute("data-left-for");
}

/** "done", or the code of the error that `login` threw. */
export async function tryToLogIn(client: ClientHandle, options: LoginOptions): Promise<string> {
  return await client.evaluate(
    (signingIn, chosen) =>
      signingIn.login(chosen).then(
        () => "done",
        (error: unknown) => (error instanceof Error && "code" in error ? String(error.code) : String(error)),
      ),
    options,
  );
}
