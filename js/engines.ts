/** Which algorithms there are where: what an entry file chooses from when it says what its runtime's host checks. */
import { type AlgorithmName, algorithmNames } from "./algorithm-name.ts";
import { EdgewardError } from "./errors.ts";

/** RSA: the core has them, and a host in native code is faster at them. */
export const rsa: readonly AlgorithmName[] = ["PS256", "PS384", "PS512", "RS256", "RS384", "RS512"];

/** What only the host has: their curves would be half of a module. */
export const hostAlone: readonly AlgorithmName[] = ["ES384", "ES512", "EdDSA", "Ed25519"];

/**
 * The algorithms whose signatures the host checks: those that were measured to be faster there, unless an engine is named.
 *
 * @throws EdgewardError `policy_invalid` for an engine that is not there
 */
export function hostAlgorithmsOf(
  engine: string | undefined,
  measured: readonly AlgorithmName[],
  hosts: readonly string[],
): readonly AlgorithmName[] {
  if (engine === undefined) return measured;
  if (engine === "wasm") return [];
  if (hosts.includes(engine)) return algorithmNames;
  throw new EdgewardError("policy_invalid", `(engine): must be one of ${["wasm", ...hosts].join(", ")} here`);
}
