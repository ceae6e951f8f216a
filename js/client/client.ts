/**
 * A client of one authorization server, for one page.
 *
 * @module
 */
import { EdgewardError } from "../errors.ts";
import { ApiFetch, type StepUp } from "./api-fetch.ts";
import { AuthorizationServer } from "./authorization-server.ts";
import { deviceNow } from "./clock.ts";
import { type ClientListener, Listeners } from "./events.ts";
import { LoadedCore, type Session } from "./loaded-core.ts";
import type { ClientOptions } from "./options.ts";
import { callbackOf, openPopup } from "./popup.ts";
import type { Renewal } from "./renewal.ts";
import { SessionLife } from "./session-life.ts";
import { type SignedIn, SignIn } from "./sign-in.ts";
import type { Tabs } from "./tabs.ts";
import { startHolder, type TokenHolder } from "./token-holder.ts";
import { tabStorage } from "./transaction-storage.ts";
import type { ClientConfig, IdTokenClaims, LoginOptions } from "./types.ts";

/** All that is there once the core is loaded. */
interface Parts {
  loaded: LoadedCore;
  server: AuthorizationServer;
  tabs: Tabs;
  signIn: SignIn;
  renewal: Renewal;
  api: ApiFetch;
}

/** Made by `createClient`. */
export class Client {
  readonly #config: ClientConfig;
  readonly #options: ClientOptions;
  readonly #callback: string | undefined;
  readonly #listeners = new Listeners();
  readonly #life: SessionLife;
  #loading: Promise<Parts> | undefined;
  #parts: Parts | undefined;
  #holder: Promise<TokenHolder> | undefined;
  #signedIn: Promise<SignedIn> | undefined;

  /** @internal */
  constructor(config: ClientConfig, options: ClientOptions, callback: string | undefined) {
    this.#config = config;
    this.#options = options;
    this.#callback = callback;
    this.#life = new SessionLife(config, options, this.#listeners);
  }

  /** Whether the page was opened with an authorization response, for {@link handleCallback}. */
  get hasCallback(): boolean {
    return this.#callback !== undefined;
  }

  /** The ID token's claims, while somebody is signed in. */
  get user(): IdTokenClaims | undefined {
    return this.#session?.claims;
  }

  /** The scopes granted, space-separated; they may be fewer than asked for. */
  get scope(): string | undefined {
    return this.#session?.scope;
  }

  /** When the access token expires by this device's clock, in seconds since the epoch, where the server said. */
  get expires_at(): number | undefined {
    return this.#session?.expires_at ?? undefined;
  }

  /** Tells of signing in and out, and of renewed tokens. Gives what ends it. */
  subscribe(listener: ClientListener): () => void {
    return this.#listeners.add(listener);
  }

  /**
   * Loads the core and checks the configuration; {@link login} and {@link handleCallback} do so by themselves.
   *
   * @throws EdgewardError `config_invalid`, which names every problem and its place, and those of loading.
   */
  async ready(): Promise<void> {
    await this.#load();
  }

