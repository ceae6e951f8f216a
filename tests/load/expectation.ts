/** What an answer has to be, decided before the request is sent, and what is wrong with the one that came. */
import type { IncomingHttpHeaders } from "node:http";
import { type Arrival, answerTo } from "./origin.ts";
import { METADATA_PATH, PAGE, REALM } from "./policy.ts";

export const ALLOWED_PAGES = "access-control-allow-origin";

/** The origin answers, and has seen this and no credentials. */
interface Forwarded {
  readonly outcome: "forwarded";
  /** `edgeward-sub`; undefined on a public route, where nobody is named. */
  readonly sub: string | undefined;
}

/** The gate answers itself, and the origin sees nothing. */
interface Answered {
  readonly outcome: "answered";
  readonly status: number;
  /** Parameters of the challenge; an empty one names no error (RFC 6750 section 3.1), and without this there is none. */
  readonly challenge?: { readonly error?: string; readonly scope?: string; readonly acr_values?: string };
  /** Header fields that have to be there, as they are. */
  readonly headers?: Readonly<Record<string, string>>;
}

export type Expectation = Forwarded | Answered;

export interface LoadRequest {
  /** As it is called in what is printed. */
  readonly kind: string;
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Buffer;
  readonly expected: Expectation;
  /** Told when the answer was the right one: what comes of it. */
  readonly answered?: (answer: Answer) => void;
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** What is wrong, in words without a token in them; none where all is right. */
export function wrongIn(
  request: LoadRequest,
  number: number,
  answer: Answer,
  arrivals: readonly Arrival[],
): string[] {
  const { expected } = request;
  const wrong: string[] = [];
  const same = (what: string, got: unknown, wanted: unknown) => {
    if (got !== wanted) wrong.push(`${what}: ${JSON.stringify(got)}, not ${JSON.stringify(wanted)}`);
  };
  same("status", answer.status, expected.outcome === "forwarded" ? 200 : expected.status);
  same("arrivals at the origin", arrivals.length, expected.outcome === "forwarded" ? 1 : 0);
  const pages = request.headers.origin === PAGE ? PAGE : undefined;
  const toldElse = expected.outcome === "answered" ? expected.headers?.[ALLOWED_PAGES] : undefined;
  same(ALLOWED_PAGES, answer.headers[ALLOWED_PAGES], toldElse ?? pages);
  if (expected.outcome === "forwarded") {
    same("body", answer.body, answerTo(number));
    const [arrival] = arrivals;
    if (arrival === undefined) return wrong;
    same("method", arrival.method, request.method);
    same("path", arrival.url, request.path);
    same("bytes of the body", arrival.bodyBytes, request.body?.length ?? 0);
    same("edgeward-sub", arrival.headers["edgeward-sub"], expected.sub);
    for (const name of ["authorization", "dpop", "x-original-url"])
      same(`${name} at the origin`, arrival.headers[name], undefined);
    return wrong;
  }
  for (const [name, value] of Object.entries(expected.headers ?? {})) same(name, answer.headers[name], value);
  const challenge = answer.headers["www-authenticate"];
  if (expected.challenge === undefined) {
    same("www-authenticate", challenge, undefined);
  } else {
    const parameter = (name: string) => new RegExp(`[ ,]${name}="([^"]*)"`).exec(challenge ?? "")?.[1];
    for (const name of ["error", "scope", "acr_values"] as const)
      same(name, parameter(name), expected.challenge[name]);
    same("realm", parameter("realm"), REALM);
    same("resource_metadata", parameter("resource_metadata"), `https://api.example${METADATA_PATH}`);
  }
  if (expected.status >= 400) {
    same("content-type", answer.headers["content-type"], "application/problem+json");
    if (answer.body.includes('"code"')) wrong.push("the private reason is in the answer");
  }
  return wrong;
}
