/** What every entry of `edgeward` gives besides `createVerifier`. */
export type { AlgorithmName } from "./algorithm-name.ts";
export type { ErrorCode, Problem } from "./errors.ts";
export { EdgewardError } from "./errors.ts";
export type { IssuerPolicy, KeyPolicy, TokenCachePolicy } from "./policy.ts";
export type {
  AccessTokenClaims,
  VerifiedToken,
  Verifier,
  VerifierOptions,
  VerifierPolicy,
} from "./verifier.ts";
