// The tools' versions, each in one place. The npm ones are in package.json.

import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { root } from "../process.mjs";
import { Stop } from "../terminal.mjs";

export const wasmTarget = "wasm32-unknown-unknown";
export const bareTarget = "x86_64-unknown-none";

/** @param {string} name a package of Cargo.lock */
export function lockedVersion(name) {
  const lock = readFileSync(join(root, "Cargo.lock"), "utf8");
  const version = lock.match(new RegExp(`^name = "${name}"\\r?\\nversion = "([^"]+)"`, "m"))?.[1];
  if (!version) throw new Stop(`Cargo.lock names no version of ${name}; run \`cargo update ${name}\`.`);
  return version;
}

/**
 * @typedef {object} CargoTool
 * @property {string} name the crate
 * @property {string} version
 * @property {string} program the executable that shows it is there
 * @property {boolean} locked whether the dependency versions it was released with are used
 */

/** The command-line tool has to be exactly the version of the library. @returns {CargoTool} */
export const wasmBindgen = () => ({
  name: "wasm-bindgen-cli",
  version: lockedVersion("wasm-bindgen"),
  program: "wasm-bindgen",
  // The versions 0.2.130 was released with can't all be had any more.
  locked: false,
});

/** @type {CargoTool} */
export const wasmPack = { name: "wasm-pack", version: "0.15.1", program: "wasm-pack", locked: true };

/** @type {CargoTool} */
export const cargoDeny = { name: "cargo-deny", version: "0.20.2", program: "cargo-deny", locked: true };

/** Between tests and Firefox. @type {CargoTool} */
export const geckodriver = { name: "geckodriver", version: "0.37.1", program: "geckodriver", locked: true };

/** Outside the repository, so that the next clone finds the tools built already. */
export function cacheDirectory() {
  if (process.env.XDG_CACHE_HOME) return join(process.env.XDG_CACHE_HOME, "edgeward");
  const home = homedir();
  if (process.platform === "darwin") return join(home, "Library", "Caches", "edgeward");
  if (process.platform === "win32") return join(process.env.LOCALAPPDATA || home, "edgeward", "cache");
  return join(home, ".cache", "edgeward");
}

/** @param {CargoTool} tool */
export const toolRoot = (tool) => join(cacheDirectory(), "tools", `${tool.name}-${tool.version}`);

/** Where the executables of all of them are. */
export const toolDirectories = () =>
  [wasmBindgen(), wasmPack, cargoDeny].map((tool) => join(toolRoot(tool), "bin"));
