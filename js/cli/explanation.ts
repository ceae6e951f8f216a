/**
 * A decision of the core's put in the order of its checks: which passed, which refused, and what each compared.
 *
 * @module
 */
import type { CoreErrorCode } from "../error-code.ts";
import type { GroundCode } from "../ground-code.ts";
import type { GuardPolicy } from "../policy.ts";
import { changeFor } from "./advice.ts";
import { type Check, checkOf, checks } from "./checks.ts";
import { type Comparison, comparisonsOf, type Evidence, readToken } from "./comparisons.ts";
import type { Decided, Question } from "./explain.ts";

/** What came of one check. */
export interface CheckReport {
  readonly check: Check;
  readonly outcome: "passed" | "refused" | "not_reached";
  readonly comparisons: readonly Comparison[];
  /** Whether what the token says here is only what it claims: its signature did not hold, or was not looked at. */
  readonly is_unverified: boolean;
}

/** A decision, explained. */
export interface Explanation {
  /** `undecided` where a document was not there that the decision hangs on. */
  readonly outcome: "allowed" | "refused" | "undecided";
  readonly code: CoreErrorCode | GroundCode;
  readonly detail?: string;
  /** What a caller would get. */
  readonly status?: number;
  readonly www_authenticate?: string;
  readonly checks: readonly CheckReport[];
  /** What would help. */
  readonly change?: string;
}

const aboutTheToken: readonly Check[] = ["form", "issuer", "keys", "claims", "demands", "possession"];

/** What explain has not got, and a gate has: documents, the deny list's store, and a body. */
const undecided: readonly string[] = [
  "key_set_unavailable",
  "introspection_unavailable",
  "deny_list_unavailable",
  "revocation_invalid",
];

/** Explains a decision about a policy that the core has taken. */
export function explanationOf(question: Question, decided: Decided): Explanation {
  const policy: GuardPolicy = JSON.parse(question.policy);
  const evidence: Evidence = { question, policy, decided, ...readToken(question.token) };
  const order = orderOf(evidence);
  const refusing = refusingCheck(evidence);
  const refusedAt = refusing === undefined ? order.length : order.indexOf(refusing);
  const isVerified = decided.signature !== undefined && refusedAt > order.indexOf("signature");
  const reports = order.map((check, place): CheckReport => {
    const isReached = place <= refusedAt;
    return {
      check,
      outcome: place < refusedAt ? "passed" : isReached ? "refused" : "not_reached",
      comparisons: isReached ? comparisonsOf[check](evidence) : [],
      is_unverified: isReached && !isVerified && aboutTheToken.includes(check),
    };
  });
  const { isAllowed, code, detail, answer } = decided;
  const isUndecided = undecided.includes(code);
  const challenge = answer?.headers.find(([name]) => name === "www-authenticate")?.[1];
  return {
    outcome: isAllowed ? "allowed" : isUndecided ? "undecided" : "refused",
    code,
    ...(detail === undefined ? {} : { detail }),
    ...(answer === undefined ? {} : { status: answer.status }),
    ...(challenge === undefined ? {} : { www_authenticate: challenge }),
    checks: reports,
    ...(isAllowed ? {} : { change: changeFor(code as CoreErrorCode, evidence) }),
  };
}

/** Whether the token is one that only the issuer can judge. */
const isOpaque = ({ question, policy, decided: { route = -1 } }: Evidence): boolean =>
  policy.routes[route]?.introspection === true && question.token?.split(".").length !== 3;

/** The checks that this request goes through. */
function orderOf(evidence: Evidence): readonly Check[] {
  const { policy, decided } = evidence;
  const route = policy.routes[decided.route ?? -1];
  const isAnswered = decided.code === "preflight_answered" || decided.code === "metadata_served";
  if (isAnswered || route?.public) return ["route"];
  const revocation: readonly Check[] = (policy.revocation ?? null) === null ? [] : ["revocation"];
  if (isOpaque(evidence)) {
    return [
      "route",
      "credentials",
      "form",
      "issuer",
      "introspection",
      "demands",
      ...revocation,
      "possession",
    ];
  }
  const asksIntrospection = route?.introspection === true;
  const left: Check[] = ["origin", ...(asksIntrospection ? [] : (["introspection"] as const))];
  if (revocation.length === 0) left.push("revocation");
  return checks.filter((check) => !left.includes(check));
}

/** The check that refused. The core's table knows it by the reason; where one reason can have two places, what else is known tells. */
function refusingCheck(evidence: Evidence): Check | undefined {
  const { isAllowed, code, issuer, introspection } = evidence.decided;
  const check = isAllowed ? null : checkOf[code as CoreErrorCode];
  if (check === null) return undefined;
  const isAfter = (other: Check) => checks.indexOf(check) > checks.indexOf(other);
  // An algorithm that nobody has is refused with the header, and whose token it is with its payload.
  if (issuer === undefined && isAfter("issuer")) return code === "algorithm_not_allowed" ? "form" : "issuer";
  // Where the policy takes no proofs, a bound token is refused with its claims.
  const takesProofs = (evidence.policy.dpop ?? evidence.policy.mtls ?? null) !== null;
  if (code === "proof_of_possession_missing" && !takesProofs && introspection === undefined) return "claims";
  // What the issuer said is held against the same rules again.
  if (introspection !== undefined && (check === "claims" || (check === "demands" && !isOpaque(evidence))))
    return "introspection";
  return check;
}
