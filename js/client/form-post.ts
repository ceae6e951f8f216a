/**
 * Forms for the authorization server, as they are sent. A module of its own, because the worker sends them too: a bundler that found in the worker
 * what starts it would begin anew.
 *
 * @module
 */
import { fetchDocument } from "../documents.ts";

/** A form for the authorization server. */
export interface HolderRequest {
  url: string;
  body: string;
  dpop?: string | undefined;
  /** Where else a refresh token may be sent that comes with the answer: the endpoint that revokes it. */
  revocation_endpoint?: string | undefined;
  /** How many refresh tokens are kept: sessions of one page, or of all of a site. The oldest is let go of where there are more. */
  max_kept_tokens: number;
  max_bytes: number;
  timeout_milliseconds: number;
}

/** What came back; of the headers those that the client reads. */
export interface HolderAnswer {
  status: number;
  text: string;
  headers: Record<string, string>;
}

/** Headers that the client reads, where the server lets a page read them. */
const readHeaders = ["date", "age", "dpop-nonce"];

/** No cookies and no referrer go to the endpoints: what is in the request is all they need. */
export const apart = { credentials: "omit", referrerPolicy: "no-referrer", cache: "no-store" } as const;

export const fetchFromPage = (url: string, init: RequestInit): Promise<Response> =>
  fetch(url, { ...init, ...apart });

/** Makes a request as it is. */
export async function postForm(request: HolderRequest): Promise<HolderAnswer | undefined> {
  const document = await fetchDocument(request, fetchFromPage);
  if (document === undefined) return undefined;
  const { status, text, headers } = document;
  const read = readHeaders.flatMap((name) => {
    const value = headers.get(name);
    return value === null ? [] : [[name, value] as const];
  });
  return { status, text, headers: Object.fromEntries(read) };
}
