/**
 * How somebody was authenticated: the `acr` of a sign-in, and when an authorization request asks for another (RFC 9470).
 *
 * A server with a second factor would ask for it here. The demo's people have a password alone, so what counts as more is that
 * it was typed because a request asked for that. How long ago is for `auth_time` to say.
 */

import {
  type Configuration,
  type InteractionResults,
  interactionPolicy,
  type KoaContextWithOIDC,
} from "oidc-provider";

/** Signed in by a password, for whatever request came first. */
export const ACR_SESSION = "urn:tidewater:session";
/** The password was typed for a request that asked for it by this name. */
export const ACR_CONFIRMED = "urn:tidewater:confirmed";

/** The login page is shown again where none of the `acr_values` of the request is what the session has; `max_age` it knows by itself. */
export function authenticationPolicy(): interactionPolicy.DefaultPolicy {
  const policy = interactionPolicy.base();
  policy.get("login")?.checks.add(
    new interactionPolicy.Check("acr_values", "another authentication is required", ({ oidc }) => {
      const wanted = acrsOf(oidc.params?.acr_values).filter(
        (acr) => acr === ACR_SESSION || acr === ACR_CONFIRMED,
      );
      return wanted.length > 0 && !wanted.some((acr) => acr === oidc.session?.acr);
    }),
  );
  return policy;
}

/** What a finished login page says: the confirmed authentication only to a request that asked for it. */
export function loginResult(accountId: string, acrValues: unknown): InteractionResults {
  const confirmed = acrsOf(acrValues).includes(ACR_CONFIRMED);
  return { login: { accountId, acr: confirmed ? ACR_CONFIRMED : ACR_SESSION } };
}

/** `acr` and `auth_time` of the sign-in that a token comes of (RFC 9068 section 2.2.1); a program's has none. */
export const authenticationClaims: Configuration["extraTokenClaims"] = (ctx: KoaContextWithOIDC) => {
  const { AuthorizationCode, RefreshToken } = ctx.oidc.entities;
  const { acr, authTime } = AuthorizationCode ?? RefreshToken ?? {};
  return { ...(acr && { acr }), ...(authTime && { auth_time: authTime }) };
};

const acrsOf = (values: unknown): string[] => (typeof values === "string" ? values.split(" ") : []);
