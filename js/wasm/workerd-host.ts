/** What WebCrypto is asked in workerd, where it is native code. */
import type { AlgorithmName } from "../algorithm-name.ts";

/**
 * The algorithms whose signatures WebCrypto checks: those that the core has not, and those at which it is the faster one. ES256 is the
 * core's. `docs/benchmarks/` has the measurements.
 */
export const hostAlgorithms: readonly AlgorithmName[] = [
  ...(["ES384", "ES512", "EdDSA", "Ed25519"] as const),
  ...(["PS256", "PS384", "PS512", "RS256", "RS384", "RS512"] as const),
];
