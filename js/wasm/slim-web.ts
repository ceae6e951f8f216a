/** Browsers: the module lies beside this file and is compiled while it streams in. */
import initialize, { __wbg_reset_state, initSync } from "./generated/slim.js";
import { Instance } from "./instance.ts";

await initialize({
  module_or_path: new URL("./generated/slim_bg.wasm", import.meta.url),
});
export const instance = new Instance({ initSync, __wbg_reset_state });

export { SlimCore } from "./generated/slim.js";
