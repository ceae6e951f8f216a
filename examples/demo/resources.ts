/**
 * What the tokens are for: the two protected resources (RFC 8707) and the scopes of the API.
 *
 * The authorization server hands these scopes out, the gate's policy asks for them on its routes, and the
 * consent page and the single-page app explain them in the words written here.
 */

/** The API behind the gate. A token is good there only if its `aud` says so. */
export const API_AUDIENCE = "https://api.demo.example";

/** Another API of the same authorization server: its tokens are genuine, and of no use at the gate. */
export const ARCHIVE_AUDIENCE = "https://archive.demo.example";

export interface ApiScope {
  readonly scope: string;
  /** What a person is asked to allow, as it follows "Tidewater wants to …". */
  readonly permission: string;
  /** "person": granted by someone who signs in. "machine": only to a program that acts for itself. */
  readonly grantedTo: "person" | "machine";
}

export const API_SCOPES: readonly ApiScope[] = [
  { scope: "data:read", permission: "read the tide gauge", grantedTo: "person" },
  { scope: "profile:read", permission: "read your profile at the station", grantedTo: "person" },
  { scope: "notes:read", permission: "read your logbook", grantedTo: "person" },
  { scope: "notes:write", permission: "write in your logbook", grantedTo: "person" },
  { scope: "admin", permission: "run the station in your name", grantedTo: "person" },
  { scope: "machine", permission: "file reports as an instrument", grantedTo: "machine" },
  { scope: "audit:read", permission: "read the station's audit trail", grantedTo: "machine" },
  { scope: "tokens:revoke", permission: "take tokens back", grantedTo: "machine" },
];

export const PERSON_SCOPES = API_SCOPES.filter((api) => api.grantedTo === "person").map((api) => api.scope);

/** The scopes OpenID Connect defines, in the same words. `openid` itself is not a choice: it is the sign-in. */
export const OPENID_SCOPES: ReadonlyMap<string, string> = new Map([
  ["openid", "know who you are"],
  ["profile", "see your name"],
  ["email", "see your e-mail address"],
  ["offline_access", "keep its access while you are away"],
]);

/** "read the tide gauge" for `data:read`; a scope nobody described is shown as it is. */
export function permissionOf(scope: string): string {
  return OPENID_SCOPES.get(scope) ?? API_SCOPES.find((api) => api.scope === scope)?.permission ?? scope;
}
