/** Node, Deno and Bun: the module lies beside this file and is compiled when it is imported. */
import { readFileSync } from "node:fs";
import { initSync } from "./generated/gate.js";

export const { memory } = initSync({
  module: readFileSync(new URL("./generated/gate_bg.wasm", import.meta.url)),
});

/** Its `fetch` is a server's. */
export const isServer = true;

export { GateCore, GatePolicy } from "./generated/gate.js";
export { hostAlgorithms } from "./native-host.ts";
