/**
 * What would help where a request was refused: in the token, or in the policy.
 *
 * @module
 */
import type { CoreErrorCode } from "../error-code.ts";
import { type Evidence, shown, shownDate } from "./comparisons.ts";

type Advice = (evidence: Evidence) => string;

const place = ({ decided: { issuer } }: Evidence) => `issuers[${issuer ?? 0}]`;
const route = ({ decided: { route } }: Evidence) => `routes[${route ?? 0}]`;
const clocks: Advice = (evidence) =>
  `compare the clocks of the issuer and of the gate (--at sets the moment); ${place(evidence)}.clock_tolerance_seconds is how far they may differ`;

/** Where the core's own sentence says less than can be said with the policy and the token in hand. */
const advice: Partial<Record<CoreErrorCode, Advice>> = {
  path_ambiguous: () => "send the path in its plain form, without encoded separators, empty or dot segments",
  route_unknown: ({ question }) =>
    `add a route for ${shown(question.path)}, exactly, or for a prefix of it with "/*"`,
  method_not_allowed: ({ question }) =>
    `add ${shown(question.method)} to the "methods" of the route, or send another method`,
  credentials_missing: () => "send a token: explain takes it with --token - from standard input",
  type_mismatch: (evidence) =>
    `ask for an access token (typ "at+jwt", RFC 9068), and not for an ID token; where the provider predates RFC 9068, set ${place(evidence)}.token_profile to "jwt"`,
  issuer_unknown: ({ claims }) =>
    `get a token of an issuer that the policy names; if ${shown(claims.iss)} is to be trusted, add it to "issuers" exactly as it stands in the token`,
  audience_mismatch: (evidence) =>
    `ask for a token for ${shown(evidence.policy.issuers[evidence.decided.issuer ?? -1]?.audience)} (resource, RFC 8707); if ${shown(evidence.claims.aud)} means this API, add it to ${place(evidence)}.audience`,
  algorithm_not_allowed: (evidence) =>
    `sign with an algorithm of ${place(evidence)}.algorithms, or add ${shown(evidence.header.alg)} to it`,
  key_unknown: ({ header }) =>
    `publish the key ${shown(header.kid)} in the issuer's key set, or get a token that is signed with one that is there`,
  key_set_unavailable: () =>
    "give the key set with --key-set FILE, or see why the issuer's metadata and keys can't be fetched from here",
  signature_invalid: () =>
    "get the token anew from the issuer: this one was changed on the way, or another key has signed it than its kid says",
  token_expired: ({ claims }) => `get a new token; this one expired at ${shownDate(claims.exp)}`,
  token_not_yet_valid: clocks,
  token_issued_in_future: clocks,
  scope_missing: (evidence) =>
    `ask for a token with the scope that is missing, for the same user or client; or change ${route(evidence)} if it demands too much`,
  rights_missing: (evidence) =>
    `have the issuer grant what is missing; or change ${route(evidence)} if it demands too much`,
  token_not_for_route: (evidence) =>
    `get a token of an issuer and for an audience that ${route(evidence)} takes`,
  authentication_insufficient: (evidence) =>
    `have the user authenticate again, with the acr_values and max_age of the challenge (RFC 9470); or change ${route(evidence)}`,
  introspection_unavailable: () =>
    "give what the issuer says of the token with --introspection FILE: explain sends the token to nobody",
  token_inactive: () =>
    "get a new token: the issuer says that this one was revoked, has expired, or is not its own",
  proof_of_possession_missing: ({ policy }) =>
    (policy.dpop ?? policy.mtls ?? null) === null
      ? 'add "dpop" or "mtls" to the policy, so that bound tokens pass with what proves them; or get a token that is bound to nothing'
      : "send the token with what it is bound to: a DPoP proof (RFC 9449), or over a connection with the client's certificate (RFC 8705); explain can't",
};

/** What to change. */
export const changeFor = (code: CoreErrorCode, evidence: Evidence): string =>
  advice[code]?.(evidence) ?? evidence.decided.detail ?? code;
