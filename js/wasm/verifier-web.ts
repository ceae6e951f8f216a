/**
 * Browsers: the module lies beside this file and is compiled while it streams in. It is the one without 128-bit vectors: every browser takes
 * it, it is the smaller one, and a page asks WebCrypto for what vectors are good at. So bundlers have one file to ship, and pages one to load.
 */
import initialize, { __wbg_reset_state, initSync } from "./generated/verifier_scalar.js";
import { Instance } from "./instance.ts";

await initialize({
  module_or_path: new URL("./generated/verifier_scalar_bg.wasm", import.meta.url),
});
export const instance = new Instance({ initSync, __wbg_reset_state });

export { VerifierCore } from "./generated/verifier_scalar.js";
