/** That the tests' way into the browsers does what it says in each of them: a test that sees nothing proves nothing. */

import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { error as driverError } from "selenium-webdriver";
import { BROWSERS, whyNot } from "./browsers.ts";
import { type OpenBrowser, open } from "./open.ts";
import {
  closeTab,
  inPage,
  keepPicture,
  leavePage,
  newTab,
  PageError,
  switchTab,
  waitInPage,
  waitUntil,
  windowOpenedBy,
} from "./page.ts";

let server: Server;
let origin: string;
let otherSite: string;
before(async () => {
  server = createServer((request, response) => {
    const isStrict = request.url === "/strict";
    const headers = {
      "content-type": request.url === "/module.js" ? "text/javascript" : "text/html",
      ...(isStrict ? { "content-security-policy": "default-src 'none'; script-src 'self'" } : {}),
      "access-control-allow-origin": origin,
      "access-control-allow-credentials": "true",
      // Each browser takes one of them from another site over http on the loopback interface, if it takes any.
      ...(request.url === "/cookie" ? { "set-cookie": ["a=1; SameSite=None; Secure", "b=1"] } : {}),
    };
    response.writeHead(200, headers);
    const page = "<!doctype html><title>a page</title><h1>a page</h1>";
    const bodies: Record<string, string> = {
      "/module.js": "export const answer = 42;",
      "/cookie": request.headers.cookie ?? "none",
    };
    response.end(bodies[request.url ?? ""] ?? page);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  origin = `http://127.0.0.1:${port}`;
  otherSite = `http://localhost:${port}`;
});
after(() => server.close());

/** The cookies that the other site has got, when it was asked after it had set them. */
async function cookiesOfOtherSite({ driver }: OpenBrowser): Promise<string> {
  await driver.get(`${origin}/`);
  return await inPage(
    driver,
    async (url) => {
      const ask = () => fetch(url, { credentials: "include" }).then((response) => response.text());
      await ask();
      return await ask();
    },
    `${otherSite}/cookie`,
  );
}

const opensWindow = (): boolean => window.open("/popup", "", "width=300,height=300") !== null;

for (const name of BROWSERS) {
  const missing = await whyNot(name);
  if (missing !== undefined) {
    console.log(`# ${name}: ${missing}`);
    continue;
  }
  describe(name, () => {
    let browser: OpenBrowser;
    before(async () => {
      browser = await open(name);
    });
    after(() => browser?.quit());

    test("a function runs in the page, takes and gives values, and may import, under a strict policy as well", async () => {
      const { driver } = browser;
      for (const path of ["/", "/strict"]) {
        await driver.get(origin + path);
        const sum = await inPage(
          driver,
          async (source, more) => ((await import(source)) as { answer: number }).answer + more,
          `${origin}/module.js`,
          1,
        );
        assert.equal(sum, 43);
        assert.equal(await inPage(driver, () => undefined), undefined);
      }
    });

    test("what a function throws in the page is thrown here, with its name and code", async () => {
      const { driver } = browser;
      await driver.get(`${origin}/`);
      const failing = inPage(driver, async () => {
        throw Object.assign(new TypeError("not so"), { code: "some_code" });
      });
      await assert.rejects(failing, (error) => {
        assert.ok(error instanceof PageError);
        assert.deepEqual([error.name, error.message, error.code], ["TypeError", "not so", "some_code"]);
        return true;
      });
      await assert.rejects(
        inPage(driver, () => Promise.reject("a text")),
        { message: "a text" },
      );
    });

    test("a condition is waited for across a change of the page, and in vain with what it was", async () => {
      const { driver } = browser;
      await driver.get(`${origin}/`);
      // More than once: what a driver says of a page that is just going is another thing each time.
      for (let times = 1; times <= 10; times += 1) {
        await leavePage(driver, (next) => location.assign(next), `/${times}`);
        await waitInPage(driver, "the next page", (next) => location.pathname === next, `/${times}`);
      }
      await assert.rejects(
        waitUntil("a miracle", () => false, 50),
        /waited in vain for: a miracle/,
      );
    });

    test("a page that is left before it has answered fails as pages do that a driver can't get at", async () => {
      const { driver } = browser;
      await driver.get(`${origin}/`);
      const left = inPage(driver, () => new Promise<never>(() => location.assign("/next")));
      await assert.rejects(left, driverError.WebDriverError);
      await waitInPage(driver, "the next page", () => location.pathname === "/next");
    });

    test("tabs of one browser share their storage, and are opened, changed and closed", async () => {
      const { driver } = browser;
      await driver.get(`${origin}/`);
      const first = await driver.getWindowHandle();
      await inPage(driver, () => localStorage.setItem("left", "here"));
      const second = await newTab(driver, `${origin}/second`);
      assert.equal(await inPage(driver, () => localStorage.getItem("left")), "here");
      await switchTab(driver, first);
      assert.equal(await inPage(driver, () => location.pathname), "/");
      await switchTab(driver, second);
      await closeTab(driver, first);
      assert.deepEqual(await driver.getAllWindowHandles(), [first]);
    });

    test("a page opens a window without a click where it may, and it is found", async () => {
      const { driver } = browser;
      await driver.get(`${origin}/`);
      const first = await driver.getWindowHandle();
      const opened = await windowOpenedBy(driver, async () =>
        assert.equal(await inPage(driver, opensWindow), true),
      );
      await switchTab(driver, opened);
      await waitInPage(driver, "the popup's page", () => location.pathname === "/popup");
      await closeTab(driver, first);
    });

    test("a picture of the window is a PNG that shows something", async () => {
      await browser.driver.get(`${origin}/`);
      const file = join(browser.directory, "picture.png");
      await keepPicture(browser.driver, file);
      assert.equal(readFileSync(file).subarray(1, 4).toString("latin1"), "PNG");
    });

    test("cookies of another site are taken, and where they are blocked they are not; nor do windows open", async () => {
      assert.match(await cookiesOfOtherSite(browser), /[ab]=1/);
      const strict = await open(name, { blocksThirdPartyCookies: true, allowsPopups: false });
      try {
        assert.equal(await cookiesOfOtherSite(strict), "none");
        assert.equal(await inPage(strict.driver, opensWindow), false);
      } finally {
        await strict.quit();
      }
    });

    test("nothing is left of a browser that was ended in the midst of something", async () => {
      const ended = await open(name);
      await ended.driver.get(`${origin}/`);
      const never = inPage(ended.driver, () => new Promise<never>(() => undefined)).catch(() => "ended");
      assert.notDeepEqual(processesIn(ended.directory), []);
      await ended.quit();
      assert.equal(await never, "ended");
      assert.ok(!existsSync(ended.directory));
      await waitUntil("the end of all its processes", () => processesIn(ended.directory).length === 0);
    });
  });
}

/** The processes that were started with this directory for what they write; those that are only a number any more have none. */
function processesIn(directory: string): string[] {
  // Where there is no /proc it is the directory that tells.
  if (!existsSync("/proc/self/environ")) return existsSync(directory) ? [directory] : [];
  return readdirSync("/proc").filter((name) => {
    if (!/^\d+$/.test(name)) return false;
    try {
      return readFileSync(`/proc/${name}/environ`, "utf8").includes(`TMPDIR=${directory}`);
    } catch {
      return false;
    }
  });
}
