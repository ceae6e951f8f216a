/**
 * The parts of a request's URL.
 *
 * @module
 */

/**
 * A URL that a parser would leave as it is: no "%", no dot after a slash, no fragment, nothing to encode, and neither a user nor a default
 * port to take off. Nearly all are such, and matching one takes a quarter of the time that a `URL` does.
 */
const plain = /^https?:\/\/[a-z\d.-]+(?::\d+)?((?:\/(?!\.)[\w~.-]*)+)(\?[\w~.=&+,:@/-]*)?$/;

/** The path of a URL that some request has, and the query with its "?" where there is more of it than that: as `URL` has them. */
export function pathAndQuery(url: string): { pathname: string; search: string } {
  const [, pathname, search = ""] = plain.exec(url) ?? [];
  if (pathname === undefined) return new URL(url);
  return { pathname, search: search === "?" ? "" : search };
}

/** Scheme, host and port of a URL that some request has: those have a path, and no user. */
export function originOf(url: string): string {
  return url.slice(0, url.indexOf("/", "https://".length));
}
