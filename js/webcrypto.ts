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
  /** The public key: JSON text of a JWK with its required members alone, as the core writes it. */
  jwk: string;
  /** What was signed. */
  message: Uint8Array<ArrayBuffer>;
  signature: Uint8Array<ArrayBuffer>;
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

/** Imported keys, the last used last. A page or a gate meets few; a hostile issuer must not make it keep more. */
const keys = new Map<string, CryptoKey>();
const maxKeys = 100;

/** Has WebCrypto check one signature. It never throws. */
export async function verifyWithWebCrypto(request: SignatureRequest): Promise<SignatureVerdict> {
  const { alg, jwk, message, signature } = request;
  // Before the key is imported no promise of another request may be awaited, so each imports its own and the last one stays.
  const key = await importKey(alg, jwk);
  if (key === undefined) return "unable";
  try {
    return (await crypto.subtle.verify(parameters[alg].verify, key, signature, message)) ? "holds" : "fails";
  } catch {
    // workerd throws at an Ed25519 signature that is not 64 bytes long. What a host throws at can't hold.
    return "fails";
  }
}

async function importKey(alg: AlgorithmName, jwk: string): Promise<CryptoKey | undefined> {
  const name = `${alg} ${jwk}`;
  let key = keys.get(name);
  if (key === undefined) {
    try {
      key = await crypto.subtle.importKey("jwk", JSON.parse(jwk), parameters[alg].import, false, ["verify"]);
    } catch {
      return undefined;
    }
  }
  keys.delete(name);
  keys.set(name, key);
  for (const oldest of keys.keys()) {
    if (keys.size <= maxKeys) break;
    keys.delete(oldest);
  }
  return key;
}
