/**
 * Requests with the access token: the token where it may go, a proof where it is bound, and once more where the answer says what was missing.
 *
 * @module
 */
import { EdgewardError } from "../errors.ts";
import type { LoadedCore } from "./loaded-core.ts";

/** What an answer asks for; see `ClientCore.advice`. */
interface Advice {
  advice: "nothing" | "use_nonce" | "check_clock" | "renew" | "authenticate";
  acr_values?: string;
  max_age?: number;
}

/** What an API demands of the user's authentication (RFC 9470). */
export interface StepUp {
  acr_values: string | undefined;
  max_age: number | undefined;
}

export interface ApiFetchParts {
  loaded: LoadedCore;
  /** Renews the tokens, because the API does not take the one that it was sent. */
  renew: () => Promise<void>;
  /** Has the user authenticate again. Gives whether that is done, so that the request may be sent once more. */
  stepUp: (demand: StepUp) => Promise<boolean>;
}

export class ApiFetch {
  readonly #parts: ApiFetchParts;
  /** The last nonce of each origin (RFC 9449 section 8.2). */
  readonly #nonces = new Map<string, string>();

  constructor(parts: ApiFetchParts) {
    this.#parts = parts;
  }

  /** Sends a request with what `authorization` gives for it. Each remedy is tried once. */
  async send(request: Request, authorization: () => string | undefined): Promise<Response> {
    const tried = new Set<string>();
    for (;;) {
      const sent = authorization();
      const response = await this.#once(request.clone(), sent);
      // Nothing of what an answer asks for concerns a request that went without a token.
      if (sent === undefined || response.status !== 401) return response;
      const { core } = this.#parts.loaded;
      const challenge = response.headers.get("www-authenticate") ?? "";
      const advice: Advice = JSON.parse(core.advice(response.status, challenge));
      if (tried.has(advice.advice) || !(await this.#follow(advice, response))) return response;
      tried.add(advice.advice);
      if (core.session() === undefined) return response;
      await response.body?.cancel();
    }
  }

  async #once(request: Request, authorization: string | undefined): Promise<Response> {
    if (authorization === undefined) return await fetch(request);
    const { loaded } = this.#parts;
    const { origin } = new URL(request.url);
    request.headers.set("authorization", authorization);
    if (loaded.session?.is_bound) {
      const nonce = this.#nonces.get(origin);
      const proof = await loaded.proof(request.method, request.url, { nonce, withToken: true });
      if (proof !== undefined) request.headers.set("dpop", proof);
    }
    // Nobody knows beforehand where a redirect leads. Browsers send the proof after it, to any origin, and older ones the token, too.
    const redirect = request.redirect === "error" ? "error" : "manual";
    const response = await fetch(request, { redirect });
    if (response.type === "opaqueredirect" && request.redirect === "follow") throw redirectRefused();
    const nonce = loaded.nonceOf(response.headers.get("dpop-nonce"));
    if (nonce !== undefined) this.#nonces.set(origin, nonce);
    return response;
  }

  /** Gives whether the request may be sent once more. */
  async #follow({ advice, acr_values, max_age }: Advice, response: Response): Promise<boolean> {
    const { loaded } = this.#parts;
    switch (advice) {
      case "use_nonce":
        return loaded.nonceOf(response.headers.get("dpop-nonce")) !== undefined;
      case "check_clock":
        return await loaded.clock.ask(loaded.bounds.fetch_timeout_milliseconds);
      case "renew":
        return await this.#renew();
      case "authenticate":
        return await this.#parts.stepUp({ acr_values, max_age });
      default:
        return false;
    }
  }

  async #renew(): Promise<boolean> {
    try {
      await this.#parts.renew();
      return true;
    } catch (error) {
      // The API's own answer says more than that there is no other token.
      if (error instanceof EdgewardError) return false;
      throw error;
    }
  }
}

const redirectRefused = () =>
  new EdgewardError(
    "redirect_refused",
    "the API answered with a redirect, and the access token follows none; call the address that it leads to",
  );
