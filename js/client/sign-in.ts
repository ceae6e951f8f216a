/**
 * One sign-in from its start to its tokens.
 *
 * @module
 */
import { EdgewardError } from "../errors.ts";
import type { AuthorizationServer, FormPost } from "./authorization-server.ts";
import { deviceNow } from "./clock.ts";
import type { LoadedCore } from "./loaded-core.ts";
import type { IdTokenClaims, LoginOptions } from "./types.ts";

/** What a sign-in ends with. */
export interface SignedIn {
  /** The path that `login` was given to go back to. */
  return_to: string;
  user: IdTokenClaims;
}

/** A sign-in that has been started. */
export interface Started {
  /** Where to send the browser. */
  url: string;
  state: string;
  /** What to remember until it comes back, as text. */
  transaction: string;
}

/** @internal */
export class SignIn {
  readonly #loaded: LoadedCore;
  readonly #server: AuthorizationServer;

  constructor(loaded: LoadedCore, server: AuthorizationServer) {
    this.#loaded = loaded;
    this.#server = server;
  }

  async start(options: LoginOptions): Promise<Started> {
    const { core } = this.#loaded;
    await this.#server.loadMetadata();
    // The device's own clock, here and at the callback: whatever it shows, it tells how long the sign-in has taken.
    const login = () => core.login(JSON.stringify(options), deviceNow());
    const { url, push, state, transaction }: Login = JSON.parse(login());
    if (push === undefined) return { url, state, transaction };
    const answer = await this.#server.post(push);
    return { url: core.readPushed(answer.status, answer.text), state, transaction };
  }

  /** Checks the response at the callback, exchanges the code, checks the ID token. */
  async finish(url: string, transaction: string): Promise<SignedIn> {
    const { core } = this.#loaded;
    try {
      await this.#server.loadMetadata();
      const request: FormPost = JSON.parse(core.callback(url, transaction, deviceNow()));
      const tokens = await this.#server.post(request);
      const jwks_uri = core.readTokens(tokens.status, tokens.text, deviceNow());
      if (jwks_uri === undefined) throw signedOut();
      const return_to = await this.#loaded.checkIdToken(await this.#server.document(jwks_uri));
      const user = this.#loaded.session?.claims;
      if (user === undefined || return_to === undefined) throw signedOut();
      return { return_to, user };
    } finally {
      core.abandon();
    }
  }
}

interface Login {
  url: string;
  push?: FormPost;
  state: string;
  transaction: string;
}

const signedOut = () => new EdgewardError("transaction_unknown", "signed out while signing in");
