/** Node, Deno and Bun: the module lies beside this file and is compiled when it is imported. */
import { readFileSync } from "node:fs";
import { initSync } from "./generated/slim.js";

export const { memory } = initSync({
  module: readFileSync(new URL("./generated/slim_bg.wasm", import.meta.url)),
});

export { SlimCore } from "./generated/slim.js";
