/** What every entry of the gate gives besides `createGate`. */
export type { ErrorCode, Problem } from "./errors.ts";
export { EdgewardError } from "./errors.ts";
export type { Gate, GateDecision, GateOptions } from "./gate.ts";
export type {
  CorsPolicy,
  IntrospectionPolicy,
  IssuerPolicy,
  Policy,
  RoutePolicy,
  TokenCachePolicy,
  UpstreamPolicy,
} from "./types.ts";
