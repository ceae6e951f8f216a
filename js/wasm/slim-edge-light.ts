/** Vercel's edge runtime: bundlers for it take `?module` for a module that is compiled when it is deployed. */
import { initSync } from "./generated/slim.js";
import module from "./generated/slim_bg.wasm?module";
import { ofThisRealm } from "./of-this-realm.ts";

export const { memory } = initSync({ module: ofThisRealm(module) });

export { SlimCore } from "./generated/slim.js";
