/** The answer where the gate itself is at fault: nothing passes, and the caller learns nothing (RFC 9457). */
export function internalError(): Response {
  const body = JSON.stringify({ type: "about:blank", title: "Internal Server Error", status: 500 });
  const headers = { "content-type": "application/problem+json", "cache-control": "no-store" };
  return new Response(body, { status: 500, headers });
}
