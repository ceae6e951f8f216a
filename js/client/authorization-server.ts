/**
 * Requests to the authorization server: documents, and forms with a proof of possession where the client has a key.
 *
 * @module
 */
import { type Document, type Fetch, fetchDocument } from "../documents.ts";
import { EdgewardError } from "../errors.ts";
import type { ApiFetch } from "./api-fetch.ts";
import { deviceNow } from "./clock.ts";
import { apart, fetchFromPage, type HolderAnswer, type HolderRequest } from "./form-post.ts";
import type { LoadedCore } from "./loaded-core.ts";
import type { TokenHolder } from "./token-holder.ts";

/** A form that the core has written. */
export interface FormPost {
  url: string;
  body: string;
}

export class AuthorizationServer {
  readonly #loaded: LoadedCore;
  readonly #holder: () => Promise<TokenHolder>;
  #metadata: Promise<void> | undefined;
  #nonce: string | undefined;

  constructor(loaded: LoadedCore, holder: () => Promise<TokenHolder>) {
    this.#loaded = loaded;
    this.#holder = holder;
  }

  /**
   * Has the core read the metadata, once; after a failure it is tried again.
   *
   * @throws EdgewardError `metadata_invalid`, `authorization_server_unavailable`.
   */
  async loadMetadata(): Promise<void> {
    if (this.#loaded.core.hasMetadata) return;
    this.#metadata ??= this.#readMetadata().finally(() => {
      this.#metadata = undefined;
    });
    await this.#metadata;
  }

  async #readMetadata(): Promise<void> {
    let refusal: unknown = unavailable();
    for (const url of this.#loaded.core.metadataUrls()) {
      const document = await this.#fetch(url);
      if (document?.status !== 200) continue;
      try {
        return this.#loaded.core.readMetadata(document.text);
      } catch (error) {
        refusal = error;
      }
    }
    throw refusal;
  }

  /**
   * Fetches a document that has to be there.
   *
   * @throws EdgewardError `authorization_server_unavailable`.
   */
  async document(url: string): Promise<string> {
    const document = await this.#fetch(url);
    if (document?.status !== 200) throw unavailable();
    return document.text;
  }

  /**
   * Sends a form. A server that asks for a proof, or for another one, is given it once.
   *
   * @throws EdgewardError `authorization_server_unavailable`, and what the core says of proofs.
   */
  async post(form: FormPost): Promise<HolderAnswer> {
    const tried = new Set<string>();
    for (;;) {
      const answer = await this.#send(form);
      const { core, clock, bounds } = this.#loaded;
      const asked = core.proofAsked(answer.status, answer.text);
      const nonce = this.#loaded.nonceOf(answer.headers["dpop-nonce"]);
      if (nonce !== undefined) this.#nonce = nonce;
      clock.heed({ get: (name) => answer.headers[name] ?? null });
      if (asked === undefined || tried.has(asked)) return answer;
      tried.add(asked);
      if (asked === "key") await this.#loaded.makeKey();
      else if (asked === "nonce" && nonce === undefined) return answer;
      else if (asked === "clock" && !(await clock.ask(bounds.fetch_timeout_milliseconds))) return answer;
    }
  }

  /**
   * What the server says of the user.
   *
   * @throws EdgewardError `metadata_invalid`, `token_expired`, `authorization_server_unavailable`, `userinfo_refused`, `token_response_invalid`,
   * `claim_invalid`.
   */
  async userinfo(api: ApiFetch): Promise<Record<string, unknown>> {
    const { core } = this.#loaded;
    const asked = (): { url: string; authorization: string } => JSON.parse(core.userinfoRequest(deviceNow()));
    const authorized: Fetch = (url, init) =>
      api.send(new Request(url, { ...init, ...apart }), () => asked().authorization);
    const document = await fetchDocument({ url: asked().url, ...this.#limits }, authorized);
    if (document?.status === 401 || document?.status === 403) throw userinfoRefused();
    if (document?.status !== 200) throw unavailable();
    return JSON.parse(core.readUserinfo(document.text));
  }

  /** The same without an answer that anything hangs on, and without proofs: for revoking tokens (RFC 7009). */
  async tell(form: FormPost): Promise<void> {
    const holder = await this.#holder();
    await holder.post(this.#bounded(form));
  }

  async #send(form: FormPost): Promise<HolderAnswer> {
    const dpop = this.#loaded.core.hasKey
      ? await this.#loaded.proof("POST", form.url, { nonce: this.#nonce, withToken: false })
      : undefined;
    const holder = await this.#holder();
    const answer = await holder.post({ ...this.#bounded(form), dpop });
    if (answer === undefined) throw unavailable();
    return answer;
  }

  #bounded(form: FormPost): HolderRequest {
    const { bounds, core } = this.#loaded;
    return {
      ...form,
      revocation_endpoint: core.revocationEndpoint,
      max_kept_tokens: bounds.max_kept_tokens,
      ...this.#limits,
    };
  }

  get #limits() {
    const { max_document_bytes, fetch_timeout_milliseconds } = this.#loaded.bounds;
    return { max_bytes: max_document_bytes, timeout_milliseconds: fetch_timeout_milliseconds };
  }

  #fetch(url: string): Promise<Document | undefined> {
    return fetchDocument({ url, ...this.#limits }, fetchFromPage);
  }
}

export const unavailable = () =>
  new EdgewardError(
    "authorization_server_unavailable",
    "the authorization server can't be reached; try again",
  );

const userinfoRefused = () =>
  new EdgewardError(
    "userinfo_refused",
    "the userinfo endpoint does not take the access token: one for another `resource` is not for it; the ID token's claims are in `user`",
  );
