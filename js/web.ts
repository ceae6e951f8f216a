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
  // The core answers without a turn of the event loop. WebCrypto's times in a page have not been measured yet.
  hostAlgorithms: hostAlone,
  outlivesCall: true,
});

export * from "./verifier-types.ts";
