/** What a page says to the client, and what it gets. Names are those of the standards. */

/** A single-page app's configuration. */
export interface ClientConfig {
  issuer: string;
  client_id: string;
  /** As it is registered; compared exactly. No query, no fragment. */
  redirect_uri: string;
  /** Space-separated, with `openid`. */
  scope: string;
  /** The API the access token is for (RFC 8707). */
  resource?: string;
  post_logout_redirect_uri?: string;
  /** The only origins the access token is ever sent to. */
  api_origins: string[];
  /**
   * Whether the tokens have to be bound to a key of this browser (RFC 9449), so that whoever gets at one can't use it elsewhere. Without it they are
   * where the server demands it.
   */
  dpop?: boolean;
  allow_insecure_loopback?: boolean;
}

/** What one sign-in may choose. */
export interface LoginOptions {
  /** A path on this origin to go back to. Default `/`. */
  return_to?: string;
  prompt?: "login" | "consent" | "select_account" | "none";
  login_hint?: string;
  /** Instead of the configuration's `scope`. */
  scope?: string;
  /** How the user has to authenticate, space-separated, in the order of preference, as a challenge of RFC 9470 says it; the ID token's `acr` must be one of them. */
  acr_values?: string;
  /** How many seconds ago the user may have authenticated; the ID token's `auth_time` must say so. */
  max_age?: number;
}

/** Claims of a validated ID token (OIDC Core section 2). */
export interface IdTokenClaims {
  iss: string;
  sub: string;
  aud: string | string[];
  exp: number;
  iat: number;
  [claim: string]: unknown;
}
