/**
 * Refresh tokens by their handles. A token goes only where it came from, and to the endpoint that revokes it, so whoever has a handle has no
 * token, and can't have it sent elsewhere.
 *
 * @module
 */
import { type HolderAnswer, type HolderRequest, postForm } from "./form-post.ts";

interface KeptToken {
  token: string;
  readonly goesTo: ReadonlySet<string>;
  readonly revocation_endpoint: string | undefined;
}

/** A handle can't be taken for a token: an authorization server that saw one would know nothing of it. */
const prefix = "edgeward-handle.";

const newHandle = (): string =>
  prefix +
  [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");

/** Members of a form that may be a refresh token (RFC 6749 section 6, RFC 7009 section 2.1). */
const members = ["refresh_token", "token"];

export class KeptTokens {
  readonly #tokens = new Map<string, KeptToken>();

  /** Makes a request with the tokens that its handles stand for, and keeps the one that comes back. */
  async post(request: HolderRequest): Promise<HolderAnswer | undefined> {
    const form = new URLSearchParams(request.body);
    let handle: string | undefined;
    for (const member of members) {
      const value = form.get(member);
      if (!value?.startsWith(prefix)) continue;
      const kept = this.#tokens.get(value);
      // The worker was ended meanwhile, or somebody wants the token elsewhere. To the client it is a token that is no longer taken.
      if (!kept?.goesTo.has(request.url)) return refused;
      handle = value;
      form.set(member, kept.token);
    }
    const answer = await postForm({ ...request, body: form.toString() });
    if (answer === undefined) return undefined;
    if (handle !== undefined && request.url === this.#tokens.get(handle)?.revocation_endpoint) {
      this.#tokens.delete(handle);
    }
    return { ...answer, text: this.#withHandle(answer.text, handle, request) };
  }

  #withHandle(text: string, before: string | undefined, request: HolderRequest): string {
    const answer = readObject(text);
    const token = answer?.refresh_token;
    if (answer === undefined || typeof token !== "string") return text;
    const { url, revocation_endpoint } = request;
    const kept = before === undefined ? undefined : this.#tokens.get(before);
    // A renewed token keeps its handle: other tabs know the session by it.
    const handle = kept && before !== undefined ? before : newHandle();
    if (kept) kept.token = token;
    else {
      const goesTo = new Set([url, ...(revocation_endpoint === undefined ? [] : [revocation_endpoint])]);
      this.#tokens.set(handle, { token, goesTo, revocation_endpoint });
    }
    for (const oldest of this.#tokens.keys()) {
      // Said so that none is let go of for a page that names no bound.
      if (!(this.#tokens.size > request.max_kept_tokens)) break;
      this.#tokens.delete(oldest);
    }
    return JSON.stringify({ ...answer, refresh_token: handle });
  }
}

const refused: HolderAnswer = { status: 400, text: '{"error":"invalid_grant"}', headers: {} };

function readObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}
