/**
 * Tokens made by hand, for the rows that have to be refused: expired, from another issuer, unsigned, forged.
 *
 * Plain node:crypto, because a proper JOSE library rightly declines most of this.
 */

import { createHmac, type KeyObject, randomUUID, sign } from "node:crypto";
import type { SigningKey } from "./authorization-server/keys.ts";
import { API_AUDIENCE } from "./resources.ts";

export type JsonObject = Record<string, unknown>;

/** A signed compact JWS (RFC 7515). `header` may contradict the key on purpose. */
export function signToken(claims: JsonObject, key: SigningKey, header: JsonObject = {}): string {
  const input = signingInput({ alg: key.alg, typ: "at+jwt", kid: key.kid, ...header }, claims);
  return `${input}.${signature(input, key).toString("base64url")}`;
}

/** `alg: none`, and the empty signature that goes with it (RFC 7518 section 3.6). */
export function unsignedToken(claims: JsonObject): string {
  return `${signingInput({ alg: "none", typ: "at+jwt" }, claims)}.`;
}

/**
 * The oldest trick: the public key, which everybody has, used as an HMAC secret. A verifier that lets the
 * header choose the algorithm accepts it.
 */
export function hmacToken(claims: JsonObject, publicKey: KeyObject, kid: string): string {
  const input = signingInput({ alg: "HS256", typ: "at+jwt", kid }, claims);
  const secret = publicKey.export({ type: "spki", format: "pem" });
  return `${input}.${createHmac("sha256", secret).update(input).digest("base64url")}`;
}

/** The claims of an ordinary, valid access token (RFC 9068) for the API; `changes` makes it less ordinary. */
export function accessTokenClaims(issuer: string, changes: JsonObject = {}): JsonObject {
  const now = Math.floor(Date.now() / 1000);
  return {
    iss: issuer,
    aud: API_AUDIENCE,
    sub: "ada-lovelace",
    client_id: "tidewater-page",
    scope: "data:read",
    iat: now,
    exp: now + 300,
    jti: randomUUID(),
    ...changes,
  };
}

/** The same token with other claims under the old signature. */
export function withClaims(token: string, changes: JsonObject): string {
  const [header, , mac] = token.split(".");
  return `${header}.${encode({ ...decodeClaims(token), ...changes })}.${mac}`;
}

/** Reads a token without checking anything: for showing it, never for trusting it. */
export function decodeClaims(token: string): JsonObject {
  return decode(token, 1);
}

export function decodeHeader(token: string): JsonObject {
  return decode(token, 0);
}

function decode(token: string, segment: 0 | 1): JsonObject {
  const encoded = token.split(".")[segment];
  if (encoded === undefined) throw new Error("not a JWT");
  return JSON.parse(Buffer.from(encoded, "base64url").toString("utf8")) as JsonObject;
}

function signingInput(header: JsonObject, claims: JsonObject): string {
  return `${encode(header)}.${encode(claims)}`;
}

function signature(input: string, { alg, privateKey }: SigningKey): Buffer {
  // JOSE wants r and s side by side (RFC 7518 section 3.4), not the DER that is OpenSSL's habit.
  return sign(
    "sha256",
    Buffer.from(input),
    alg === "ES256" ? { key: privateKey, dsaEncoding: "ieee-p1363" } : privateKey,
  );
}

function encode(value: JsonObject): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}
