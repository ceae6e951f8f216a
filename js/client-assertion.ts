/**
 * Client assertions (RFC 7523 section 3): the core says what one states, and here it gets its `jti` and is signed with the private key, which
 * WebCrypto holds and does not give out again.
 *
 * @module
 */

import type { ClientAssertion } from "./needs.ts";
import { importParameters, signParameters } from "./webcrypto.ts";

/** The private keys of a policy's clients, by the name of their binding: each a JWK as JSON text. */
export class ClientAssertions {
  readonly #secrets: Readonly<Record<string, unknown>>;
  /** Imported keys. There are as many as the policy names. */
  readonly #keys = new Map<string, CryptoKey>();

  constructor(secrets: Readonly<Record<string, unknown>>) {
    this.#secrets = secrets;
  }

  /** The signed assertion; `undefined` where the platform can't take the key. It never throws. */
  async sign({ private_key_binding, alg, header, claims }: ClientAssertion): Promise<string | undefined> {
    try {
      // No promise of another request may be awaited, so until a key is there each imports its own, and the last one stays.
      const key = this.#keys.get(private_key_binding) ?? (await this.#import(private_key_binding, alg));
      this.#keys.set(private_key_binding, key);
      const stated = JSON.stringify({ ...JSON.parse(claims), jti: crypto.randomUUID() });
      const encoder = new TextEncoder();
      const input = `${base64url(encoder.encode(header))}.${base64url(encoder.encode(stated))}`;
      const signature = await crypto.subtle.sign(signParameters(alg), key, encoder.encode(input));
      return `${input}.${base64url(new Uint8Array(signature))}`;
    } catch {
      // What was thrown may quote the key.
      return undefined;
    }
  }

  #import(binding: string, alg: ClientAssertion["alg"]): Promise<CryptoKey> {
    // What the key says of its own use may name the other half of the pair.
    const { key_ops: _, use: __, ...jwk } = JSON.parse(String(this.#secrets[binding]));
    return crypto.subtle.importKey("jwk", jwk, importParameters(alg), false, ["sign"]);
  }
}

function base64url(bytes: Uint8Array): string {
  const binary = String.fromCharCode(...bytes);
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}
