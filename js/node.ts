/** `edgeward` in Node, Deno and Bun. */
import { hostAlone, rsa } from "./engines.ts";
import { NodeCrypto } from "./node-crypto.ts";
import { verifiersOf } from "./verifier.ts";
import { memory, VerifierCore } from "./wasm/verifier-node.ts";

/**
 * Makes a verifier from a policy, an object or JSON text.
 *
 * @throws EdgewardError `policy_invalid`, which names every problem and its place.
 */
export const createVerifier = verifiersOf({
  VerifierCore,
  memory,
  // The core is faster at ES256, `node:crypto` at RSA; the others the core has not. `docs/benchmarks/` has the measurements.
  hostAlgorithms: [...hostAlone, ...rsa],
  nodeHost: () => new NodeCrypto(),
  outlivesCall: true,
});

export * from "./verifier-types.ts";
