/** What the core reads of a request. */
import { type CertificateOf, linesOf } from "./client-certificate.ts";
import { originOf } from "./request-url.ts";

/** Credentials of the scheme DPoP (RFC 9449 section 7.1), as far as it takes to see that the core may want more. */
const dpopScheme = /^dpop/i;

/** A request as the core reads it: a line for each thing it has to know, and more only where the policy takes bound tokens. */
export function textOf(
  request: Request,
  path: string,
  search: string,
  takesDpop: boolean,
  certificateOf: CertificateOf | undefined,
): string {
  const header = (name: string) => request.headers.get(name) ?? "";
  const origin = header("origin");
  const asked = origin === "" ? "" : header("access-control-request-method");
  const authorization = header("authorization");
  let text = `${request.method}\n${path}\n${search.slice(1)}\n${authorization}\n${origin}\n${asked}`;
  // Only who sends a proof pays for it.
  if (takesDpop && dpopScheme.test(authorization)) {
    text += `\n${header("dpop")}\n${originOf(request.url)}`;
    text += linesOf(certificateOf?.(request), "");
  } else if (certificateOf !== undefined) {
    text += linesOf(certificateOf(request), "\n\n");
  }
  return text;
}
