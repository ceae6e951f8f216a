/** `edgeward` in browsers, and wherever else there is `fetch` and WebCrypto. */
import { hostAlone, rsa } from "./engines.ts";
import { verifiersOf } from "./verifier.ts";
import { instance, VerifierCore } from "./wasm/verifier-web.ts";

/**
 * Makes a verifier from a policy, an object or JSON text.
 *
 * @throws EdgewardError `policy_invalid`, which names every problem and its place.
 */
export const createVerifier = /* @__PURE__ */ verifiersOf({
  VerifierCore,
  instance,
  // Measured on a page's main thread, a whole verify() in Chromium 148, medians on a busy machine: RS256 by WebCrypto 51 µs, by the core 87; PS256
  // 53 and 93; ES256 101 and 49. That was the core with 128-bit vectors; without them, as here, it takes as long for ES256, and no less for RSA.
  hostAlgorithms: [...hostAlone, ...rsa],
  outlivesCall: true,
});

export * from "./verifier-types.ts";
