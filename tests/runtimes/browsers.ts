/** Chromium, Firefox and WebKit: a plain page with an import map, made of what the package's `exports` say to a browser. */

import { readFileSync } from "node:fs";
import type { ServerResponse } from "node:http";
import { extname, join, normalize } from "node:path";
import { BROWSERS, type BrowserName, whyNot } from "../webdriver/browsers.ts";
import { open } from "../webdriver/open.ts";
import { inPage, waitInPage } from "../webdriver/page.ts";
import { serve } from "./given.ts";
import { absent, type Cell, NOT_A_SERVER, type Outcome, type Row, type Runtime } from "./runtime.ts";
import { ENTRIES, type Entry, resolveEntry, stage } from "./stage.ts";

const CONDITIONS = ["browser", "import", "module"];

const TYPES: Record<string, string> = {
  ".js": "text/javascript",
  ".mjs": "text/javascript",
  ".wasm": "application/wasm",
};

/** What each browser is named as, and what the page calls to run an entry's cases. */
type SuiteWindow = Window & { runSuite?: (entry: string, given: string) => Promise<string> };

const entriesOfPages = (): Entry[] =>
  (Object.keys(ENTRIES) as Entry[]).filter((entry) => resolveEntry(entry, CONDITIONS) !== undefined);

function page(): string {
  const imports = Object.fromEntries(
    entriesOfPages().map((entry) => [
      ENTRIES[entry],
      `/node_modules/edgeward/${normalize(resolveEntry(entry, CONDITIONS) ?? "")}`,
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
      if (why !== undefined) return { version: "", cells: everywhere(absent(why)) };
      const pages = await serve((request, response) =>
        serveStage(new URL(request.url ?? "/", "http://page").pathname, response),
      );
      const opened = await open(name);
      try {
        const { driver } = opened;
        const cells = everywhere(absent(NOT_A_SERVER));
        for (const entry of entriesOfPages()) {
          // A page each, so that none finds what another has left.
          await driver.get(pages.url);
          await waitInPage(driver, "the suite", () => (window as SuiteWindow).runSuite !== undefined);
          const text = await inPage(
            driver,
            (which, what) => (window as SuiteWindow).runSuite?.(which, what) ?? "",
            entry,
            JSON.stringify(given),
          );
          cells[entry] = { outcomes: JSON.parse(text) as Outcome[] };
        }
        const version = (await driver.getCapabilities()).get("browserVersion");
        return { version: String(version ?? "?"), cells };
      } finally {
        await opened.quit();
        await pages.stop();
      }
    },
  };
}

const everywhere = (cell: Cell): { -readonly [entry in Entry]: Row[entry] } => ({
  ...{ verifier: cell, slim: cell, pkce: cell, gate: cell, browser: cell },
});

export const browsers: Runtime[] = BROWSERS.map(browser);
