/**
 * Sign-in for single-page apps: authorization code, PKCE, `state` and `nonce`, with every check in the Rust core.
 * Tokens live in memory alone (the core's), so a reload means signing in again, which the authorization server's own
 * session makes quick.
 *
 * @module
 */

import { algorithmNames } from "./algorithm-name.ts";
import { takeCallback } from "./callback.ts";
import type { ClientConfig, IdTokenClaims, LoginOptions } from "./client-types.ts";
import { type Document, fetchDocument } from "./documents.ts";
import { EdgewardError, inCore } from "./errors.ts";
import { verdictNumbers } from "./steps.ts";
import { type TransactionStorage, tabStorage } from "./storage.ts";
import { type ClientModule, loadClient } from "./wasm/browser.ts";
import type { ClientCore } from "./wasm/generated/client.js";
import { WebCrypto } from "./webcrypto.ts";

export type { ClientConfig, IdTokenClaims, LoginOptions } from "./client-types.ts";
export type { Problem } from "./errors.ts";
export { EdgewardError } from "./errors.ts";
export type { TransactionStorage } from "./storage.ts";

/** What a client may be given besides its configuration. */
export interface ClientOptions {
  /** Leaves the page. Default: `location.assign`. */
  navigate?: (url: string) => void;
  /** Where a sign-in under way is remembered. Default: the tab's `sessionStorage`. */
  storage?: TransactionStorage;
}

/** What a sign-in ends with. */
export interface SignedIn {
  /** The path that `login` was given to go back to. */
  return_to: string;
  user: IdTokenClaims;
}

/**
 * Makes a client. Before anything else it takes an authorization response out of the address bar, so call it first thing
 * on the page of the redirect URI.
 *
 * @throws EdgewardError `config_invalid`, which names every problem and its place.
 */
export async function createClient(config: ClientConfig, options: ClientOptions = {}): Promise<Client> {
  const callback = takeCallback(config.redirect_uri);
  const module = await loadClient();
  const core = inCore(() => new module.ClientCore(JSON.stringify(config), module.asksHost));
  return new Client(module, core, callback, options);
}

/** A client of one authorization server, for one page. Made by {@link createClient}. */
export class Client {
  readonly #module: ClientModule;
  readonly #core: ClientCore;
  readonly #navigate: (url: string) => void;
  readonly #storage: TransactionStorage;
  readonly #callback: string | undefined;
  #signedIn: Promise<SignedIn> | undefined;

  /** @internal */
  constructor(module: ClientModule, core: ClientCore, callback: string | undefined, options: ClientOptions) {
    this.#module = module;
    this.#core = core;
    this.#callback = callback;
    this.#navigate = options.navigate ?? ((url) => location.assign(url));
    this.#storage = options.storage ?? tabStorage;
  }

  /** Whether the page was opened with an authorization response, for {@link handleCallback}. */
  get hasCallback(): boolean {
    return this.#callback !== undefined;
  }

  /** The ID token's claims, while somebody is signed in. */
  get user(): IdTokenClaims | undefined {
    return this.#session()?.claims;
  }

  /** The scopes granted, space-separated; they may be fewer than asked for. */
  get scope(): string | undefined {
    return this.#session()?.scope;
  }

  /** When the access token expires, in seconds since the epoch, where the server said. */
  get expires_at(): number | undefined {
    return this.#session()?.expires_at ?? undefined;
  }

