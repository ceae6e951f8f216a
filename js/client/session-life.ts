/**
 * What becomes of a session in this page: it is kept, shared with other tabs, renewed in time, and ended for all.
 *
 * @module
 */
import type { AuthorizationServer } from "./authorization-server.ts";
import type { Listeners } from "./events.ts";
import { type KeptSession, keptInTab, nothingKept } from "./kept-session.ts";
import type { LoadedCore } from "./loaded-core.ts";
import type { ClientOptions } from "./options.ts";
import { Renewal } from "./renewal.ts";
import { Tabs } from "./tabs.ts";
import type { ClientConfig, IdTokenClaims } from "./types.ts";

export class SessionLife {
  readonly #name: string;
  readonly #shares: boolean;
  readonly #listeners: Listeners;
  readonly #kept: KeptSession;
  /** Whether other tabs have the same keeper of refresh tokens, so that its handles are good there. */
  isHolderShared = false;
  #attached: { loaded: LoadedCore; tabs: Tabs; renewal: Renewal } | undefined;
  #isWatching = false;

  constructor({ issuer, client_id }: ClientConfig, options: ClientOptions, listeners: Listeners) {
    this.#name = `edgeward ${issuer} ${client_id}`;
    this.#shares = options.share_between_tabs ?? true;
    this.#listeners = listeners;
    this.#kept = options.token_storage === "session" ? keptInTab(this.#name) : nothingKept;
  }

  /** Whether a session was kept here, or another tab has one. */
  async isThere(): Promise<boolean> {
    return this.#kept.get() !== undefined || (this.#shares && (await Tabs.isSignedIn(this.#name)));
  }

  /** Puts the core to work on it. */
  attach(loaded: LoadedCore, server: AuthorizationServer): { tabs: Tabs; renewal: Renewal } {
    const milliseconds = loaded.bounds.tab_answer_milliseconds;
    const tabs = new Tabs(this.#name, this.#tabEvents, milliseconds, this.#shares);
    const renewal = new Renewal({
      loaded,
      server,
      tabs,
      renewed: (by) => {
        this.#keep();
        if (by === "this_tab") tabs.share(this.#shared());
        this.#listeners.tell({ type: "renewed" });
      },
      failed: (error) => {
        if (loaded.session === undefined) this.ended("session_ended");
        else this.#listeners.tell({ type: "renewal_failed", error });
      },
    });
    this.#attached = { loaded, tabs, renewal };
    return this.#attached;
  }

  /** Takes up the session that was kept, or that another tab has. */
  async takeUp(): Promise<void> {
    const attached = this.#attached;
    const text = this.#kept.get() ?? (await attached?.tabs.ask());
    if (attached === undefined || text === undefined) return;
    try {
      attached.loaded.core.adopt(text);
    } catch {
      // Of another configuration, or bound to a key that is no longer there: nobody is signed in.
      this.#kept.put(undefined);
      return;
    }
    this.#began();
  }

  /** A sign-in of this page is through. */
  signedIn(user: IdTokenClaims): void {
    this.#began();
    this.#attached?.tabs.share(this.#shared());
    this.#listeners.tell({ type: "signed_in", user });
  }

  /** The core has forgotten the session. */
  ended(reason: "logout" | "other_tab" | "session_ended"): void {
    this.#kept.put(undefined);
    this.#attached?.renewal.stop();
    this.#attached?.tabs.left();
    this.#listeners.tell({ type: "signed_out", reason });
  }

  #began(): void {
    this.#keep();
    if (this.#shares) this.#attached?.tabs.joined();
    this.#attached?.renewal.schedule();
    this.#watch();
  }

  #keep(): void {
    this.#kept.put(this.#attached?.loaded.core.share(true));
  }

  #shared(): string | undefined {
    return this.#attached?.loaded.core.share(this.isHolderShared);
  }

  get #tabEvents() {
    return {
      share: () => this.#shared(),
      session: (text: string) => this.#takeFromTab(text),
      renew: () => {
        const { loaded, renewal } = this.#attached ?? {};
        // What comes of it is told to all tabs; a failure is told to this one's listeners.
        if (loaded?.session?.can_renew) renewal?.now().catch(() => undefined);
      },
      signedOut: () => {
        const core = this.#attached?.loaded.core;
        if (core?.session() === undefined) return;
        core.forget();
        this.ended("other_tab");
      },
    };
  }

  #takeFromTab(text: string): void {
    const loaded = this.#attached?.loaded;
    if (loaded === undefined) return;
    const wasSignedIn = loaded.session !== undefined;
    try {
      if (!loaded.core.adopt(text)) return;
    } catch {
      // Bound to a key that this tab has not.
      return;
    }
    this.#began();
    const user = loaded.session?.claims;
    if (wasSignedIn) this.#listeners.tell({ type: "renewed" });
    else if (user) this.#listeners.tell({ type: "signed_in", user });
  }

  /** A device that slept, or a tab in the background, has timers that stood still. */
  #watch(): void {
    if (this.#isWatching) return;
    this.#isWatching = true;
    const wake = () => {
      if (document.visibilityState === "visible") this.#attached?.renewal.wake();
    };
    document.addEventListener("visibilitychange", wake);
    for (const type of ["online", "pageshow", "focus"]) addEventListener(type, wake);
  }
}
