/** workerd: the module is compiled when the Worker is deployed and imported ready. It has SIMD. */
import { initSync } from "./generated/verifier.js";
import module from "./generated/verifier_bg.wasm";

export const { memory } = initSync({ module });

export { VerifierCore } from "./generated/verifier.js";
