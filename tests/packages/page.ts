/** A page in real Chromium, with what it fetched and what its console said. */
import { type Browser, chromium } from "playwright-core";
import { chromePath } from "../chromium.ts";

const PATIENCE_MILLISECONDS = 30_000;

const CHROMIUM_ARGUMENTS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-dev-shm-usage",
  "--disable-background-networking",
  "--disable-sync",
];

export interface OpenedPage {
  /** Asks the script of the page. */
  ask(question: unknown): Promise<unknown>;
  /** The modules that it has fetched, by their URLs. */
  modules(): string[];
  /** Where it has sent forms itself: what its workers send is not among it. */
  posts(): string[];
  /** Warnings and errors of its console, and what its scripts threw. */
  complaints(): string[];
  close(): Promise<void>;
}

export const launchBrowser = async (): Promise<Browser> =>
  chromium.launch({ executablePath: await chromePath(), args: CHROMIUM_ARGUMENTS });

/** Opens a page, and waits until its script can be asked. */
export async function openPage(browser: Browser, url: string): Promise<OpenedPage> {
  const context = await browser.newContext();
  context.setDefaultTimeout(PATIENCE_MILLISECONDS);
  const page = await context.newPage();
  const complaints: string[] = [];
  const modules: string[] = [];
  const posts: string[] = [];
  page.on("console", (message) => {
    if (["warning", "error"].includes(message.type())) complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("request", (request) => {
    const { pathname } = new URL(request.url());
    if (pathname.endsWith(".wasm")) modules.push(pathname);
    if (request.method() === "POST") posts.push(pathname);
  });
  try {
    await page.goto(url);
    await page.waitForFunction(() => "ask" in globalThis);
  } catch (error) {
    await context.close();
    throw new Error(`${url}: ${complaints.join("\n") || error}`);
  }
  return {
    ask: (question) =>
      page.evaluate(
        ([asked, milliseconds]) => {
          const { ask } = globalThis as unknown as { ask(asked: unknown): unknown };
          const late = new Promise((_, reject) =>
            setTimeout(() => reject(new Error("the page did not answer in time")), milliseconds),
          );
          return Promise.race([ask(asked), late]);
        },
        [question, PATIENCE_MILLISECONDS] as const,
      ),
    modules: () => modules,
    posts: () => posts,
    complaints: () => complaints,
    close: () => context.close(),
  };
}
