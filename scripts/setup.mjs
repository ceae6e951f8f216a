// Sets up what is missing, and only that: `node scripts/setup.mjs [build | demo | lint | test | <suite>]…`, all of it
// by default. Runs on Node's own modules alone, since node_modules may not be there yet.

import { realpathSync, rmSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { logFile } from "./process.mjs";
import { setUpCargoTools } from "./setup/cargo-tools.mjs";
import { setUpChromium } from "./setup/chromium.mjs";
import { setUpConsumers } from "./setup/consumers.mjs";
import { setUpFirefox } from "./setup/firefox.mjs";
import { checkHost } from "./setup/host.mjs";
import { setUpNodeModules } from "./setup/node-modules.mjs";
import { setUpRuntimes } from "./setup/runtimes.mjs";
import { setUpTarget } from "./setup/rust-targets.mjs";
import { bareTarget, cargoDeny, wasmBindgen, wasmPack, wasmTarget } from "./setup/versions.mjs";
import { setUpWebKit } from "./setup/webkit.mjs";
import { duration, heading, note, runMain, Stop } from "./terminal.mjs";

/**
 * @typedef {"wasm target" | "bare target" | "wasm-bindgen" | "wasm-pack" | "cargo-deny" | "Chromium" | "Firefox" | "WebKit"
 *   | "consumers" | "runtimes"} Need
 */

/** @type {Need[]} */
const artifact = ["wasm target", "wasm-bindgen"];

/** @type {Need[]} */
const browsers = ["Chromium", "Firefox", "WebKit"];

/** What each purpose needs beyond Rust, Node and the npm packages. @type {Record<string, Need[]>} */
const needs = {
  build: artifact,
  demo: artifact,
  lint: [...artifact, "cargo-deny"],
  core: [],
  fuzz: [],
  bench: [],
  prove: [],
  "no-std": ["bare target"],
  wasm: [...artifact, "wasm-pack", "Chromium"],
  size: artifact,
  verifier: artifact,
  workerd: artifact,
  examples: artifact,
  vectors: artifact,
  browser: [...artifact, ...browsers],
  webdriver: browsers,
  client: [...artifact, ...browsers],
  packages: [...artifact, "Chromium", "consumers"],
  runtimes: [...artifact, "runtimes", ...browsers],
  test: [...artifact, "bare target", "wasm-pack", "cargo-deny", ...browsers, "consumers", "runtimes"],
};

/** @param {string[]} purposes */
export async function setUp(purposes) {
  const wanted = new Set(
    purposes.flatMap((purpose) => {
      const needed = needs[purpose];
      if (!needed)
        throw new Stop(`There is nothing to set up called "${purpose}": ${Object.keys(needs).join(", ")}.`);
      return needed;
    }),
  );
  const started = performance.now();
  rmSync(logFile, { force: true });
  heading("Set-up");
  await checkHost();
  await setUpNodeModules();
  if (wanted.has("wasm target")) await setUpTarget(wasmTarget);
  if (wanted.has("bare target")) await setUpTarget(bareTarget);
  const tools = [];
  if (wanted.has("wasm-bindgen")) tools.push(wasmBindgen());
  if (wanted.has("wasm-pack")) tools.push(wasmPack);
  if (wanted.has("cargo-deny")) tools.push(cargoDeny);
  await setUpCargoTools(tools);
  if (wanted.has("runtimes")) await setUpRuntimes();
  if (wanted.has("Chromium")) await setUpChromium();
  if (wanted.has("consumers")) await setUpConsumers();
  if (wanted.has("Firefox")) await setUpFirefox();
  if (wanted.has("WebKit")) await setUpWebKit();
  note(`set up in ${duration(performance.now() - started)}`);
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const purposes = process.argv.slice(2);
  await runMain(() => setUp(purposes.length > 0 ? purposes : ["test"]));
}
