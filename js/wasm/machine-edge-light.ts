/** Vercel's edge runtime: bundlers for it take `?module` for a module that is compiled when it is deployed. */
import { __wbg_reset_state, initSync } from "./generated/machine.js";
import module from "./generated/machine_bg.wasm?module";
import { Instance } from "./instance.ts";
import { ofThisRealm } from "./of-this-realm.ts";

initSync({ module: ofThisRealm(module) });
export const instance = new Instance({ initSync, __wbg_reset_state });

export { MachineCore } from "./generated/machine.js";
