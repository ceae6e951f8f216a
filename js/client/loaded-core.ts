/**
 * The core at work, once it is loaded: its bounds, the server's clock, and the key for proofs.
 *
 * @module
 */
import { algorithmNames } from "../algorithm-name.ts";
import { verdictNumbers } from "../steps.ts";
import { type ClientModule, loadClient } from "../wasm/browser.ts";
import { verifyOnce } from "../webcrypto.ts";
import { ServerClock } from "./clock.ts";
import type { ClientCore } from "./core.ts";
import { DpopKey } from "./dpop-key.ts";
import { LastingCore } from "./lasting-core.ts";
import type { ClientOptions } from "./options.ts";
import { Turns } from "./turns.ts";
import type { ClientConfig } from "./types.ts";

/** Bounds that the core names; see `ClientCore.bounds`. */
export interface Bounds {
  fetch_timeout_milliseconds: number;
  max_document_bytes: number;
  tab_answer_milliseconds: number;
  worker_start_milliseconds: number;
  clock_tolerance_seconds: number;
  max_kept_tokens: number;
  renewal_retry_seconds: number[];
}

/** What the core says of the session. */
export interface Session {
  claims: { sub: string; iss: string; aud: string | string[]; exp: number; iat: number };
  scope: string;
  expires_at: number | null;
  renew_at: number | null;
  can_renew: boolean;
  is_bound: boolean;
}

export class LoadedCore {
  readonly module: ClientModule;
  readonly core: ClientCore;
  readonly bounds: Bounds;
  readonly clock: ServerClock;
  /** Signing in and renewing, one after another. */
  readonly turns = new Turns();
  readonly #keyName: string;
  #key: Promise<DpopKey> | undefined;
  #signing: DpopKey | undefined;

  readonly #lasting: LastingCore;

  private constructor(module: ClientModule, config: ClientConfig) {
    this.module = module;
    this.#lasting = new LastingCore(module, JSON.stringify(config));
    this.core = this.#lasting.core;
    this.bounds = JSON.parse(this.core.bounds());
    this.clock = new ServerClock(config.redirect_uri, this.bounds.clock_tolerance_seconds);
    this.#keyName = `${config.issuer} ${config.client_id}`;
  }

  /** @throws EdgewardError `config_invalid`, and those of {@link loadClient}. */
  static async load(config: ClientConfig, wasm: ClientOptions["wasm"]): Promise<LoadedCore> {
    const module = await loadClient(wasm);
    const loaded = new LoadedCore(module, config);
    if (loaded.core.wantsKey) await loaded.makeKey();
    return loaded;
  }

  get session(): Session | undefined {
    const text = this.core.session();
    return text === undefined ? undefined : JSON.parse(text);
  }

  /** Has tokens bound to this browser's key from now on. */
  async makeKey(): Promise<void> {
    this.#key ??= DpopKey.named(this.#keyName);
    const key = await this.#key;
    this.#lasting.useKey(key.jwk);
    this.#signing = key;
  }

  /** A proof of possession for one request (RFC 9449 section 4). */
  async proof(
    method: string,
    url: string,
    { nonce, withToken }: { nonce: string | undefined; withToken: boolean },
  ): Promise<string | undefined> {
    const key = this.#signing;
    if (key === undefined) return undefined;
    const input = this.core.proofInput(method, url, nonce, withToken, this.clock.now());
    const signature = await key.sign(input);
    return this.core.proof(input, signature);
  }

  /** The nonce that an answer has for the next proof. One that could not be sent back is none: with it each further request would fail. */
  nonceOf(header: string | null | undefined): string | undefined {
    return header && this.core.isNonce(header) ? header : undefined;
  }

  /**
   * Has the ID token's signature checked, by the platform where that is asked, and then its claims. A clock that is wrong is set by the page's own
   * server, and the claims are judged once more. Gives the path to go back to, after a sign-in.
   */
  async checkIdToken(key_set: string): Promise<string | undefined> {
    const { core } = this;
    const verdict = core.readKeySet(key_set) ? await this.#verdict() : "unable";
    const conclude = () => core.conclude(verdictNumbers[verdict], this.clock.now());
    try {
      return conclude();
    } catch (error) {
      // What the time was wrong for can be judged again; the core has let go of everything else.
      const isOpen = core.signatureCheck() !== undefined;
      if (isOpen && (await this.clock.ask(this.bounds.fetch_timeout_milliseconds))) return conclude();
      throw error;
    }
  }

  async #verdict() {
    const check = this.core.signatureCheck();
    const alg = algorithmNames[check?.alg ?? -1];
    if (check === undefined || alg === undefined) return "fails";
    const bytes = (text: string) => Uint8Array.from(text, (character) => character.charCodeAt(0));
    // One that signs in once needs no key twice, so none is kept.
    return await verifyOnce({
      alg,
      jwk: () => check.jwk,
      message: () => bytes(check.message),
      signature: () => bytes(atob(check.signature.replaceAll("-", "+").replaceAll("_", "/"))),
    });
  }
}
