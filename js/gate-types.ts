/** What every entry of the gate gives besides `createGate` and `createGuard`. */
export type { Allowed, Authorization, Refused } from "./authorization.ts";
export type { ErrorCode, Problem } from "./errors.ts";
export { EdgewardError } from "./errors.ts";
export type { Gate, GateOptions, Guard } from "./gate.ts";
export type { RequestContext } from "./gate-runtime.ts";
export type { DecisionCode, GateDecision, GateReport } from "./observation.ts";
export type {
  ClaimConditionPolicy,
  ClaimHeaderPolicy,
  CorsPolicy,
  DpopPolicy,
  GateKeyPolicy,
  GuardPolicy,
  IntrospectionPolicy,
  IssuerPolicy,
  KeyPolicy,
  MtlsPolicy,
  Policy,
  RequirementPolicy,
  ResourceMetadataPolicy,
  RoutePolicy,
  SenderConstraint,
  TokenCachePolicy,
  UpstreamPolicy,
} from "./policy.ts";
export type { Timing } from "./timing.ts";
export type { AccessTokenClaims, VerifiedToken } from "./verifier.ts";
