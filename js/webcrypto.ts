/**
 * The host's signature engine: WebCrypto, where the core leaves a signature to the host. It only computes. Which algorithm, which
 * key and whether a signature's form can hold at all the core has decided before, and decides again with the answer.
 */

/** A signature to check. The core makes it. */
export interface SignatureRequest {
  /** The `alg` name (RFC 7518 section 3.1, RFC 8037 section 3.1). */
  readonly alg: string;
  /** The public key as JWK text: its required members alone, and always in one spelling (RFC 7638 section 3.2). */
  readonly jwk: string;
  readonly message: Uint8Array<ArrayBuffer>;
  readonly signature: Uint8Array<ArrayBuffer>;
}

/** `unable`: this host can't import the key or has no such algorithm, so the core's own engine has to check. */
export type SignatureVerdict = "holds" | "fails" | "unable";

interface Parameters {
  readonly import: AlgorithmIdentifier | RsaHashedImportParams | EcKeyImportParams;
  readonly verify: AlgorithmIdentifier | RsaPssParams | EcdsaParams;
}

const rsaPkcs1 = (hash: string): Parameters => ({
  import: { name: "RSASSA-PKCS1-v1_5", hash },
  verify: { name: "RSASSA-PKCS1-v1_5" },
});

/** RFC 7518 section 3.5: the salt is as long as the hash. */
const rsaPss = (hash: string, saltLength: number): Parameters => ({
  import: { name: "RSA-PSS", hash },
  verify: { name: "RSA-PSS", saltLength },
});

const ecdsa = (namedCurve: string, hash: string): Parameters => ({
  import: { name: "ECDSA", namedCurve },
  verify: { name: "ECDSA", hash },
});

const ed25519: Parameters = { import: { name: "Ed25519" }, verify: { name: "Ed25519" } };

const parametersOf: ReadonlyMap<string, Parameters> = new Map([
  ["RS256", rsaPkcs1("SHA-256")],
  ["RS384", rsaPkcs1("SHA-384")],
  ["RS512", rsaPkcs1("SHA-512")],
  ["PS256", rsaPss("SHA-256", 32)],
  ["PS384", rsaPss("SHA-384", 48)],
  ["PS512", rsaPss("SHA-512", 64)],
  ["ES256", ecdsa("P-256", "SHA-256")],
  ["ES384", ecdsa("P-384", "SHA-384")],
  ["ES512", ecdsa("P-521", "SHA-512")],
  ["EdDSA", ed25519],
  ["Ed25519", ed25519],
]);

/** Importing costs more than many verifications. Issuers have a handful of keys, so more than this is a flood. */
const MAX_IMPORTED_KEYS = 64;

/** By `alg` and JWK text; the oldest first. Ready keys, not promises: those belong to the request that made them. */
const imported = new Map<string, CryptoKey>();

/**
 * Checks one signature. Never throws, and says nothing of why a signature fails.
 */
export async function verifyWithWebCrypto(request: SignatureRequest): Promise<SignatureVerdict> {
  const parameters = parametersOf.get(request.alg);
  const key = parameters && (await importKey(request, parameters));
  if (!key) return "unable";
  try {
    const holds = await crypto.subtle.verify(parameters.verify, key, request.signature, request.message);
    return holds ? "holds" : "fails";
  } catch {
    // workerd throws at an Ed25519 signature that is not 64 bytes long.
    return "fails";
  }
}

/** `undefined` where this host takes no such key: workerd has RSA exponents 3 and 65537 alone, some hosts no Ed25519. */
async function importKey(
  { alg, jwk }: SignatureRequest,
  parameters: Parameters,
): Promise<CryptoKey | undefined> {
  const name = `${alg} ${jwk}`;
  const known = imported.get(name);
  if (known) return known;
  try {
    const members: JsonWebKey = JSON.parse(jwk);
    const key = await crypto.subtle.importKey("jwk", members, parameters.import, false, ["verify"]);
    const oldest = imported.keys().next();
    if (imported.size >= MAX_IMPORTED_KEYS && !oldest.done) imported.delete(oldest.value);
    imported.set(name, key);
    return key;
  } catch {
    return undefined;
  }
}
