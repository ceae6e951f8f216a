/**
 * Keys for proofs of possession (RFC 9449), by WebCrypto: on P-256, and never to be read out.
 *
 * @module
 */

/** A fresh pair. */
export const makeProofKeys = (): Promise<CryptoKeyPair> =>
  crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, false, ["sign", "verify"]);

/** The public half: a JWK as JSON text, with its required members alone. */
export async function publicJwk({ publicKey }: CryptoKeyPair): Promise<string> {
  const { kty, crv, x, y } = await crypto.subtle.exportKey("jwk", publicKey);
  return JSON.stringify({ kty, crv, x, y });
}

/** Signs by ES256: 64 bytes (RFC 7518 section 3.4). */
export async function signProof(privateKey: CryptoKey, text: string): Promise<Uint8Array> {
  const algorithm = { name: "ECDSA", hash: "SHA-256" };
  return new Uint8Array(await crypto.subtle.sign(algorithm, privateKey, new TextEncoder().encode(text)));
}
