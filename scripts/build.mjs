// `npm run build`: the wasm module, then the JavaScript around it. `wasm` or `js` builds the one alone.

import { realpathSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { buildJs } from "./build/js.mjs";
import { buildWasm } from "./build/wasm.mjs";
import { heading, runMain, Stop } from "./terminal.mjs";

/** @type {Record<string, () => Promise<void>>} */
const parts = { wasm: buildWasm, js: buildJs };

/** @param {string[]} [names] */
export async function build(names = Object.keys(parts)) {
  heading("Build");
  for (const name of names) {
    const part = parts[name];
    if (!part)
      throw new Stop(`There is nothing to build called "${name}": ${Object.keys(parts).join(", ")}.`);
    await part();
  }
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const names = process.argv.slice(2);
  await runMain(() => build(names.length > 0 ? names : undefined));
}
