/** workerd: the module is compiled when the Worker is deployed and imported ready. It has SIMD. */
import { __wbg_reset_state, initSync } from "./generated/gate.js";
import module from "./generated/gate_bg.wasm";
import { Instance } from "./instance.ts";

/** What is kept there is there for all isolates of a data centre. */
export const caches = globalThis.caches;

initSync({ module });
export const instance = new Instance({ initSync, __wbg_reset_state });

export { certificateOfWorker as certificateOf } from "../client-certificate.ts";
export { GateCore, GatePolicy } from "./generated/gate.js";
export { hostAlgorithms } from "./native-host.ts";
