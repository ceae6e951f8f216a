/**
 * The session as React wants to see it: something to subscribe to, and a snapshot that stays the same until something has changed.
 *
 * @module
 */
import {
  type Client,
  type ClientConfig,
  type ClientEvent,
  type ClientOptions,
  createClient,
  type SignedIn,
} from "../browser.ts";
import type { Edgeward, EdgewardProviderProps } from "../react.ts";

/** What is rendered. */
export type Session = Pick<Edgeward, "status" | "user" | "error" | "client">;

/** The functions among what the hook gives. */
type Actions = Omit<Edgeward, keyof Session>;

const loading: Session = { status: "loading", user: undefined, error: undefined, client: undefined };

/** The callback of each client, which is handled once however many providers there are, and whether somebody has gone to its `return_to`. */
const callbacks = new WeakMap<Client, { signedIn: Promise<SignedIn>; isTold: boolean }>();

export class SessionStore {
  /** The provider's own, as it was rendered last. */
  told: Pick<EdgewardProviderProps, "onSignedIn" | "onError"> = {};
  readonly #make: () => Promise<Client>;
  #session = loading;
  /** The provider's, while it is mounted. */
  #changed: (() => void) | undefined;
  #client: Client | undefined;
  #unsubscribe: (() => void) | undefined;

  constructor(config: ClientConfig, options: ClientOptions | undefined) {
    this.#make = () => createClient(config, options);
  }

  /** Called when the provider is mounted, which StrictMode does twice. */
  readonly subscribe = (changed: () => void): (() => void) => {
    this.#changed = changed;
    void this.#start();
    return () => {
      this.#changed = undefined;
      this.#unsubscribe?.();
      this.#unsubscribe = undefined;
    };
  };

  readonly session = (): Session => this.#session;

  /** Also what a page begins with that a server has rendered. */
  readonly sessionOnServer = (): Session => loading;

  readonly actions: Actions = {
    login: (options) => this.#try((client) => client.login(options)),
    loginWithPopup: (options) => this.#try((client) => client.loginWithPopup(options)),
    logout: () => this.#try((client) => client.logout()),
    fetch: async (input, init) => (await this.#made()).fetch(input, init),
    userinfo: async () => (await this.#made()).userinfo(),
  };

  async #made(): Promise<Client> {
    this.#client ??= await this.#make();
    return this.#client;
  }

  async #start(): Promise<void> {
    try {
      const client = await this.#made();
      const failure = client.hasCallback ? await this.#handleCallback(client) : undefined;
      // Unmounted meanwhile, or mounted twice.
      if (this.#changed === undefined || this.#unsubscribe !== undefined) return;
      // Only now, so that nobody is shown as signed in while the address is still the callback's.
      this.#unsubscribe = client.subscribe((event) => this.#hear(event));
      if (failure === undefined || client.user) this.#show();
      else this.#fail(failure);
    } catch (error) {
      this.#fail(error);
    }
  }

  /** Gives what it has failed for. */
  async #handleCallback(client: Client): Promise<unknown> {
    const callback = callbacks.get(client) ?? { signedIn: client.handleCallback(), isTold: false };
    callbacks.set(client, callback);
    try {
      const { return_to } = await callback.signedIn;
      if (callback.isTold || this.#changed === undefined) return undefined;
      callback.isTold = true;
      if (this.told.onSignedIn) this.told.onSignedIn(return_to);
      else history.replaceState(history.state, "", return_to);
      return undefined;
    } catch (error) {
      return error;
    }
  }

  #hear(event: ClientEvent): void {
    if (event.type === "renewal_failed") this.#fail(event.error);
    else if (event.type !== "step_up_required") this.#show();
  }

  async #try(act: (client: Client) => Promise<unknown>): Promise<void> {
    try {
      // Nothing is awaited where there is a client, or the browser would open no window.
      await act(this.#client ?? (await this.#made()));
    } catch (error) {
      this.#fail(error);
    }
  }

  #fail(thrown: unknown): void {
    const error = thrown instanceof Error ? thrown : new Error(String(thrown));
    this.#show(error);
    if (this.#changed) this.told.onError?.(error);
  }

  #show(error?: Error): void {
    const client = this.#client;
    const user = client?.user;
    const status = user ? "signed_in" : error ? "error" : "signed_out";
    this.#session = { status, user, error, client };
    this.#changed?.();
  }
}