  /**
   * Starts a sign-in and leaves the page.
   *
   * @throws EdgewardError `metadata_invalid`, `authorization_server_unavailable`, `config_invalid` (options),
   * `storage_unavailable`.
   */
  async login(options: LoginOptions = {}): Promise<void> {
    await this.#loadMetadata();
    const started = inCore(() => this.#core.login(JSON.stringify(options), now()));
    const { url, state, transaction }: Authorization = JSON.parse(started);
    this.#storage.put(state, transaction);
    this.#navigate(url);
  }

  /**
   * Ends the sign-in that this page was opened with: checks the response, exchanges the code, checks the ID token.
   * Calling it twice gives the same result: the code is used once.
   *
   * @throws EdgewardError `state_mismatch`, `transaction_unknown`, `callback_issuer_mismatch`, `authorization_refused`,
   * `token_request_refused`, `nonce_mismatch` and others of the core, `authorization_server_unavailable`.
   */
  handleCallback(): Promise<SignedIn> {
    this.#signedIn ??= this.#finish();
    return this.#signedIn;
  }

  /**
   * `fetch` with the access token, for requests to `api_origins`. It is a plain `fetch` for all others, and once the token
   * has expired: the API then answers 401, and `login()` gets a new one.
   */
  async fetch(input: string | URL | Request, init?: RequestInit): Promise<Response> {
    const request = new Request(input, init);
    const authorization = this.#core.authorization(new URL(request.url).origin, now());
    if (authorization !== undefined) request.headers.set("authorization", authorization);
    return fetch(request);
  }

  /**
   * Forgets the tokens at once, then revokes them (waiting five seconds at most) and leaves the page to sign out at the
   * authorization server, each where it offers that.
   */
  async logout(): Promise<void> {
    this.#signedIn = undefined;
    const { revocation, end_session_url }: Logout = JSON.parse(this.#core.logout());
    // Whether revoking succeeds changes nothing here: the tokens are gone from this page either way.
    if (revocation) await fetchDocument(this.#bounded(revocation), fetchFromPage);
    if (end_session_url) this.#navigate(end_session_url);
  }

  async #finish(): Promise<SignedIn> {
    const url = this.#callback;
    if (url === undefined) {
      throw new EdgewardError("callback_malformed", "the page was not opened with an authorization response");
    }
    // Taken out before anything is awaited: whatever comes of this callback, no other can use its transaction.
    const transaction = this.#storage.take(inCore(() => this.#module.ClientCore.stateOf(url)));
    if (transaction === undefined) {
      throw new EdgewardError(
        "transaction_unknown",
        "no sign-in of this tab waits for this callback; sign in again",
      );
    }
    await this.#loadMetadata();
    const request: FormPost = JSON.parse(inCore(() => this.#core.callback(url, transaction, now())));
    const tokens = await this.#fetch(request);
    const jwks_uri = inCore(() => this.#core.readTokens(tokens.status, tokens.text, now()));
    const key_set = await this.#fetch({ url: jwks_uri });
    if (key_set.status !== 200) throw unavailable();
    const return_to =
      inCore(() => this.#core.readKeySet(key_set.text, now())) ?? (await this.#checkSignature());
    const user = this.user;
    if (user === undefined) throw new EdgewardError("transaction_unknown", "signed out while signing in");
    return { return_to, user };
  }

  /** Has the platform check the ID token's signature. Gives the path to go back to. */
  async #checkSignature(): Promise<string> {
    const core = this.#core;
    const alg = algorithmNames[core.signatureAlgorithm ?? -1];
    const [jwk, message, signature] = [core.signatureJwk, core.signedMessage, core.signature];
    const isAsked =
      alg !== undefined && jwk !== undefined && message !== undefined && signature !== undefined;
    const bytes = (of: Uint8Array | undefined) => new Uint8Array(of ?? []);
    const request = {
      keyId: 0,
      jwk: () => jwk ?? "",
      message: () => bytes(message),
      signature: () => bytes(signature),
    };
    // One that signs in once needs no key twice, so none is kept.
    const verdict = isAsked ? await new WebCrypto().verify({ ...request, alg }) : "fails";
    return inCore(() => core.conclude(verdictNumbers[verdict], now()));
  }

  async #loadMetadata(): Promise<void> {
    if (this.#core.hasMetadata) return;
    let refusal: unknown = unavailable();
    for (const url of this.#core.metadataUrls()) {
      const document = await fetchDocument(this.#bounded({ url }), fetchFromPage);
      if (document?.status !== 200) continue;
      try {
        return inCore(() => this.#core.readMetadata(document.text));
      } catch (error) {
        refusal = error;
      }
    }
    throw refusal;
  }

  async #fetch(request: FormPost): Promise<Document> {
    const document = await fetchDocument(this.#bounded(request), fetchFromPage);
    if (document === undefined) throw unavailable();
    return document;
  }

  #bounded(request: FormPost) {
    const { ClientCore } = this.#module;
    const max_bytes = ClientCore.maxDocumentBytes();
    return { ...request, max_bytes, timeout_milliseconds: ClientCore.fetchTimeoutMilliseconds() };
  }

  #session(): Session | undefined {
    const text = this.#core.user();
    return text === undefined ? undefined : JSON.parse(text);
  }
}

interface Authorization {
  url: string;
  state: string;
  transaction: string;
}

interface FormPost {
  url: string;
  body?: string;
}

interface Logout {
  revocation?: FormPost | null;
  end_session_url?: string | null;
}

interface Session {
  claims: IdTokenClaims;
  scope: string;
  expires_at: number | null;
}

const now = () => Date.now() / 1000;

/** No cookies and no referrer go to the endpoints: the code and its verifier are all they need. */
const fetchFromPage = (url: string, init: RequestInit): Promise<Response> =>
  fetch(url, { ...init, credentials: "omit", referrerPolicy: "no-referrer", cache: "no-store" });

const unavailable = () =>
  new EdgewardError(
    "authorization_server_unavailable",
    "the authorization server can't be reached; try again",
  );
