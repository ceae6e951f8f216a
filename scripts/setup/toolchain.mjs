// Which Rust toolchain can build for a target: the active one, or the one the set-up linked.

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { run } from "../process.mjs";
import { Stop } from "../terminal.mjs";

/** The name under which the set-up links a system-wide Rust to rustup. */
export const linkedToolchain = "edgeward-wasm";

/** Beside a standard library that the set-up built: the compiler it was built by. */
export const builtBy = "built-by-edgeward-setup";

/** @typedef {{ name: string | undefined, version: string, sysroot: string }} Toolchain `name` undefined: the active one */

/** @param {Toolchain} toolchain @returns {Record<string, string>} the environment that selects it */
export const selecting = (toolchain) => (toolchain.name ? { RUSTUP_TOOLCHAIN: toolchain.name } : {});

/** @param {string} [name] @returns {Promise<Toolchain | undefined>} */
async function describe(name) {
  const env = { RUSTUP_TOOLCHAIN: name ?? process.env.RUSTUP_TOOLCHAIN };
  const version = await run("rustc", ["--version"], { env, output: "none" });
  const sysroot = await run("rustc", ["--print", "sysroot"], { env, output: "none" });
  if (!version.ok || !sysroot.ok) return undefined;
  return { name, version: version.output.trim(), sysroot: sysroot.output.trim() };
}

/** @param {Toolchain} toolchain @param {string} target */
export const libraryDirectory = (toolchain, target) =>
  join(toolchain.sysroot, "lib", "rustlib", target, "lib");

/** @param {Toolchain} toolchain @param {string} target */
function hasTarget(toolchain, target) {
  const directory = libraryDirectory(toolchain, target);
  if (!existsSync(directory)) return false;
  if (!readdirSync(directory).some((file) => /^libcore-.*\.rlib$/.test(file))) return false;
  const mark = join(directory, builtBy);
  return !existsSync(mark) || readFileSync(mark, "utf8").trim() === toolchain.version;
}

/** @param {string} target @returns {Promise<Toolchain | undefined>} */
export async function findToolchain(target) {
  for (const name of [undefined, linkedToolchain]) {
    const toolchain = await describe(name);
    if (toolchain && hasTarget(toolchain, target)) return toolchain;
  }
  return undefined;
}

/** @param {string} target @returns {Promise<Toolchain>} */
export async function requireToolchain(target) {
  const toolchain = await findToolchain(target);
  if (!toolchain)
    throw new Stop(`No Rust toolchain here can build for ${target}: run \`npm run setup\` first.`);
  return toolchain;
}