  /**
   * Starts a sign-in and leaves the page.
   *
   * @throws EdgewardError `config_invalid`, `metadata_invalid`, `authorization_server_unavailable`, `pushed_request_refused`,
   * `pushed_response_invalid`, `storage_unavailable`.
   */
  async login(options: LoginOptions = {}): Promise<void> {
    const { signIn } = await this.#load();
    const { url, state, transaction } = await signIn.start(options);
    (this.#options.storage ?? tabStorage).put(state, transaction);
    this.#navigate(url);
  }

  /**
   * Signs in by a window of its own; the page stays. Call it at once when a button is pressed, or the browser opens none. It needs no storage.
   *
   * @throws EdgewardError `popup_blocked`, `popup_closed`, and all of {@link login} and {@link handleCallback}.
   */
  async loginWithPopup(options: LoginOptions = {}): Promise<SignedIn> {
    const popup = openPopup();
    try {
      const { signIn, tabs } = await this.#load();
      const { url, state, transaction } = await signIn.start(options);
      const callback = await callbackOf(popup, url, state, tabs);
      return await this.#finish(callback, transaction);
    } finally {
      popup.close();
    }
  }

  /**
   * Ends the sign-in that this page was opened with: checks the response, exchanges the code, checks the ID token.
   * Calling it twice gives the same result: the code is used once. In the window of {@link loginWithPopup} it gives the response to the page that
   * opened it, and closes the window.
   *
   * @throws EdgewardError `state_mismatch`, `transaction_unknown`, `callback_issuer_mismatch`, `authorization_refused`,
   * `token_request_refused`, `nonce_mismatch` and others of the core, `authorization_server_unavailable`.
   */
  handleCallback(): Promise<SignedIn> {
    this.#signedIn ??= this.#handle();
    return this.#signedIn;
  }

  /**
   * `fetch` with the access token, for requests to `api_origins`; a plain `fetch` for all others, and while nobody is signed in. The token is
   * renewed before where it has ended. Where the API asks for a nonce, another token or another authentication, it is given that, and the request is
   * sent once more. A request with the token follows no redirect: with `redirect: "manual"` the caller gets the browser's opaque answer, with `"error"` its
   * error, and else `redirect_refused` is thrown.
   *
   * @throws EdgewardError `authorization_server_unavailable` and others where the token has ended and its renewal has failed; `step_up_required`,
   * `redirect_refused`. Where there is no refresh token the request then goes without a token.
   */
  async fetch(input: string | URL | Request, init?: RequestInit): Promise<Response> {
    const request = new Request(input, init);
    const parts = this.#parts;
    if (parts === undefined) return await fetch(request);
    const { origin } = new URL(request.url);
    if (this.#config.api_origins.includes(origin)) await parts.renewal.freshen();
    return await parts.api.send(request, () => parts.loaded.core.authorization(origin, deviceNow()));
  }

  /**
   * What the authorization server says of the user (OIDC Core section 5.3): the claims that the scopes give.
   *
   * @throws EdgewardError `session_unknown`, `metadata_invalid` where there is no such endpoint, `authorization_server_unavailable`,
   * `userinfo_refused` where the access token is for an API alone, `claim_invalid` where it speaks of another user.
   */
  async userinfo(): Promise<Record<string, unknown>> {
    const parts = await this.#load();
    if (parts.loaded.session === undefined) {
      throw new EdgewardError("session_unknown", "nobody is signed in here; sign in");
    }
    await parts.server.loadMetadata();
    await parts.renewal.freshen();
    return await parts.server.userinfo(parts.api);
  }

  /**
   * Renews the tokens now. Nobody need call it: it is done ahead of their end, and when an API does not take one.
   *
   * @throws EdgewardError `session_unknown` where they can't be renewed, `token_request_refused`, `authorization_server_unavailable`.
   */
  async renew(): Promise<void> {
    await (await this.#load()).renewal.now();
  }

  /**
   * Forgets the tokens at once, in every tab, then revokes them (waiting five seconds at most) and leaves the page to sign out at the
   * authorization server, each where it offers that.
   */
  async logout(): Promise<void> {
    const parts = this.#parts;
    if (parts === undefined) return;
    const { loaded, server, tabs } = parts;
    loaded.core.leave();
    this.#signedIn = undefined;
    this.#life.ended("logout");
    tabs.signOut();
    // A session that came from another tab has not needed the metadata yet. Without it nothing can be told to the server.
    await server.loadMetadata().catch(() => undefined);
    const { revocation, end_session_url }: Logout = JSON.parse(loaded.core.logout());
    // Whether revoking succeeds changes nothing here: the tokens are gone from this page either way.
    if (revocation) await server.tell(revocation);
    if (end_session_url) this.#navigate(end_session_url);
  }

  /** Takes up the session that was kept, or that another tab has. @internal */
  async restore(): Promise<void> {
    const isThere = await this.#life.isThere();
    if (!isThere) return;
    await this.#load();
    await this.#life.takeUp();
  }

  get #session(): Session | undefined {
    return this.#parts?.loaded.session;
  }

  #navigate(url: string): void {
    if (this.#options.navigate) this.#options.navigate(url);
    else location.assign(url);
  }

  #load(): Promise<Parts> {
    this.#loading ??= this.#assemble().catch((error: unknown) => {
      this.#loading = undefined;
      throw error;
    });
    return this.#loading;
  }

  async #assemble(): Promise<Parts> {
    const loaded = await LoadedCore.load(this.#config, this.#options.wasm);
    const server = new AuthorizationServer(loaded, () => this.#startHolder(loaded));
    const { tabs, renewal } = this.#life.attach(loaded, server);
    const api = new ApiFetch({
      loaded,
      renew: () => renewal.now(),
      stepUp: (demand) => this.#stepUp(demand),
    });
    this.#parts = { loaded, server, tabs, signIn: new SignIn(loaded, server), renewal, api };
    return this.#parts;
  }

  async #handle(): Promise<SignedIn> {
    const url = this.#callback;
    if (url === undefined) {
      throw new EdgewardError("callback_malformed", "the page was not opened with an authorization response");
    }
    const { loaded, tabs } = await this.#load();
    const state = loaded.core.stateOf(url);
    // Taken out before anything is awaited: whatever comes of this callback, no other can use its transaction.
    const { transaction, blocked } = this.#take(state);
    if (transaction !== undefined) return await this.#finish(url, transaction);
    if (await tabs.handOver(state, url)) {
      close();
      throw new EdgewardError(
        "popup_finished",
        "the sign-in went on in the page that opened this window; close it",
      );
    }
    const message = "no sign-in of this tab waits for this callback; sign in again";
    throw blocked ?? new EdgewardError("transaction_unknown", message);
  }

  /** Storage that is blocked is no fault yet: the window of a popup needs none. */
  #take(state: string): { transaction?: string | undefined; blocked?: unknown } {
    try {
      return { transaction: (this.#options.storage ?? tabStorage).take(state) };
    } catch (blocked) {
      return { blocked };
    }
  }

  async #finish(url: string, transaction: string): Promise<SignedIn> {
    const { loaded, signIn } = await this.#load();
    const signedIn = await loaded.turns.take(() => signIn.finish(url, transaction));
    this.#life.signedIn(signedIn.user);
    return signedIn;
  }

  /** The refresh token may be kept apart from the page, unless the page keeps the session anyway. */
  #startHolder(loaded: LoadedCore): Promise<TokenHolder> {
    const source = this.#options.token_storage === "session" ? false : this.#options.worker;
    this.#holder ??= startHolder(source, loaded.bounds.worker_start_milliseconds).then((holder) => {
      this.#life.isHolderShared = holder.isShared;
      return holder;
    });
    return this.#holder;
  }

  async #stepUp({ acr_values, max_age }: StepUp): Promise<boolean> {
    this.#listeners.tell({ type: "step_up_required", acr_values, max_age });
    const how = this.#options.step_up ?? "redirect";
    if (how === "none") return false;
    const options: LoginOptions = { return_to: location.pathname + location.search + location.hash };
    if (acr_values !== undefined) options.acr_values = acr_values;
    if (max_age !== undefined) options.max_age = max_age;
    if (how === "popup") {
      await this.loginWithPopup(options);
      return true;
    }
    await this.login(options);
    const message = "the API asks for another authentication; the sign-in for it has begun";
    throw new EdgewardError("step_up_required", message);
  }
}

interface Logout {
  revocation?: { url: string; body: string } | null;
  end_session_url?: string | null;
}
