/** Vercel's edge runtime: bundlers for it take `?module` for a module that is compiled when it is deployed. It has SIMD. */
import { initSync } from "./generated/verifier.js";
import module from "./generated/verifier_bg.wasm?module";
import { ofThisRealm } from "./of-this-realm.ts";

export const { memory } = initSync({ module: ofThisRealm(module) });

export { VerifierCore } from "./generated/verifier.js";
