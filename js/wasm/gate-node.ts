/** Node, Deno and Bun: the module lies beside this file and is compiled when it is imported. */
import { readFileSync } from "node:fs";
import { __wbg_reset_state, initSync } from "./generated/gate.js";
import { Instance } from "./instance.ts";

initSync({
  module: readFileSync(new URL("./generated/gate_bg.wasm", import.meta.url)),
});
export const instance = new Instance({ initSync, __wbg_reset_state });

/** Its `fetch` is a server's. */
export const isServer = true;

export { GateCore, GatePolicy } from "./generated/gate.js";
export { hostAlgorithms } from "./native-host.ts";
