/**
 * A machine's requests to APIs: the token where it may go, a proof where it is bound, and once more where the answer says what was missing.
 *
 * @module
 */
import { EdgewardError } from "../errors.ts";
import type { MachineCore } from "../wasm/generated/machine.js";
import type { ProofKey } from "./proof-key.ts";
import type { Working } from "./state.ts";
import type { KnownToken, MachineTokens } from "./tokens.ts";
import type { MachineOptions } from "./types.ts";

export interface ApiFetchParts {
  core: MachineCore;
  working: Working;
  key: ProofKey;
  tokens: MachineTokens;
  fetch: NonNullable<MachineOptions["fetch"]>;
}

export class ApiFetch {
  readonly #parts: ApiFetchParts;

  constructor(parts: ApiFetchParts) {
    this.#parts = parts;
  }

  async send(input: string | URL | Request, init: RequestInit | undefined): Promise<Response> {
    const { core, working, tokens, fetch } = this.#parts;
    let request = new Request(input, init);
    const { origin } = new URL(request.url);
    const api = working(() => core.api(origin));
    if (api === undefined) return await fetch(request);
    const tried = new Set<string>();
    let token = await tokens.get();
    for (;;) {
      const response = await this.#once(request, api, token);
      const remedy = this.#remedy(response, api, token);
      if (remedy === undefined || tried.has(remedy) || !canBeSentAgain(input, init)) return response;
      tried.add(remedy);
      if (remedy === "token") {
        const other = await this.#otherThan(token);
        if (other === undefined) return response;
        token = other;
      }
      await response.body?.cancel();
      request = new Request(input, init);
    }
  }

  async #once(request: Request, api: number, token: KnownToken): Promise<Response> {
    const { key, fetch } = this.#parts;
    const { access_token, authorization } = token;
    const proof = await key.proof({ method: request.method, url: request.url, api, access_token });
    const headers = new Headers(request.headers);
    headers.set("authorization", authorization);
    if (proof !== undefined) headers.set("dpop", proof);
    // A redirect could take token and proof to another origin.
    const redirect = request.redirect === "follow" ? "manual" : request.redirect;
    return await fetch(new Request(request, { headers, redirect }));
  }

  /** What would help, if anything. Asked of every answer: any may bring the next nonce (RFC 9449 section 8.2). */
  #remedy({ headers, status }: Response, api: number, { serial }: KnownToken): string | undefined {
    const { core, working } = this.#parts;
    const challenge = headers.get("www-authenticate") ?? "";
    const nonce = headers.get("dpop-nonce") ?? undefined;
    try {
      return working(() => core.apiAnswered(api, serial, status, challenge, nonce));
    } catch {
      // The API has done what it was asked: a module that has failed since then takes its answer from nobody.
      return undefined;
    }
  }

  /** Another token than this; `undefined` where there is none, or none yet. */
  async #otherThan({ serial }: KnownToken): Promise<KnownToken | undefined> {
    try {
      const other = await this.#parts.tokens.get();
      return other.serial === serial ? undefined : other;
    } catch (error) {
      // The API's own answer says more than that there is no other token.
      if (error instanceof EdgewardError) return undefined;
      throw error;
    }
  }
}

/** A body that is a stream is gone once it was sent. */
const canBeSentAgain = (input: string | URL | Request, init: RequestInit | undefined): boolean =>
  !(input instanceof Request && input.body !== null) && !(init?.body instanceof ReadableStream);
