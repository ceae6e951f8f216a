/** Node, Deno and Bun: the module lies beside this file and is compiled when it is imported. */
import { readFileSync } from "node:fs";
import { initSync } from "./generated/machine.js";

initSync({ module: readFileSync(new URL("./generated/machine_bg.wasm", import.meta.url)) });

export { MachineCore } from "./generated/machine.js";
