/** Chromium, Firefox and WebKit: a plain page with an import map, made of what the package's `exports` say to a browser. */

import { readFileSync } from "node:fs";
import type { ServerResponse } from "node:http";
import { extname, join, normalize } from "node:path";
import { BROWSERS, type BrowserName, whyNot } from "../webdriver/browsers.ts";
import { open } from "../webdriver/open.ts";
import { inPage, waitInPage } from "../webdriver/page.ts";
import { serve } from "./given.ts";
import { absent, type Cell, ENTRIES_OF_PAGES, type Outcome, type Runtime, rowOf } from "./runtime.ts";
import { ENTRIES, type Entry, resolveEntry, stage } from "./stage.ts";

const CONDITIONS = ["browser", "import", "module"];

const TYPES: Record<string, string> = {
  ".js": "text/javascript",
  ".mjs": "text/javascript",
  ".wasm": "application/wasm",
};

/** What each browser is named as, and what the page calls to run an entry's cases. */
type SuiteWindow = Window & { runSuite?: (entry: string, given: string) => Promise<string> };

function page(): string {
  const imports = Object.fromEntries(
    ENTRIES_OF_PAGES.map((entry) => [
      ENTRIES[entry],
      `/node_modules/edgeward/${normalize(resolveEntry(entry, CONDITIONS) ?? "not there")}`,
    ]),
  );
  return `<!doctype html>
<html lang="en">
<title>the suite</title>
<script type="importmap">${JSON.stringify({ imports })}</script>
<script type="module">
  import { run } from "/suite/run.mjs";
  window.runSuite = async (entry, given) =>
    JSON.stringify(await run(() => import("/suite/" + entry + ".mjs"), JSON.parse(given)));
</script>
</html>`;
}

function serveStage(path: string, response: ServerResponse): void {
  const type = TYPES[extname(path)];
  try {
    if (path !== "/" && type === undefined) throw new Error("no such file");
    const body = path === "/" ? page() : readFileSync(join(stage, normalize(path)));
    response.writeHead(200, { "content-type": type ?? "text/html" }).end(body);
  } catch {
    response.writeHead(404).end();
  }
}

function browser(name: BrowserName): Runtime {
  return {
    name,
    async run(given) {
      const why = await whyNot(name);
      if (why !== undefined) return { version: "", cells: rowOf(ENTRIES_OF_PAGES, () => absent(why)) };
      const pages = await serve((request, response) =>
        serveStage(new URL(request.url ?? "/", "http://page").pathname, response),
      );
      const opened = await open(name);
      try {
        const { driver } = opened;
        const outcomes = new Map<Entry, Outcome[]>();
        for (const entry of ENTRIES_OF_PAGES) {
          // A page each, so that none finds what another has left.
          await driver.get(pages.url);
          await waitInPage(driver, "the suite", () => (window as SuiteWindow).runSuite !== undefined);
          const text = await inPage(
            driver,
            (which, what) => (window as SuiteWindow).runSuite?.(which, what) ?? "",
            entry,
            JSON.stringify(given),
          );
          outcomes.set(entry, JSON.parse(text));
        }
        const version = (await driver.getCapabilities()).get("browserVersion");
        const cell = (entry: Entry): Cell => ({ outcomes: outcomes.get(entry) ?? [] });
        return { version: String(version ?? "?"), cells: rowOf(ENTRIES_OF_PAGES, cell) };
      } finally {
        await opened.quit();
        await pages.stop();
      }
    },
  };
}

export const browsers: Runtime[] = BROWSERS.map(browser);
