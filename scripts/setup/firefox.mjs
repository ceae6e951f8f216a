// Firefox and geckodriver, which stands between it and the tests.

import { existsSync } from "node:fs";
import { join } from "node:path";
import { onWindows, run, which } from "../process.mjs";
import { Stop } from "../terminal.mjs";
import { installPackages, isDebianLike } from "./apt.mjs";
import { setUpCargoTools } from "./cargo-tools.mjs";
import { step } from "./steps.mjs";
import { geckodriver, toolRoot } from "./versions.mjs";

/** @typedef {{ firefox: string, geckodriver: string, version: string }} Firefox */

const installed = [
  "/Applications/Firefox.app/Contents/MacOS/firefox",
  join(process.env.PROGRAMFILES || "C:\\Program Files", "Mozilla Firefox", "firefox.exe"),
];

function firefoxPath() {
  if (process.env.FIREFOX) return process.env.FIREFOX;
  // The name without a version last: Ubuntu's is a script that asks for its snap.
  return which("firefox-esr") ?? which("firefox") ?? installed.find((path) => existsSync(path));
}

function geckodriverPath() {
  if (process.env.GECKODRIVER) return process.env.GECKODRIVER;
  const built = join(toolRoot(geckodriver), "bin", `geckodriver${onWindows ? ".exe" : ""}`);
  return existsSync(built) ? built : which("geckodriver");
}

/** @returns {Promise<{ path: string, version: string } | undefined>} */
async function findBrowser() {
  const path = firefoxPath();
  if (!path) return undefined;
  const result = await run(path, ["--version"], { output: "none", limitSeconds: 60 });
  const version = result.output.match(/\bFirefox (\d[\w.]*)/)?.[1];
  return version ? { path, version } : undefined;
}

/** @returns {Promise<Firefox | undefined>} */
export async function findFirefox() {
  const browser = await findBrowser();
  const driver = geckodriverPath();
  if (!browser || !driver) return undefined;
  return { firefox: browser.path, geckodriver: driver, version: browser.version };
}

/** @returns {Promise<Firefox>} */
export async function requireFirefox() {
  const firefox = await findFirefox();
  if (!firefox) throw new Stop("No Firefox with a geckodriver here: run `npm run setup` first.");
  return firefox;
}

export async function setUpFirefox() {
  await step(
    "Firefox",
    async () => {
      const browser = await findBrowser();
      return browser && `${browser.path} ${browser.version}`;
    },
    async () => {
      const advice = "install it, or name it in FIREFOX";
      if (!isDebianLike()) throw new Stop(`The browser tests find no Firefox: ${advice}.`);
      await installPackages(["firefox-esr"], "Testing in Firefox");
      const browser = await findBrowser();
      if (!browser) throw new Stop(`The installed Firefox does not say its version: ${advice}.`);
      return browser.version;
    },
  );
  // No system that we know of packages it everywhere, so it is built like our other tools.
  if (!geckodriverPath()) await setUpCargoTools([geckodriver]);
}
