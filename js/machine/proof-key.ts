/**
 * The key that a machine's token is bound to (RFC 9449): made by WebCrypto, never to be read out, and gone with the client.
 *
 * @module
 */
import { inCore } from "../errors.ts";
import { makeProofKeys, publicJwk, signProof } from "../proof-keys.ts";
import type { MachineCore } from "../wasm/generated/machine.js";

/** What a proof is for. */
export interface Proven {
  method: string;
  url: string;
  /** The place of the API, where it is for one. */
  api?: number;
  /** The token that goes there. */
  access_token?: string;
}

export class ProofKey {
  readonly #module: typeof MachineCore;
  readonly #core: MachineCore;
  readonly #now: () => number;
  #privateKey: CryptoKey | undefined;

  constructor(module: typeof MachineCore, core: MachineCore, now: () => number) {
    this.#module = module;
    this.#core = core;
    this.#now = now;
  }

  /** Makes the key, where one is needed and there is none. */
  async ready(): Promise<void> {
    if (!this.#core.needsKey) return;
    const made = await makeProofKeys();
    const jwk = await publicJwk(made);
    // No promise of another request may be awaited, so each makes one, and the first stays. Nothing is awaited from here on.
    if (!this.#core.needsKey) return;
    inCore(() => this.#core.useKey(jwk));
    this.#privateKey = made.privateKey;
  }

  /** A proof for a request; `undefined` where none is needed. */
  async proof({ method, url, api, access_token }: Proven): Promise<string | undefined> {
    const key = this.#privateKey;
    if (key === undefined) return undefined;
    const input = inCore(() => this.#core.proofInput(method, url, api, access_token, this.#now()));
    const signature = await signProof(key, input);
    return inCore(() => this.#module.proof(input, signature));
  }
}
