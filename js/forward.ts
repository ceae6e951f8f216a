/** The request on its way to the origin and the answer on its way back: moving bytes and headers, by what the core has decided. */
import type { GateState } from "./gate-state.ts";
import type { GateAnswer, HeaderList } from "./types.ts";

/** A request that may pass. */
export interface Forwarding {
  url: string;
  headers: HeaderList;
  responseHeaders: HeaderList;
}

/** Has the origin answer. */
export async function forward(
  state: GateState,
  { url, headers, responseHeaders }: Forwarding,
  request: Request,
  fetch: (input: Request) => Promise<Response>,
): Promise<Response> {
  let response: Response;
  try {
    // The body is streamed, and a redirect of the origin's is the client's to follow. Requests that a server gets say so already.
    const unfollowed = request.redirect === "manual" ? request : new Request(request, { redirect: "manual" });
    const upstream = new Request(url, unfollowed);
    requestHeaders(upstream.headers, state, headers);
    response = await fetch(upstream);
  } catch {
    const failed = state.upstreamFailed();
    return respond({ ...failed, headers: [...failed.headers, ...responseHeaders] });
  }
  return finished(response, state, responseHeaders);
}

/** Makes a client's headers what an origin may have. */
export function requestHeaders(own: Headers, state: GateState, headers: HeaderList): void {
  for (const name of namesIn(own, (name) => state.dropsHeader(name))) own.delete(name);
  for (const [name, value] of headers) own.set(name, value);
}

/** An answer as the client may have it. */
export function finished(response: Response, state: GateState, responseHeaders: HeaderList): Response {
  const dropped = state.dropsResponseHeaders
    ? namesIn(response.headers, (name) => state.dropsResponseHeader(name))
    : [];
  if (responseHeaders.length === 0 && dropped.length === 0) return response;
  const answered = new Response(response.body, response);
  for (const name of dropped) answered.headers.delete(name);
  setHeaders(answered.headers, responseHeaders);
  return answered;
}

/** The names that are asked for. One call into the runtime goes over all of them, where an iterator would take one for each. */
function namesIn(headers: Headers, isAskedFor: (name: string) => boolean): string[] {
  const names: string[] = [];
  headers.forEach((_, name) => {
    if (isAskedFor(name)) names.push(name);
  });
  return names;
}

/** An answer of the gate's own. */
export function respond({ status, headers, body }: GateAnswer): Response {
  const set = new Headers();
  setHeaders(set, headers);
  return new Response(body === "" ? null : body, { status, headers: set });
}

function setHeaders(headers: Headers, list: HeaderList): void {
  for (const [name, value] of list) {
    // `Vary` is a list that the origin may have begun.
    if (name === "vary") headers.append(name, value);
    else headers.set(name, value);
  }
}
