/** Browsers: the module lies beside this file and is compiled while it streams in. */
import initialize from "./generated/slim.js";

export const { memory } = await initialize({
  module_or_path: new URL("./generated/slim_bg.wasm", import.meta.url),
});

export { SlimCore } from "./generated/slim.js";
