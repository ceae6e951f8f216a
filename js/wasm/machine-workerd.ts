/** workerd: the module is compiled when the Worker is deployed and imported ready. */
import { initSync } from "./generated/machine.js";
import module from "./generated/machine_bg.wasm";

initSync({ module });

export { MachineCore } from "./generated/machine.js";
