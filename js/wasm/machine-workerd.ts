/** workerd: the module is compiled when the Worker is deployed and imported ready. */
import { __wbg_reset_state, initSync } from "./generated/machine.js";
import module from "./generated/machine_bg.wasm";
import { Instance } from "./instance.ts";

initSync({ module });
export const instance = new Instance({ initSync, __wbg_reset_state });

export { MachineCore } from "./generated/machine.js";
