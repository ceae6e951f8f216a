/**
 * The host's signature engine: WebCrypto. It answers for one signature under one public key; which key and which algorithm may be
 * used at all, and what form a signature must have, the core has decided before.
 *
 * @module
 */
import type { AlgorithmName } from "./algorithm-name.ts";

/** What the host is asked. */
export interface SignatureRequest {
  alg: AlgorithmName;
  /** What no other key has that the same {@link WebCrypto} is asked about. */
  keyId: number | string;
  /** The public key: JSON text of a JWK with its required members alone, as the core writes it. */
  jwk: () => string;
  /** What was signed. It is looked at only when the key is there: memory that it lies in may have moved by then. */
  message: () => Uint8Array<ArrayBuffer>;
  signature: () => Uint8Array<ArrayBuffer>;
}

/** `unable` where the host can't take the key or has no such algorithm: then the core decides. */
export type SignatureVerdict = "holds" | "fails" | "unable";

interface Parameters {
  import: RsaHashedImportParams | EcKeyImportParams | AlgorithmIdentifier;
  verify: RsaPssParams | EcdsaParams | AlgorithmIdentifier;
}

const pkcs1 = (hash: string): Parameters => ({
  import: { name: "RSASSA-PKCS1-v1_5", hash },
  verify: { name: "RSASSA-PKCS1-v1_5" },
});
/** The salt is as long as the hash (RFC 7518 section 3.5). */
const pss = (hash: string, saltLength: number): Parameters => ({
  import: { name: "RSA-PSS", hash },
  verify: { name: "RSA-PSS", saltLength },
});
const ecdsa = (namedCurve: string, hash: string): Parameters => ({
  import: { name: "ECDSA", namedCurve },
  verify: { name: "ECDSA", hash },
});
const ed25519: Parameters = { import: { name: "Ed25519" }, verify: { name: "Ed25519" } };

const parameters: Record<AlgorithmName, Parameters> = {
  ES256: ecdsa("P-256", "SHA-256"),
  ES384: ecdsa("P-384", "SHA-384"),
  ES512: ecdsa("P-521", "SHA-512"),
  EdDSA: ed25519,
  Ed25519: ed25519,
  PS256: pss("SHA-256", 32),
  PS384: pss("SHA-384", 48),
  PS512: pss("SHA-512", 64),
  RS256: pkcs1("SHA-256"),
  RS384: pkcs1("SHA-384"),
  RS512: pkcs1("SHA-512"),
};

/** How a key of an algorithm is imported. */
export const importParameters = (alg: AlgorithmName): Parameters["import"] => parameters[alg].import;

/** How something is signed by an algorithm: as it is verified. */
export const signParameters = (alg: AlgorithmName): Parameters["verify"] => parameters[alg].verify;

/** A page or a gate meets few keys; a hostile issuer must not make it keep more. */
const maxKeys = 100;

/** WebCrypto with the keys it was asked about. Each core needs one of its own, because its keys are known by their numbers. */
export class WebCrypto {
  /** Imported keys, the oldest first. */
  readonly #keys = new Map<string, CryptoKey>();

  /** Has one signature checked. It never throws. */
  async verify(request: SignatureRequest): Promise<SignatureVerdict> {
    const name = `${request.alg} ${request.keyId}`;
    let key = this.#keys.get(name);
    if (key === undefined) {
      // No promise of another request may be awaited, so until a key is there each imports its own, and the last one stays.
      key = await importKey(request);
      if (key === undefined) return "unable";
      this.#keep(name, key);
    }
    return await verdictBy(key, request);
  }

  #keep(name: string, key: CryptoKey): void {
    this.#keys.set(name, key);
    for (const oldest of this.#keys.keys()) {
      if (this.#keys.size <= maxKeys) break;
      this.#keys.delete(oldest);
    }
  }
}

/** What is asked where no key is met twice. */
export type SingleRequest = Omit<SignatureRequest, "keyId">;

/** Has one signature checked, and keeps nothing. It never throws. */
export async function verifyOnce(request: SingleRequest): Promise<SignatureVerdict> {
  const key = await importKey(request);
  return key === undefined ? "unable" : await verdictBy(key, request);
}

async function verdictBy(
  key: CryptoKey,
  { alg, signature, message }: SingleRequest,
): Promise<SignatureVerdict> {
  try {
    const holds = await crypto.subtle.verify(parameters[alg].verify, key, signature(), message());
    return holds ? "holds" : "fails";
  } catch {
    // workerd throws at an Ed25519 signature that is not 64 bytes long. What a host throws at can't hold.
    return "fails";
  }
}

async function importKey({ alg, jwk }: SingleRequest): Promise<CryptoKey | undefined> {
  try {
    return await crypto.subtle.importKey("jwk", JSON.parse(jwk()), parameters[alg].import, false, ["verify"]);
  } catch {
    return undefined;
  }
}
