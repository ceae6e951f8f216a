/**
 * The signature engine of `node:crypto`, which answers at once: in Node, Deno and Bun.
 *
 * @module
 */
import { constants, createPublicKey, type KeyObject, verify } from "node:crypto";
import type { AlgorithmName } from "./algorithm-name.ts";
import type { SignatureRequest, SignatureVerdict } from "./webcrypto.ts";

/** How each algorithm is asked for: the hash, and the salt's length where the padding is PSS (RFC 7518 section 3.5). */
const parameters: Record<AlgorithmName, [hash: string | null, saltLength?: number]> = {
  ES256: ["sha256"],
  ES384: ["sha384"],
  ES512: ["sha512"],
  EdDSA: [null],
  Ed25519: [null],
  PS256: ["sha256", 32],
  PS384: ["sha384", 48],
  PS512: ["sha512", 64],
  RS256: ["sha256"],
  RS384: ["sha384"],
  RS512: ["sha512"],
};

/** A hostile issuer must not make it keep more. */
const maxKeys = 100;

/** `node:crypto` with the keys it was asked about. Each core needs one of its own, because its keys are known by their numbers. */
export class NodeCrypto {
  /** Imported keys, the oldest first. */
  readonly #keys = new Map<number | string, KeyObject>();

  /** Has one signature checked. It never throws. */
  verify(request: SignatureRequest): SignatureVerdict {
    const [hash, saltLength] = parameters[request.alg];
    const key = this.#keyOf(request);
    if (key === undefined) return "unable";
    const options =
      saltLength === undefined
        ? ({ key, dsaEncoding: "ieee-p1363" } as const)
        : { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength };
    try {
      return verify(hash, request.message(), options, request.signature()) ? "holds" : "fails";
    } catch {
      // What it throws at can't hold.
      return "fails";
    }
  }

  #keyOf({ keyId, jwk }: SignatureRequest): KeyObject | undefined {
    const kept = this.#keys.get(keyId);
    if (kept !== undefined) return kept;
    try {
      const key = createPublicKey({ key: JSON.parse(jwk()), format: "jwk" });
      this.#keys.set(keyId, key);
      for (const oldest of this.#keys.keys()) {
        if (this.#keys.size <= maxKeys) break;
        this.#keys.delete(oldest);
      }
      return key;
    } catch {
      return undefined;
    }
  }
}
