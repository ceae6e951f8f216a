/** Node: the module lies beside this file and is compiled when it is imported. Policies are checked by it there, and no gate runs. */
import { readFileSync } from "node:fs";
import { initSync } from "./generated/gate.js";

initSync({ module: readFileSync(new URL("./generated/gate_bg.wasm", import.meta.url)) });

export { GatePolicy } from "./generated/gate.js";
