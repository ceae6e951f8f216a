import type { CoreErrorCode } from "./error-code.ts";

/** Why something was refused: one of the core's reasons, or one that only JavaScript can meet. */
export type ErrorCode =
  | CoreErrorCode
  | "storage_unavailable"
  | "authorization_server_unavailable"
  | "popup_blocked"
  | "popup_closed"
  | "popup_finished"
  | "step_up_required"
  | "redirect_refused"
  | "userinfo_refused"
  | "asynchronous_only"
  | "internal_error"
  | "module_unavailable"
  | "platform_unsupported";

/** One fault of a document that a person wrote. */
export interface Problem {
  /** The place in the document, e.g. `issuers[0].audience`; `(document)` for the whole. */
  readonly path: string;
  /** What is wrong there and what would be right. It never shows the value. */
  readonly problem: string;
}

/** Errors of edgeward: an `Error` with a stable `code`, listed with its rule in `docs/errors.md` and never renamed. */
export class EdgewardError extends Error {
  override readonly name = "EdgewardError";
  /** The stable code, e.g. `state_mismatch`. */
  readonly code: ErrorCode;
  /** The claim, parameter or metadata member concerned. */
  readonly subject: string | undefined;
  /** The authorization server's own `error` code (RFC 6749 sections 4.1.2.1 and 5.2), where it answered with one. */
  readonly error: string | undefined;
  /** Its `error_description`, cut to printable ASCII. */
  readonly error_description: string | undefined;
  /** Every problem of the document, with `policy_invalid` and `config_invalid`; empty with all others. `message` tells them too. */
  readonly problems: readonly Problem[];

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message);
    this.code = code;
    this.subject = details.subject;
    this.error = details.error;
    this.error_description = details.error_description;
    this.problems = details.problems ?? [];
  }
}

interface ErrorDetails {
  subject?: string | undefined;
  error?: string | undefined;
  error_description?: string | undefined;
  problems?: readonly Problem[] | undefined;
}

/** That a policy can't be enforced here, though the core has taken it. */
export function policyInvalid(...problems: Problem[]): EdgewardError {
  const told = problems.map(({ path, problem }) => `${path}: ${problem}`).join("; ");
  return new EdgewardError("policy_invalid", `the policy is not valid: ${told}`, { problems });
}

/** Runs a call into the core and turns what it throws into an {@link EdgewardError}. */
export function inCore<T>(call: () => T): T {
  try {
    return call();
  } catch (thrown) {
    throw fromCore(thrown);
  }
}

function fromCore(thrown: unknown): unknown {
  if (!(thrown instanceof Error) || thrown instanceof EdgewardError) return thrown;
  const text = (property: string): string | undefined => {
    const value: unknown = Reflect.get(thrown, property);
    return typeof value === "string" ? value : undefined;
  };
  const code = text("code");
  if (code === undefined) return thrown;
  const [subject, error, error_description] = ["subject", "error", "error_description"].map(text);
  const list = text("problems");
  const problems: Problem[] | undefined = list === undefined ? undefined : JSON.parse(list);
  // The core throws its own codes alone, and a test compares the union with them.
  const details = { subject, error, error_description, problems };
  return new EdgewardError(code as CoreErrorCode, thrown.message, details);
}
