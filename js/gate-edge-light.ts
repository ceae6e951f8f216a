/** `edgeward/gate` in Vercel's edge runtime. */
import { gatesOf, guardsOf } from "./gate.ts";
import * as runtime from "./wasm/gate-edge-light.ts";

/**
 * Makes a gate from a policy, an object or JSON text.
 *
 * @throws EdgewardError `policy_invalid`, which names every problem and its place.
 */
export const createGate = /* @__PURE__ */ gatesOf(runtime);

/**
 * Makes a guard from a policy, an object or JSON text: it decides, and sends nothing on, so the policy needs no `upstream`.
 *
 * @throws EdgewardError `policy_invalid`, which names every problem and its place.
 */
export const createGuard = /* @__PURE__ */ guardsOf(runtime);

export * from "./gate-types.ts";
