/** Node, Deno and Bun: the module lies beside this file and is compiled when it is imported. */
import { readFileSync } from "node:fs";
import { __wbg_reset_state, initSync } from "./generated/machine.js";
import { Instance } from "./instance.ts";

initSync({ module: readFileSync(new URL("./generated/machine_bg.wasm", import.meta.url)) });
export const instance = new Instance({ initSync, __wbg_reset_state });

export { MachineCore } from "./generated/machine.js";
