/**
 * The authorization server's signing keys: one RSA, one P-256, made anew at every start.
 *
 * Nothing outlives the process, so there is no key file to protect, and a token of yesterday's demo is
 * refused today: its key is unknown.
 */

import { generateKeyPair, type JsonWebKey, type KeyObject, randomUUID } from "node:crypto";
import { promisify } from "node:util";

export type SigningAlgorithm = "RS256" | "ES256";

export interface SigningKey {
  readonly kid: string;
  readonly alg: SigningAlgorithm;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

export interface SigningKeys {
  readonly RS256: SigningKey;
  readonly ES256: SigningKey;
}

const generate = promisify(generateKeyPair);

/** Two keys; `kid` is random, so that a key of another start is never mistaken for one of this start. */
export async function generateSigningKeys(): Promise<SigningKeys> {
  const [rsa, ec] = await Promise.all([
    generate("rsa", { modulusLength: 2048 }),
    generate("ec", { namedCurve: "P-256" }),
  ]);
  return {
    RS256: { kid: `rs-${randomUUID()}`, alg: "RS256", ...rsa },
    ES256: { kid: `es-${randomUUID()}`, alg: "ES256", ...ec },
  };
}

/** The private JWK (RFC 7517), as the authorization server wants it. Its `jwks_uri` shows the public half. */
export function toPrivateJwk(key: SigningKey): JsonWebKey {
  return { ...key.privateKey.export({ format: "jwk" }), kid: key.kid, alg: key.alg, use: "sig" };
}
