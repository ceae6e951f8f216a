/**
 * Tokens of a machine's own (client credentials, RFC 6749 section 4.4), for servers, commands and workers. Every decision is in the Rust core.
 *
 * @module
 */
import { inCore } from "../errors.ts";
import type { MachineCore } from "../wasm/generated/machine.js";
import { ApiFetch } from "./api-fetch.ts";
import { ProofKey } from "./proof-key.ts";
import { MachineTokens } from "./tokens.ts";
import type { MachineConfig, MachineOptions, MachineToken } from "./types.ts";

/**
 * `createMachineClient` with the core of a runtime.
 *
 * @internal
 */
export const machinesOf =
  (module: typeof MachineCore) =>
  (config: MachineConfig, options: MachineOptions = {}): MachineClient =>
    new MachineClient(module, config, options);

/** A client of one authorization server, with at most one token in memory. Made by `createMachineClient`. */
export class MachineClient {
  readonly #tokens: MachineTokens;
  readonly #api: ApiFetch;

  /** @internal */
  constructor(module: typeof MachineCore, config: MachineConfig, options: MachineOptions) {
    const core = inCore(() => new module(JSON.stringify(config)));
    const milliseconds = options.now ?? Date.now;
    const now = () => milliseconds() / 1000;
    const send = options.fetch ?? ((input, init) => fetch(input, init));
    const key = new ProofKey(module, core, now);
    const { private_key } = config;
    this.#tokens = new MachineTokens({ module, core, key, private_key, fetch: send, now });
    this.#api = new ApiFetch({ core, key, tokens: this.#tokens, fetch: send });
  }

  /**
   * A token that serves now. It is kept until shortly before it ends; one caller asks for it, the others wait, and while it is renewed ahead of its end
   * they go on with the one before. A bound token (`token_type` "DPoP") is of use to {@link fetch} alone, which has the key.
   *
   * @throws EdgewardError `authorization_server_unavailable`, `token_request_refused`, `token_response_invalid`, `metadata_invalid`, `key_unusable`
   * where the private key can't sign. After a failure the server is left alone for some seconds, and the same is thrown at once.
   */
  async token(): Promise<MachineToken> {
    const { access_token, token_type, expires_at } = await this.#tokens.get();
    return { access_token, token_type, expires_at };
  }

  /**
   * `fetch` with the token, for requests to `api_origins`, and a plain one for all others. Where the API asks for a nonce or another token the request is sent
   * once more, unless its body is a stream. No redirect is followed with the token: the answer is given as it came.
   *
   * @throws EdgewardError those of {@link token}.
   */
  fetch(input: string | URL | Request, init?: RequestInit): Promise<Response> {
    return this.#api.send(input, init);
  }
}
