/** What the core has decided about a request, as the rest of the gate has it. */
import type { GateAnswer, HeaderList } from "./needs.ts";
import type { UpstreamToken } from "./upstream-token.ts";
import type { VerifiedToken } from "./verifier.ts";

/** A request that may pass, with these headers. */
export interface Granted {
  headers: HeaderList;
  responseHeaders: HeaderList;
  /** Whether a token was found good, and it is not a public route's. Only told where the policy forwards the token. */
  isVerified: boolean;
  /** What the origin gets in place of the client's token, where the policy says so and the route is not public. */
  upstreamToken: UpstreamToken | undefined;
  /** What its token says, where that was asked and one was looked at. */
  token: VerifiedToken | undefined;
  /** Whether keys of a set that is due were used. */
  isStale: boolean;
  /** Whether {@link GateState.refresh} is worth calling. */
  isRefreshDue: boolean;
}

/** What to do with a request: send it on, or answer it. */
export type Decided = Granted | { answer: GateAnswer };
