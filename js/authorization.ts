/** What a guard says of a request, for who answers it himself. */
import type { CoreErrorCode } from "./error-code.ts";
import { finished, requestHeaders } from "./forward.ts";
import type { GateState } from "./gate-state.ts";
import type { Granted } from "./granted.ts";
import type { Observation } from "./observation.ts";
import type { VerifiedToken } from "./verifier.ts";

/** The decision about a request. */
export type Authorization = Allowed | Refused;

/** The request may pass. */
export interface Allowed {
  readonly outcome: "forward";
  /** What the token says; `undefined` on a public route, where none is looked at. Frozen: the same token gets the same object again. */
  readonly token: VerifiedToken | undefined;
  /**
   * The request's headers as they may go on to an origin: without the token and without those that only the gate may set, with the verified
   * claims as the policy's `upstream.claim_headers` names them.
   */
  readonly headers: Headers;
  /** The application's answer with what the policy says of CORS, in place of what the application itself says of it. */
  finish(response: Response): Response;
}

/** The request is answered by the policy: a refusal, or the answer to a preflight. */
export interface Refused {
  readonly outcome: "respond";
  /** The answer, to be given as it is. */
  readonly response: Response;
  /** The private reason of a refusal, which is not in the answer: a stable code, and a sentence that says what to do. */
  readonly code?: CoreErrorCode | "internal_error";
  readonly detail?: string;
}

/** @internal */
export function allowed(
  state: GateState,
  granted: Granted,
  request: Request,
  seen: Observation | undefined,
  /** What is to be thrown in place of what was. */
  fault: (thrown: unknown) => Error,
): Allowed {
  let headers: Headers | undefined;
  const working = <T>(call: () => T): T => {
    try {
      return call();
    } catch (thrown) {
      throw fault(thrown);
    }
  };
  return {
    outcome: "forward",
    token: granted.token,
    get headers() {
      if (headers === undefined) {
        const own = new Headers(request.headers);
        working(() => requestHeaders(own, state, granted, request));
        headers = own;
      }
      return headers;
    },
    finish(response) {
      const headers = seen?.answers(response.status, granted.responseHeaders) ?? granted.responseHeaders;
      return working(() => finished(response, state, headers));
    },
  };
}

/** @internal */
export const refused = (
  response: Response,
  reason: { code: CoreErrorCode | "internal_error"; detail: string } | null,
): Refused => ({ outcome: "respond", response, ...reason });
