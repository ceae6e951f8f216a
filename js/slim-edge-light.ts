/** `edgeward/slim` in Vercel's edge runtime. */
import { slimVerifiersOf } from "./slim-verifier.ts";
import { instance, SlimCore } from "./wasm/slim-edge-light.ts";

/**
 * Makes a verifier for one issuer's tokens from what they must say and the issuer's key set, an object or JSON text.
 *
 * @throws EdgewardError `policy_invalid`, which names every problem and its place; `key_set_malformed`
 */
export const createVerifier = /* @__PURE__ */ slimVerifiersOf({ SlimCore, instance });

export type { ErrorCode, Problem } from "./errors.ts";
export { EdgewardError } from "./errors.ts";
export type { SlimOptions, SlimPolicy, SlimVerifier } from "./slim-verifier.ts";
export type { AccessTokenClaims, VerifiedToken } from "./verifier.ts";
