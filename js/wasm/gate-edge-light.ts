/** Vercel's edge runtime: bundlers for it take `?module` for a module that is compiled when it is deployed. */
import { initSync } from "./generated/gate.js";
import module from "./generated/gate_bg.wasm?module";
import { ofThisRealm } from "./of-this-realm.ts";

export const { memory } = initSync({ module: ofThisRealm(module) });

export { GateCore, GatePolicy } from "./generated/gate.js";
export { hostAlgorithms } from "./native-host.ts";
