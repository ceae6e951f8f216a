/** workerd: the module is compiled when the Worker is deployed and imported ready. */
import { initSync } from "./generated/slim.js";
import module from "./generated/slim_bg.wasm";

export const { memory } = initSync({ module });

export { SlimCore } from "./generated/slim.js";
