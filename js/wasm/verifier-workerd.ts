/** workerd: the module is compiled when the Worker is deployed and imported ready. It has SIMD. */
import { __wbg_reset_state, initSync } from "./generated/verifier.js";
import module from "./generated/verifier_bg.wasm";
import { Instance } from "./instance.ts";

initSync({ module });
export const instance = new Instance({ initSync, __wbg_reset_state });

export { VerifierCore } from "./generated/verifier.js";
