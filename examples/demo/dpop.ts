/**
 * The client's side of DPoP (RFC 9449): a key of its own, and a proof of it for each request.
 *
 * Plain node:crypto, so that a row can also make the wrong one.
 */

import { createHash, generateKeyPairSync, randomUUID } from "node:crypto";
import type { SigningAlgorithm } from "./authorization-server/keys.ts";
import { type JsonObject, signToken } from "./tokens.ts";

/** The request that a proof is for. */
export interface ProvenRequest {
  readonly method?: string;
  readonly url: string;
  /** The access token it carries; none at the token endpoint. */
  readonly token?: string;
  /** Claims that the proof has instead, or (undefined) lacks. */
  readonly changes?: JsonObject;
  /** The same of its header. */
  readonly header?: JsonObject;
}

export interface DpopKey {
  /** What its tokens are bound to: `cnf.jkt` (RFC 7638, RFC 9449 section 6.1). */
  readonly thumbprint: string;
  /** A new proof for a request (RFC 9449 section 4.2). */
  proof(request: ProvenRequest): string;
  /** The headers that carry a token with its proof (RFC 9449 section 7.1). */
  headers(request: ProvenRequest & { token: string }): Record<string, string>;
}

export function createDpopKey(alg: SigningAlgorithm = "ES256"): DpopKey {
  const pair =
    alg === "ES256"
      ? generateKeyPairSync("ec", { namedCurve: "P-256" })
      : generateKeyPairSync("rsa", { modulusLength: 2048 });
  const jwk = pair.publicKey.export({ format: "jwk" });
  const proof = ({ method = "GET", url, token, changes, header }: ProvenRequest) => {
    const claims = {
      jti: randomUUID(),
      htm: method,
      htu: url.split(/[?#]/, 1)[0],
      iat: Math.floor(Date.now() / 1000),
      ...(token === undefined ? {} : { ath: createHash("sha256").update(token).digest("base64url") }),
      ...changes,
    };
    return signToken(claims, { kid: "", alg, ...pair }, { typ: "dpop+jwt", kid: undefined, jwk, ...header });
  };
  const { kty, crv, x, y, e, n } = jwk;
  // The required members in the order of their names.
  const least = JSON.stringify(alg === "ES256" ? { crv, kty, x, y } : { e, kty, n });
  return {
    thumbprint: createHash("sha256").update(least).digest("base64url"),
    proof,
    headers: (request) => ({ authorization: `DPoP ${request.token}`, dpop: proof(request) }),
  };
}
