/** `edgeward` in browsers, and wherever else there is `fetch` and WebCrypto. */
import { hostAlone } from "./engines.ts";
import { verifiersOf } from "./verifier.ts";
import { memory, VerifierCore } from "./wasm/verifier-web.ts";

/**
 * Makes a verifier from a policy, an object or JSON text.
 *
 * @throws EdgewardError `policy_invalid`, which names every problem and its place.
 */
export const createVerifier = verifiersOf({
  VerifierCore,
  memory,
  // In a page each call of WebCrypto goes through another process, so the core has all that it can.
  hostAlgorithms: hostAlone,
  outlivesCall: true,
});

export * from "./verifier-types.ts";
