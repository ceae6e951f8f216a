/** The request on its way to the origin and the answer on its way back: moving bytes and headers, by what the core has decided. */
import type { GateState } from "./gate-state.ts";
import type { Granted } from "./granted.ts";
import type { GateAnswer, HeaderList } from "./needs.ts";
import type { Observation } from "./observation.ts";

/** Codings that a `fetch` decodes which is not the edge's. Others come as they are. */
const decoded = /^(?:x-)?(?:gzip|deflate|br)$/i;

/** A header's name (RFC 9110 section 5.1). */
const fieldName = /^[\w!#$%&'*+.^`|~-]+$/;

/** Has the origin answer. */
export async function forward(
  state: GateState,
  url: string,
  granted: Granted,
  request: Request,
  send: (input: Request, init?: RequestInit) => Promise<Response>,
  seen?: Observation,
): Promise<Response> {
  let response: Response;
  let limit: AbortController | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  try {
    // The body is streamed, and a redirect of the origin's is the client's to follow. Requests that a server gets say so already.
    const unfollowed = request.redirect === "manual" ? request : new Request(request, { redirect: "manual" });
    const upstream = new Request(url, unfollowed);
    requestHeaders(upstream.headers, state, granted, request);
    if (state.timeoutMilliseconds === undefined) {
      response = await send(upstream);
    } else {
      const controller = new AbortController();
      limit = controller;
      timer = setTimeout(() => controller.abort(), state.timeoutMilliseconds);
      // The client's own end still ends it.
      response = await send(upstream, { signal: AbortSignal.any([upstream.signal, controller.signal]) });
    }
  } catch (error) {
    // That was the core, and not the origin.
    if (error instanceof WebAssembly.RuntimeError) throw error;
    const failed = limit?.signal.aborted ? state.upstreamTimedOut() : state.upstreamFailed();
    const headers = [...failed.headers, ...granted.responseHeaders];
    return respond({ ...failed, headers: seen?.answers(failed.status, headers, failed.reason) ?? headers });
  } finally {
    // The limit is for the head alone: the body may take its time.
    clearTimeout(timer);
  }
  const { upstreamToken } = granted;
  if (upstreamToken !== undefined && response.status === 401) state.upstreamTokens?.rejected(upstreamToken);
  // The answers of others are as their headers say, so only here is it looked at.
  const isDecoded = state.decodesAnswers && decoded.test(response.headers.get("content-encoding") ?? "");
  const headers = seen?.answers(response.status, granted.responseHeaders) ?? granted.responseHeaders;
  return finished(response, state, headers, isDecoded);
}

/** Makes a client's headers what an origin may have. */
export function requestHeaders(own: Headers, state: GateState, granted: Granted, request: Request): void {
  const dropped: string[] = [];
  let options = "";
  let upgrade = "";
  // One call into the runtime goes over all of them, where an iterator would take one for each.
  own.forEach((value, name) => {
    if (state.dropsHeader(name)) dropped.push(name);
    if (name === "connection") options = value;
    if (name === "upgrade") upgrade = value;
  });
  for (const name of dropped) own.delete(name);
  for (const name of connectionOptions(options, state)) own.delete(name);
  // Of all protocols a connection can be switched to, only a WebSocket is the request's own (RFC 6455 section 4.1).
  if (upgrade.toLowerCase() === "websocket" && request.method === "GET") own.set("upgrade", "websocket");
  const authorization =
    granted.upstreamToken?.authorization ??
    (state.forwardsToken && granted.isVerified ? request.headers.get("authorization") : null);
  if (authorization !== null) own.set("authorization", authorization);
  for (const [name, value] of granted.headers) own.set(name, value);
}

/** An answer as the client may have it; `isDecoded` is whether its body is no longer encoded as its headers say. */
export function finished(
  response: Response,
  state: GateState,
  responseHeaders: HeaderList,
  isDecoded = false,
): Response {
  // The connection is a WebSocket now. Its answer has nothing more to say, and can't be made anew.
  if (response.status === 101) return response;
  const dropped = connectionOptions(response.headers.get("connection") ?? "", state);
  if (state.dropsResponseHeaders) {
    response.headers.forEach((_, name) => {
      if (state.dropsResponseHeader(name)) dropped.push(name);
    });
  }
  if (isDecoded) dropped.push("content-encoding", "content-length");
  if (responseHeaders.length === 0 && dropped.length === 0) return response;
  const answered = new Response(response.body, response);
  for (const name of dropped) answered.headers.delete(name);
  setHeaders(answered.headers, responseHeaders);
  return answered;
}

/** The headers that a `Connection` header ends here (RFC 9110 section 7.6.1). Most name none. */
function connectionOptions(value: string, state: GateState): string[] {
  if (value === "" || value === "keep-alive" || value === "close") return [];
  const names = value.split(",").map((name) => name.trim());
  return names.filter((name) => fieldName.test(name) && state.dropsConnectionOption(name));
}

/** An answer of the gate's own. */
export function respond({ status, headers, body }: GateAnswer): Response {
  const set = new Headers();
  setHeaders(set, headers);
  return new Response(body === "" ? null : body, { status, headers: set });
}

function setHeaders(headers: Headers, list: HeaderList): void {
  for (const [name, value] of list) {
    // Lists that the origin may have begun.
    if (name === "vary" || name === "server-timing") headers.append(name, value);
    else headers.set(name, value);
  }
}
