/**
 * The only code that fetches from an authorization server. Every answer is bounded in time and size, and no redirect is
 * followed: where keys and tokens come from is decided by configuration and metadata, not by a `Location`.
 */

/**
 * What to fetch. With a `body` it is a POST of `application/x-www-form-urlencoded`.
 *
 * @internal
 */
export interface DocumentRequest {
  url: string;
  body?: string | undefined;
  authorization?: string | undefined;
  /** A proof of possession for this request (RFC 9449). */
  dpop?: string | undefined;
  max_bytes: number;
  timeout_milliseconds: number;
}

/** @internal */
export interface Document {
  status: number;
  text: string;
  headers: Headers;
}

export type Fetch = (input: string, init: RequestInit) => Promise<Response>;

/**
 * Fetches one document; `undefined` where the server can't be reached, is too slow, redirects, or sends too much.
 *
 * @internal
 */
export async function fetchDocument(request: DocumentRequest, fetch: Fetch): Promise<Document | undefined> {
  const headers = new Headers({ accept: "application/json" });
  const init: RequestInit = {
    headers,
    redirect: "manual",
    signal: AbortSignal.timeout(request.timeout_milliseconds),
  };
  if (request.authorization !== undefined) headers.set("authorization", request.authorization);
  if (request.dpop !== undefined) headers.set("dpop", request.dpop);
  if (request.body !== undefined) {
    headers.set("content-type", "application/x-www-form-urlencoded");
    init.method = "POST";
    init.body = request.body;
  }
  try {
    const response = await fetch(request.url, init);
    // A browser shows a redirect that was not followed as status 0, workerd as what it is.
    if (response.status === 0 || (response.status >= 300 && response.status < 400)) return undefined;
    const text = response.body === null ? "" : await readText(response.body, request.max_bytes);
    return text === undefined ? undefined : { status: response.status, text, headers: response.headers };
  } catch {
    // Unreachable and too slow are one to the caller, and the platform's message may quote the URL with its parameters.
    return undefined;
  }
}

/**
 * Reads a body up to a bound, and no further; `undefined` where there is more.
 *
 * @throws TypeError where it is not UTF-8.
 *
 * @internal
 */
export async function readText(
  body: ReadableStream<Uint8Array>,
  max_bytes: number,
): Promise<string | undefined> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  const reader = body.getReader();
  let text = "";
  let bytes = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return text + decoder.decode();
    bytes += value.byteLength;
    if (bytes > max_bytes) {
      await reader.cancel();
      return undefined;
    }
    text += decoder.decode(value, { stream: true });
  }
}
