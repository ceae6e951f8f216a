/** workerd: the module is compiled when the Worker is deployed and imported ready. It has SIMD, and WebCrypto in native code. */
import type { AlgorithmName } from "../algorithm-name.ts";
import { initSync } from "./generated/gate.js";
import module from "./generated/gate_bg.wasm";

export const { memory } = initSync({ module });

export { GateCore, GatePolicy, type GateStep, Standing } from "./generated/gate.js";

/**
 * The algorithms whose signatures WebCrypto checks here: those that the core has not, and those at which it is the faster one. ES256 is
 * the core's. `docs/benchmarks/` has the measurements.
 */
export const hostAlgorithms: readonly AlgorithmName[] = [
  ...(["ES384", "ES512", "EdDSA", "Ed25519"] as const),
  ...(["PS256", "PS384", "PS512", "RS256", "RS384", "RS512"] as const),
];
