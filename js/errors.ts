/** Errors of edgeward: an `Error` with a stable `code`. Codes are listed in the crate's `error` module and never renamed. */
export class EdgewardError extends Error {
  override readonly name = "EdgewardError";
  /** The stable code, e.g. `state_mismatch`. */
  readonly code: string;
  /** The claim, parameter or metadata member concerned. */
  readonly subject: string | undefined;
  /** The authorization server's own `error` code (RFC 6749 sections 4.1.2.1 and 5.2), where it answered with one. */
  readonly error: string | undefined;
  /** Its `error_description`, cut to printable ASCII. */
  readonly error_description: string | undefined;

  constructor(code: string, message: string, details: ErrorDetails = {}) {
    super(message);
    this.code = code;
    this.subject = details.subject;
    this.error = details.error;
    this.error_description = details.error_description;
  }
}

interface ErrorDetails {
  subject?: string | undefined;
  error?: string | undefined;
  error_description?: string | undefined;
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
  if (!(thrown instanceof Error)) return thrown;
  const text = (property: string): string | undefined => {
    const value: unknown = Reflect.get(thrown, property);
    return typeof value === "string" ? value : undefined;
  };
  const code = text("code");
  if (code === undefined) return thrown;
  const [subject, error, error_description] = ["subject", "error", "error_description"].map(text);
  return new EdgewardError(code, thrown.message, { subject, error, error_description });
}
