/** workerd: the module is compiled when the Worker is deployed and imported ready. */
import { initSync } from "./generated/edgeward.js";
import module from "./generated/edgeward_bg.wasm";

initSync({ module });

export { GateCore, GatePolicy, type GateStep } from "./generated/edgeward.js";
