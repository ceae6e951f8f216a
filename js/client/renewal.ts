/**
 * Renewing tokens: ahead of their end, when the device wakes, when an API does not take one; by one tab for all.
 *
 * @module
 */
import { EdgewardError } from "../errors.ts";
import type { AuthorizationServer } from "./authorization-server.ts";
import { deviceNow } from "./clock.ts";
import type { LoadedCore } from "./loaded-core.ts";
import type { Tabs } from "./tabs.ts";

export interface RenewalParts {
  loaded: LoadedCore;
  server: AuthorizationServer;
  tabs: Tabs;
  /** That there are new tokens, by this tab or by another. */
  renewed: (by: "this_tab" | "other_tab") => void;
  failed: (error: EdgewardError) => void;
}

/** The longest that a browser's timer takes, in milliseconds. */
const longestTimer = 2 ** 31 - 1;

export class Renewal {
  readonly #parts: RenewalParts;
  #underWay: Promise<void> | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** How often it has failed since it last did not. */
  #failures = 0;
  #notBefore = 0;

  constructor(parts: RenewalParts) {
    this.#parts = parts;
  }

  /**
   * Renews the tokens, or takes those that another tab has renewed. Whoever calls meanwhile gets the same.
   *
   * @throws EdgewardError `session_unknown` where they can't be renewed, `token_request_refused`, `authorization_server_unavailable`, and those of
   * the ID token's checks.
   */
  now(): Promise<void> {
    this.#underWay ??= this.#renew().finally(() => {
      this.#underWay = undefined;
    });
    return this.#underWay;
  }

  /**
   * Waits for a new token where the one there has ended; one that is due is renewed meanwhile.
   *
   * @throws EdgewardError those of {@link now}, where it had something to renew by.
   */
  async freshen(): Promise<void> {
    const session = this.#parts.loaded.session;
    if (session === undefined || session.expires_at === null) return;
    if (deviceNow() < session.expires_at) {
      this.wake();
      return;
    }
    try {
      await this.now();
    } catch (error) {
      // Without anything to renew it by the request goes without a token, and the API says what it says.
      if (!(error instanceof EdgewardError && error.code === "session_unknown")) throw error;
    }
  }

  /** Has them renewed some time before they end, and at once where that time is over. */
  schedule(): void {
    clearTimeout(this.#timer);
    const session = this.#parts.loaded.session;
    if (session === undefined || session.renew_at === null || !session.can_renew) return;
    const seconds = Math.max(session.renew_at - deviceNow(), this.#notBefore - deviceNow(), 0);
    this.#timer = setTimeout(() => this.wake(), Math.min(seconds * 1000, longestTimer));
  }

  /** The page is seen again, or its device is awake: timers may have stood still. */
  wake(): void {
    const session = this.#parts.loaded.session;
    if (session === undefined || session.renew_at === null || !session.can_renew) return;
    const isDue = deviceNow() >= Math.max(session.renew_at, this.#notBefore);
    // What fails is told by the event.
    if (isDue) this.now().catch(() => undefined);
    else this.schedule();
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#failures = 0;
    this.#notBefore = 0;
  }

  async #renew(): Promise<void> {
    const { loaded, tabs, renewed, failed } = this.#parts;
    const before = loaded.core.share(false);
    try {
      // Who has to ask others must not hold the turn that they need.
      const by = loaded.session?.can_renew
        ? await tabs.alone(() => loaded.turns.take(() => this.#inTurn(before)))
        : await this.#byOthers(before);
      this.#failures = 0;
      this.#notBefore = 0;
      this.schedule();
      renewed(by);
    } catch (error) {
      if (!(error instanceof EdgewardError)) throw error;
      const waits = loaded.bounds.renewal_retry_seconds;
      this.#notBefore = deviceNow() + (waits[this.#failures] ?? waits.at(-1) ?? 0);
      this.#failures += 1;
      this.schedule();
      failed(error);
      throw error;
    }
  }

  async #inTurn(before: string | undefined): Promise<"this_tab" | "other_tab"> {
    const { loaded, server, tabs } = this.#parts;
    const { core } = loaded;
    // Whoever had the turn before may have renewed them for all, and its message be still under way.
    if (this.#hasNew(before) || this.#hasNew(before, await tabs.ask())) return "other_tab";
    await server.loadMetadata();
    const request = core.renew();
    if (request === undefined) throw notRenewable();
    try {
      const answer = await server.post(JSON.parse(request));
      const jwks_uri = core.readTokens(answer.status, answer.text, deviceNow());
      if (jwks_uri !== undefined) await loaded.checkIdToken(await server.document(jwks_uri));
    } finally {
      core.abandon();
    }
    return "this_tab";
  }

  async #byOthers(before: string | undefined): Promise<"other_tab"> {
    const { loaded, tabs } = this.#parts;
    if (before === undefined) throw notRenewable();
    if (this.#hasNew(before, await tabs.ask())) return "other_tab";
    // As long as a tab may take to renew them: the request, and the keys.
    const given = await tabs.haveRenewed(2 * loaded.bounds.fetch_timeout_milliseconds);
    if (this.#hasNew(before, given)) return "other_tab";
    throw notRenewable();
  }

  /** Whether the session is another than before, once one that was given is taken. */
  #hasNew(before: string | undefined, given?: string): boolean {
    const { core } = this.#parts.loaded;
    try {
      if (given !== undefined) core.adopt(given);
    } catch {
      // Another tab's session may be bound to a key that this one has not.
    }
    const now = core.share(false);
    return now !== undefined && now !== before;
  }
}

const notRenewable = () =>
  new EdgewardError("session_unknown", "the tokens can't be renewed here; sign in again");
