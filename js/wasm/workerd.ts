/** workerd: the module is compiled when the Worker is deployed and imported ready. It has SIMD. */
import { initSync } from "./generated/gate.js";
import module from "./generated/gate_bg.wasm";

/** What is kept there is there for all isolates of a data centre. */
export const caches = globalThis.caches;

export const { memory } = initSync({ module });

export { certificateOfWorker as certificateOf } from "../client-certificate.ts";
export { GateCore, GatePolicy } from "./generated/gate.js";
export { hostAlgorithms } from "./native-host.ts";
