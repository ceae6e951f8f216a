// A Chrome or Chromium and the chromedriver of the same version, for the browser tests.

import { existsSync } from "node:fs";
import { join } from "node:path";
import { run, which } from "../process.mjs";
import { Stop } from "../terminal.mjs";
import { installPackages, isDebianLike } from "./apt.mjs";
import { step } from "./steps.mjs";

/** @typedef {{ chrome: string, chromedriver: string, version: string }} Browser */

const installed = [
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  join(process.env.PROGRAMFILES || "C:\\Program Files", "Google", "Chrome", "Application", "chrome.exe"),
];

function chromePath() {
  if (process.env.CHROME) return process.env.CHROME;
  for (const name of ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]) {
    const path = which(name);
    if (path) return path;
  }
  return installed.find((path) => existsSync(path));
}

/** @param {string} program @returns {Promise<string | undefined>} */
async function version(program) {
  const result = await run(program, ["--version"], { output: "none", limitSeconds: 60 });
  return result.output.match(/\b(\d+)\.\d+\.\d+\.\d+\b/)?.[0];
}

/** @param {string} [text] */
const major = (text) => text?.split(".")[0];

/** @returns {Promise<Browser | undefined>} */
export async function findChromium() {
  const chrome = chromePath();
  const chromedriver = process.env.CHROMEDRIVER || which("chromedriver");
  if (!chrome || !chromedriver) return undefined;
  const [browser, driver] = [await version(chrome), await version(chromedriver)];
  if (!browser || major(browser) !== major(driver)) return undefined;
  return { chrome, chromedriver, version: browser };
}

/** @returns {Promise<Browser>} */
export async function requireChromium() {
  const browser = await findChromium();
  if (!browser)
    throw new Stop("No Chromium with a chromedriver of its version here: run `npm run setup` first.");
  return browser;
}

export const setUpChromium = () =>
  step(
    "Chromium and chromedriver",
    async () => {
      const browser = await findChromium();
      return browser && `${browser.chrome} ${browser.version}`;
    },
    async () => {
      const advice =
        "install Chrome and the chromedriver of the same version, or name them in CHROME and CHROMEDRIVER";
      if (!isDebianLike()) throw new Stop(`The browser tests find no Chrome with a chromedriver: ${advice}.`);
      await installPackages(["chromium", "chromium-driver"], "Testing in a browser");
      const browser = await findChromium();
      if (!browser) throw new Stop(`The installed Chrome and chromedriver don't go together: ${advice}.`);
      return browser.version;
    },
  );
