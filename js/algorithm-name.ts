/**
 * Made from `src/jose/algorithm.rs` by `npm run generate`; don't edit.
 *
 * @module
 */

/** Signature algorithms (RFC 7518 section 3.1, RFC 8037 section 3.1, RFC 9864 section 2.2). There are no others. */
export type AlgorithmName = (typeof algorithmNames)[number];

/** All of them, in the core's order. */
export const algorithmNames = [
  "ES256",
  "ES384",
  "ES512",
  "EdDSA",
  "Ed25519",
  "PS256",
  "PS384",
  "PS512",
  "RS256",
  "RS384",
  "RS512",
] as const;
