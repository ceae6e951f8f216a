/**
 * Refusals in plain words. The gate says why in its `code` (because its policy says `explain`); without it
 * there is still the OAuth error, which every gate gives.
 */

const BY_CODE = new Map([
  ["credentials_missing", "The request carried no token, and this route wants one."],
  ["credentials_malformed", "The Authorization header is not of the form “Bearer token”."],
  ["token_malformed", "What was sent as a token isn’t one: it doesn’t have a token’s shape."],
  [
    "algorithm_not_allowed",
    "The token names an algorithm the gate doesn’t accept. “none” and shared secrets never are.",
  ],
  ["key_unknown", "The token is signed with a key that the issuer doesn’t publish."],
  [
    "key_not_yet_known",
    "The issuer doesn’t publish the token’s key. Its keys were fetched a moment ago; they will be again in some seconds.",
  ],
  [
    "signature_invalid",
    "The signature doesn’t match. Somebody made this token up, or changed it on the way.",
  ],
  ["token_expired", "The token was good once. Its time is over."],
  ["token_not_yet_valid", "The token only becomes valid later."],
  ["issuer_unknown", "The token comes from an issuer this gate doesn’t trust."],
  ["audience_mismatch", "The token is genuine, and meant for another API."],
  [
    "type_mismatch",
    "This is not an access token. An ID token, for one, is for the client and not for an API.",
  ],
  ["token_inactive", "The authorization server says that this token no longer counts: it was revoked."],
  [
    "key_set_unavailable",
    "The gate couldn’t get the issuer’s keys. That’s not the token’s fault, so: try again later.",
  ],
  [
    "introspection_unavailable",
    "The gate couldn’t ask the authorization server. That’s not the token’s fault: try again later.",
  ],
  ["route_unknown", "The gate has no route for this path, so nothing behind it can be reached."],
  ["method_not_allowed", "The route exists, but not for this method."],
]);

const BY_ERROR = new Map([
  ["invalid_request", "The request is malformed."],
  ["invalid_token", "The token is not good here."],
  ["insufficient_scope", "The token is good, and doesn’t allow this."],
]);

const BY_FAILURE = new Map([
  [
    "transaction_unknown",
    "The answer doesn’t belong to a sign-in that this tab started, so it was thrown away.",
  ],
  ["state_mismatch", "The answer doesn’t belong to a sign-in that this page started, so it was thrown away."],
  ["nonce_mismatch", "The ID token was made for another sign-in, so it was thrown away."],
  [
    "callback_issuer_mismatch",
    "The answer came from another authorization server than the one that was asked.",
  ],
]);

/** @param {{ ok: boolean, status: number, challenge?: string, json?: any }} answer */
export function answerInWords(answer) {
  const { ok, status, challenge, json } = answer;
  if (ok) return "The gate let it through, and the API answered.";
  const missing = missingScope(answer);
  if (missing !== undefined) {
    return `The token is good, but it doesn’t carry “${missing}”. The gate names the right that is missing.`;
  }
  if (demandedSignIn(answer) !== undefined) {
    return "The token is good, and this is guarded more closely: the gate wants to know that it’s still you, by your password, typed a moment ago.";
  }
  const error = json?.error ?? parameter(challenge, "error");
  const words = BY_CODE.get(json?.code) ?? BY_ERROR.get(error) ?? json?.error_description ?? json?.title;
  if (words !== undefined) return words;
  return status === 401 ? "The gate wants a token." : "The request was refused.";
}

/** A failure before there was an answer: of the network, or of the sign-in. */
export function failureInWords(error) {
  if (error?.error_description !== undefined) return error.error_description;
  if (error instanceof TypeError) return "The request did not get through. Is the demo still running?";
  return BY_FAILURE.get(error?.code) ?? error?.message ?? String(error);
}

/** The scope that the gate names in a 403 (RFC 6750 section 3.1). */
export function missingScope({ challenge }) {
  return parameter(challenge, "error") === "insufficient_scope" ? parameter(challenge, "scope") : undefined;
}

/** How the person has to sign in, as the gate says it in a 401 (RFC 9470 section 3). */
export function demandedSignIn({ challenge }) {
  if (parameter(challenge, "error") !== "insufficient_user_authentication") return undefined;
  const acr_values = parameter(challenge, "acr_values");
  const max_age = parameter(challenge, "max_age");
  return { ...(acr_values && { acr_values }), ...(max_age && { max_age: Number(max_age) }) };
}

/** One parameter of the challenge: `Bearer realm="…", error="…"` (RFC 6750 section 3). */
function parameter(challenge, name) {
  return challenge === undefined ? undefined : new RegExp(`\\b${name}="([^"]*)"`).exec(challenge)?.[1];
}
