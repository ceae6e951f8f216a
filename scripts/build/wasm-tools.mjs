// What turns a crate into a wasm module here: the toolchain and wasm-bindgen, and whether anything has changed since the last time.

import { existsSync } from "node:fs";
import { join } from "node:path";
import { root } from "../process.mjs";
import { requireToolchain } from "../setup/toolchain.mjs";
import { toolRoot, wasmBindgen, wasmTarget } from "../setup/versions.mjs";
import { Stop } from "../terminal.mjs";
import { inputHash } from "./inputs.mjs";

/** @param {string[]} inputs paths from the root: files and directories that the module is made of */
export async function wasmTools(inputs) {
  const toolchain = await requireToolchain(wasmTarget);
  const tool = wasmBindgen();
  const wasmBindgenProgram = join(toolRoot(tool), "bin", tool.program);
  if (!existsSync(wasmBindgenProgram))
    throw new Stop(`${tool.name} ${tool.version} is missing: run \`npm run setup\`.`);
  const hash = inputHash(
    inputs.map((path) => join(root, path)),
    [toolchain.version, tool.version],
  );
  return { toolchain, wasmBindgenProgram, hash };
}
