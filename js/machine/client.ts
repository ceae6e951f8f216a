/**
 * Tokens of a machine's own (client credentials, RFC 6749 section 4.4), for servers, commands and workers. Every decision is in the Rust core.
 *
 * @module
 */
import { AtWork } from "../at-work.ts";
import type { MachineCore } from "../wasm/generated/machine.js";
import type { Instance } from "../wasm/instance.ts";
import { MachineState } from "./state.ts";
import type { MachineConfig, MachineOptions, MachineToken } from "./types.ts";

/**
 * What an entry file knows of its runtime.
 *
 * @internal
 */
interface MachineRuntime {
  MachineCore: typeof MachineCore;
  instance: Instance;
}

/**
 * `createMachineClient` of a runtime.
 *
 * @internal
 */
export const machinesOf =
  (runtime: MachineRuntime) =>
  (config: MachineConfig, options: MachineOptions = {}): MachineClient =>
    new MachineClient(runtime, config, options);

/** A client of one authorization server, with at most one token in memory. Made by `createMachineClient`. */
export class MachineClient {
  readonly #work: AtWork<MachineState>;

  /** @internal */
  constructor({ MachineCore, instance }: MachineRuntime, config: MachineConfig, options: MachineOptions) {
    const text = JSON.stringify(config);
    const milliseconds = options.now ?? Date.now;
    const start = (): MachineState => {
      const state: MachineState = new MachineState(MachineCore, text, {
        private_key: config.private_key,
        fetch: options.fetch ?? ((input, init) => fetch(input, init)),
        now: () => milliseconds() / 1000,
        failed: (thrown) => this.#work.fault(thrown, state),
      });
      return state;
    };
    this.#work = new AtWork(instance, start);
  }

  /**
   * A token that serves now. It is kept until shortly before it ends; one caller asks for it, the others wait, and while it is renewed ahead of its end
   * they go on with the one before. A bound token (`token_type` "DPoP") is of use to {@link fetch} alone, which has the key.
   *
   * @throws EdgewardError `authorization_server_unavailable`, `token_request_refused`, `token_response_invalid`, `metadata_invalid`, `key_unusable`
   * where the private key can't sign. After a failure the server is left alone for some seconds, and the same is thrown at once. `internal_error` where the
   * module itself has failed: it was started anew, and the next call asks for another token, with another key.
   */
  async token(): Promise<MachineToken> {
    const { access_token, token_type, expires_at } = await this.#work.now().tokens.get();
    return { access_token, token_type, expires_at };
  }

  /**
   * `fetch` with the token, for requests to `api_origins`, and a plain one for all others. Where the API asks for a nonce or another token the request is sent
   * once more, unless its body is a stream. No redirect is followed with the token: the answer is given as it came.
   *
   * @throws EdgewardError those of {@link token}.
   */
  async fetch(input: string | URL | Request, init?: RequestInit): Promise<Response> {
    return await this.#work.now().api.send(input, init);
  }
}
