/** `edgeward/machine` in Vercel's edge runtime. */
import { machinesOf } from "./machine/client.ts";
import { instance, MachineCore } from "./wasm/machine-edge-light.ts";

/**
 * Makes a client that gets tokens of its own. Make one and keep it: it has the token.
 *
 * @throws EdgewardError `config_invalid`, which names every problem and its place.
 */
export const createMachineClient = /* @__PURE__ */ machinesOf({ MachineCore, instance });

export type { ErrorCode, Problem } from "./errors.ts";
export { EdgewardError } from "./errors.ts";
export type { MachineClient } from "./machine/client.ts";
export type * from "./machine/types.ts";
