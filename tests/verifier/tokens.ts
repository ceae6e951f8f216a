/** Tokens of every algorithm by one issuer, and its key set. */
import { exportJWK, generateKeyPair, type JWK, SignJWT } from "jose";
import { accessTokenClaims, type JsonObject } from "../../examples/demo/tokens.ts";

export const ISSUER = "https://issuer.example";

/** What the core checks itself. */
export const OWN = ["ES256", "PS256", "PS384", "PS512", "RS256", "RS384", "RS512"];
/** What only the host has. */
export const HOST_ALONE = ["ES384", "ES512", "EdDSA", "Ed25519"];

export interface Signer {
  readonly keySet: { keys: JWK[] };
  /** An access token, good unless it is changed. */
  token(alg: string, changes?: JsonObject): Promise<string>;
}

export async function makeSigner(issuer = ISSUER): Promise<Signer> {
  const privateKeys = new Map<string, CryptoKey>();
  const keys: JWK[] = [];
  for (const alg of [...OWN, ...HOST_ALONE]) {
    const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true });
    privateKeys.set(alg, privateKey);
    keys.push({ ...(await exportJWK(publicKey)), kid: alg, alg, use: "sig" });
  }
  return {
    keySet: { keys },
    token: (alg, changes) =>
      new SignJWT(accessTokenClaims(issuer, changes))
        .setProtectedHeader({ alg, kid: alg, typ: "at+jwt" })
        .sign(privateKeys.get(alg) as CryptoKey),
  };
}

/** The token with the first character of its signature changed. */
export const spoilt = (token: string): string =>
  token.replace(/\.(.)([^.]+)$/, (_, first: string, rest: string) => `.${first === "A" ? "B" : "A"}${rest}`);
