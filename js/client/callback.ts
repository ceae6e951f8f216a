/** The callback's URL, taken out of the address bar before anything else can read it or it gets into the history. */

/** Parameters that an authorization response may have, in its query or, from an implicit grant, in its fragment. */
const RESPONSE_PARAMETERS = ["code", "error", "state", "access_token", "id_token"];

/**
 * If the page was opened as the redirect URI of an authorization response, gives its URL and leaves the plain path in the
 * address bar and in the history.
 */
export function takeCallback(redirect_uri: string): string | undefined {
  const { origin, pathname, search, hash, href } = location;
  if (origin + pathname !== redirect_uri) return undefined;
  const parts = [search, hash].map((part) => new URLSearchParams(part.slice(1)));
  if (!RESPONSE_PARAMETERS.some((name) => parts.some((part) => part.has(name)))) return undefined;
  history.replaceState(history.state, "", pathname);
  return href;
}
