/**
 * The application's other tabs: they share one sign-in. What goes between them is as readable to the page's scripts as the page's own memory,
 * so no refresh token is ever among it, only its handle in a worker that all have.
 *
 * @module
 */

/** What one tab says to the others. Sessions are texts that the core writes and reads. */
type Message =
  | { type: "ask"; from: string }
  | { type: "session"; session: string; to?: string | undefined }
  /** The sender has no refresh token; whoever has is asked to renew. */
  | { type: "renew" }
  | { type: "signed_out" }
  /** A popup has come back with an authorization response, and looks for the tab that opened it. */
  | { type: "callback"; state: string; url: string }
  | { type: "callback_taken"; state: string };

export interface TabEvents {
  /** The session as text, for a tab that asks; nothing where nobody is signed in. */
  share(): string | undefined;
  /** A session that another tab has, or has renewed. */
  session(session: string): void;
  renew(): void;
  signedOut(): void;
}

export class Tabs {
  readonly #name: string;
  readonly #events: TabEvents;
  readonly #milliseconds: number;
  readonly #channel: BroadcastChannel | undefined;
  readonly #id = crypto.getRandomValues(new Uint32Array(2)).join("");
  readonly #callbacks = new Map<string, (url: string) => void>();
  readonly #waiting = new Set<(message: Message) => void>();
  #leave: (() => void) | undefined;

  /** `milliseconds` is how long a tab is waited for that should answer. Without `shares` sessions stay in this tab. */
  constructor(name: string, events: TabEvents, milliseconds: number, shares: boolean) {
    this.#name = name;
    this.#events = shares
      ? events
      : {
          share: () => undefined,
          session: () => undefined,
          renew: () => undefined,
          signedOut: events.signedOut,
        };
    this.#milliseconds = milliseconds;
    this.#channel = typeof BroadcastChannel === "undefined" ? undefined : new BroadcastChannel(name);
    this.#channel?.addEventListener("message", ({ data }: MessageEvent<Message>) => this.#hear(data));
  }

  /** Whether a tab says that it has a session: it holds a lock for that, so nobody need wait for an answer that never comes. */
  static async isSignedIn(name: string): Promise<boolean> {
    if (!globalThis.navigator?.locks) return false;
    const { held } = await navigator.locks.query();
    return held?.some((lock) => lock.name === memberLock(name)) ?? false;
  }

  /** Says, until {@link left}, that this tab has a session. */
  joined(): void {
    if (this.#leave !== undefined || !globalThis.navigator?.locks) return;
    const until = new Promise<void>((resolve) => {
      this.#leave = resolve;
    });
    void navigator.locks
      .request(memberLock(this.#name), { mode: "shared" }, () => until)
      .catch(() => undefined);
  }

  left(): void {
    this.#leave?.();
    this.#leave = undefined;
  }

  /** Runs while no other tab renews. */
  async alone<T>(run: () => Promise<T>): Promise<T> {
    if (!globalThis.navigator?.locks) return await run();
    return await navigator.locks.request(`${this.#name} renewal`, run);
  }

  /** Asks the others for their session; nothing where none has one. */
  async ask(): Promise<string | undefined> {
    if (!(await this.#hasOthers())) return undefined;
    const answer = this.#next((message) => message.type === "session" && message.to === this.#id);
    this.#say({ type: "ask", from: this.#id });
    const message = await answer;
    return message?.type === "session" ? message.session : undefined;
  }

  /** Has a tab renew that can, and waits for what comes of it; nothing where none does. */
  async haveRenewed(milliseconds: number): Promise<string | undefined> {
    if (!(await this.#hasOthers())) return undefined;
    const answer = this.#next((message) => message.type === "session", milliseconds);
    this.#say({ type: "renew" });
    const message = await answer;
    return message?.type === "session" ? message.session : undefined;
  }

  /** Tells the others of a session that is new. */
  share(session: string | undefined): void {
    if (session !== undefined) this.#say({ type: "session", session });
  }

  signOut(): void {
    this.#say({ type: "signed_out" });
  }

  /** Waits for the callback of a sign-in that was started in a popup. Gives what ends the waiting. */
  awaitCallback(state: string, take: (url: string) => void): () => void {
    this.#callbacks.set(state, take);
    return () => {
      this.#callbacks.delete(state);
    };
  }

  /** Gives a callback to the tab that waits for it. Gives whether there is one. */
  async handOver(state: string, url: string): Promise<boolean> {
    if (this.#channel === undefined) return false;
    const taken = this.#next((message) => message.type === "callback_taken" && message.state === state);
    this.#say({ type: "callback", state, url });
    return (await taken) !== undefined;
  }

  async #hasOthers(): Promise<boolean> {
    if (this.#channel === undefined) return false;
    if (!globalThis.navigator?.locks) return true;
    const { held } = await navigator.locks.query();
    const members = held?.filter((lock) => lock.name === memberLock(this.#name)).length ?? 0;
    return members > (this.#leave === undefined ? 0 : 1);
  }

  #say(message: Message): void {
    this.#channel?.postMessage(message);
  }

  #next(
    isMeant: (message: Message) => boolean,
    milliseconds = this.#milliseconds,
  ): Promise<Message | undefined> {
    return new Promise((resolve) => {
      const end = (message: Message | undefined) => {
        clearTimeout(timer);
        this.#waiting.delete(hear);
        resolve(message);
      };
      const hear = (message: Message) => {
        if (isMeant(message)) end(message);
      };
      const timer = setTimeout(() => end(undefined), milliseconds);
      this.#waiting.add(hear);
    });
  }

  #hear(message: Message): void {
    for (const hear of [...this.#waiting]) hear(message);
    switch (message.type) {
      case "ask": {
        const session = this.#events.share();
        if (session !== undefined) this.#say({ type: "session", session, to: message.from });
        break;
      }
      case "session":
        if (message.to === undefined) this.#events.session(message.session);
        break;
      case "renew":
        this.#events.renew();
        break;
      case "signed_out":
        this.#events.signedOut();
        break;
      case "callback": {
        const take = this.#callbacks.get(message.state);
        if (take === undefined) break;
        this.#callbacks.delete(message.state);
        this.#say({ type: "callback_taken", state: message.state });
        take(message.url);
        break;
      }
      default:
    }
  }
}

const memberLock = (name: string): string => `${name} signed in`;
