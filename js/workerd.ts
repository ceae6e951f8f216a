/** `edgeward` in workerd. */
import { verifiersOf } from "./verifier.ts";
import { hostAlgorithms } from "./wasm/native-host.ts";
import { instance, VerifierCore } from "./wasm/verifier-workerd.ts";

/**
 * Makes a verifier from a policy, an object or JSON text.
 *
 * @throws EdgewardError `policy_invalid`, which names every problem and its place.
 */
export const createVerifier = /* @__PURE__ */ verifiersOf({
  VerifierCore,
  instance,
  hostAlgorithms,
  outlivesCall: false,
});

export * from "./verifier-types.ts";
