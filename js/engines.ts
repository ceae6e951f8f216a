/** Which algorithms there are where: what an entry file chooses from when it says what its runtime's host checks. */
import type { AlgorithmName } from "./algorithm-name.ts";

/** RSA: the core has them, and a host in native code is faster at them. */
export const rsa: readonly AlgorithmName[] = ["PS256", "PS384", "PS512", "RS256", "RS384", "RS512"];

/** All that the core checks itself. */
export const own: readonly AlgorithmName[] = ["ES256", ...rsa];

/** What only the host has: their curves would be half of a module. */
export const hostAlone: readonly AlgorithmName[] = ["ES384", "ES512", "EdDSA", "Ed25519"];
