// WebKit as Linux has it: the driver and the small browser that come with WebKitGTK, and what they need where there is no
// screen. Nothing of it can be had elsewhere, so a machine without it tests in the other browsers, and says so.

import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { which } from "../process.mjs";
import { passed, Stop, skipped } from "../terminal.mjs";
import { installPackages, isDebianLike } from "./apt.mjs";
import { step } from "./steps.mjs";

/**
 * @typedef {object} WebKit
 * @property {string} driver WebKitWebDriver
 * @property {string} browser MiniBrowser
 * @property {string} session dbus-run-session, for a message bus of its own
 * @property {string} screen xvfb-run, for a screen in memory
 */

/** Where distributions keep what belongs to a library. */
const libraries = ["/usr/lib", "/usr/lib64", "/usr/libexec"];

/** MiniBrowser is on no search path: it lies beside the library, whose directory has its interface's version. */
function browserPath() {
  if (process.env.WEBKIT_BROWSER) return process.env.WEBKIT_BROWSER;
  const below = (/** @type {string} */ directory) =>
    existsSync(directory) ? readdirSync(directory).map((name) => join(directory, name)) : [];
  return libraries
    .flatMap((library) => [library, ...below(library).filter((path) => path.endsWith("-linux-gnu"))])
    .flatMap((directory) => below(directory).filter((path) => /\/webkit2?gtk-\d[\d.]*$/.test(path)))
    .map((directory) => join(directory, "MiniBrowser"))
    .filter((path) => existsSync(path))
    .sort()
    .at(-1);
}

/** @returns {WebKit | undefined} */
export function findWebKit() {
  if (process.platform !== "linux") return undefined;
  const driver = process.env.WEBKIT_DRIVER || which("WebKitWebDriver");
  const browser = browserPath();
  const session = which("dbus-run-session");
  const screen = which("xvfb-run");
  if (!driver || !browser || !session || !screen) return undefined;
  return { driver, browser, session, screen };
}

/** Why the tests leave it out, where they do. */
export const whyNoWebKit =
  "no WebKitWebDriver here; Debian and Ubuntu have it: webkit2gtk-driver xvfb xauth dbus";

/** The one browser whose absence ends nothing. */
export async function setUpWebKit() {
  const what = "WebKit and WebKitWebDriver";
  const found = findWebKit();
  if (found) return passed(what, `already there: ${found.driver}`);
  if (!isDebianLike()) return skipped(what, `skipped: ${whyNoWebKit}`);
  try {
    await step(
      what,
      () => undefined,
      () => installPackages(["webkit2gtk-driver", "xvfb", "xauth", "dbus"], "Testing in WebKit"),
    );
  } catch (error) {
    if (!(error instanceof Stop)) throw error;
    return skipped(what, `skipped: ${error.message}`);
  }
  if (!findWebKit()) skipped(what, "skipped: the installed packages have no MiniBrowser or no driver");
}
