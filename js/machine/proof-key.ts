/**
 * The key that a machine's token is bound to (RFC 9449): made by WebCrypto, never to be read out, and gone with the client.
 *
 * @module
 */
import { makeProofKeys, publicJwk, signProof } from "../proof-keys.ts";
import type { MachineCore } from "../wasm/generated/machine.js";
import type { Working } from "./state.ts";

/** What a proof is for. */
export interface Proven {
  method: string;
  url: string;
  /** The place of the API, where it is for one. */
  api?: number;
  /** The token that goes there. */
  access_token?: string;
}

interface ProofKeyParts {
  module: typeof MachineCore;
  core: MachineCore;
  working: Working;
  /** In seconds since the epoch. */
  now: () => number;
}

export class ProofKey {
  readonly #parts: ProofKeyParts;
  #privateKey: CryptoKey | undefined;

  constructor(parts: ProofKeyParts) {
    this.#parts = parts;
  }

  /** Makes the key, where one is needed and there is none. */
  async ready(): Promise<void> {
    const { core, working } = this.#parts;
    if (!working(() => core.needsKey)) return;
    const made = await makeProofKeys();
    const jwk = await publicJwk(made);
    // No promise of another request may be awaited, so each makes one, and the first stays. Nothing is awaited from here on.
    if (!working(() => core.needsKey)) return;
    working(() => core.useKey(jwk));
    this.#privateKey = made.privateKey;
  }

  /** A proof for a request; `undefined` where none is needed. */
  async proof({ method, url, api, access_token }: Proven): Promise<string | undefined> {
    const { module, core, working, now } = this.#parts;
    const key = this.#privateKey;
    if (key === undefined) return undefined;
    const input = working(() => core.proofInput(method, url, api, access_token, now()));
    const signature = await signProof(key, input);
    return working(() => module.proof(input, signature));
  }
}
