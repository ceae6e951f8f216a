/** Vercel's edge runtime: bundlers for it take `?module` for a module that is compiled when it is deployed. */
import { initSync } from "./generated/machine.js";
import module from "./generated/machine_bg.wasm?module";
import { ofThisRealm } from "./of-this-realm.ts";

initSync({ module: ofThisRealm(module) });

export { MachineCore } from "./generated/machine.js";
