/**
 * The real demo and a real browser, for one file of tests: the authorization server, the gate in workerd, the API, the
 * page, and headless Chromium, with every request of the browser on record.
 */

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  chromium,
  type Page,
  type Request,
} from "playwright-core";
import { type Stack, type StackOptions, startStack } from "../../examples/demo/stack.ts";
import { chromePath } from "../chromium.ts";

/** Where pictures are kept for people to look at; under `target/`, so git never sees them. */
export const artifacts = fileURLToPath(new URL("../../target/artifacts/browser/", import.meta.url));

/** Long enough for two busy cores; a page that has not got there by then is not going to. */
const PATIENCE_MILLISECONDS = 15_000;

const CHROMIUM_ARGUMENTS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-dev-shm-usage",
  "--disable-background-networking",
  "--disable-sync",
];

/** A person with a browser profile of their own: no cookies, no history. */
export interface Visitor {
  readonly context: BrowserContext;
  readonly page: Page;
  /** Every request of every tab, in order. Those that a redirect made are among them. */
  readonly requests: Request[];
  /** What went wrong in the pages' own scripts. A test that provokes nothing expects nothing here. */
  readonly scriptErrors: string[];
}

export interface VisitorOptions extends BrowserContextOptions {
  /**
   * Whether the browser has workers. Without them the page asks for tokens itself, where its requests can be seen and stopped; those of a shared
   * worker are nobody's to Playwright. Default: no.
   */
  hasWorkers?: boolean;
}

export interface Demo {
  readonly stack: Stack;
  readonly browser: Browser;
  visitor(options?: VisitorOptions): Promise<Visitor>;
  close(): Promise<void>;
}

export async function openDemo(options?: StackOptions): Promise<Demo> {
  const stack = await startStack(options);
  try {
    const browser = await chromium.launch({ executablePath: await chromePath(), args: CHROMIUM_ARGUMENTS });
    return {
      stack,
      browser,
      visitor: (profile) => newVisitor(browser, stack, profile),
      async close() {
        await browser.close().finally(() => stack.stop());
      },
    };
  } catch (error) {
    await stack.stop();
    throw error;
  }
}

/** Requests to one endpoint of the authorization server, by its path. */
export function requestsTo(demo: Demo, { requests }: Visitor, path: string): Request[] {
  const endpoint = new URL(path, demo.stack.urls.authorizationServer).href;
  return requests.filter((request) => request.url().split("?")[0] === endpoint);
}

/** How often a code was redeemed, or tried to be. */
export function tokenRequests(demo: Demo, visitor: Visitor): number {
  return requestsTo(demo, visitor, "/token").length;
}

/** Keeps a picture of the page, as far as it goes or as far as the window does. */
export async function keepPicture(page: Page, name: string, { fullPage = true } = {}): Promise<void> {
  mkdirSync(artifacts, { recursive: true });
  // Away from the button that was just pressed, which would be drawn half way between its colours.
  await page.mouse.move(0, 0);
  await page.screenshot({ path: join(artifacts, `${name}.png`), fullPage, animations: "disabled" });
}

async function newVisitor(
  browser: Browser,
  stack: Stack,
  { hasWorkers = false, ...options }: VisitorOptions = {},
): Promise<Visitor> {
  const context = await browser.newContext({ locale: "en-GB", timezoneId: "UTC", ...options });
  context.setDefaultTimeout(PATIENCE_MILLISECONDS);
  if (!hasWorkers) {
    await context.addInitScript(() => {
      for (const kind of ["Worker", "SharedWorker"]) Reflect.deleteProperty(globalThis, kind);
    });
  }
  const requests: Request[] = [];
  const scriptErrors: string[] = [];
  context.on("request", (request) => requests.push(request));
  context.on("weberror", (webError) => scriptErrors.push(webError.error().message));
  const page = await context.newPage();
  await page.goto(`${stack.urls.page}/`);
  await page.getByRole("button", { name: "Sign in", exact: true }).waitFor();
  return { context, page, requests, scriptErrors };
}
