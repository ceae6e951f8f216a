// Makes tokens that are good but for one thing, with the private keys that RFC 7515 appendices A.2.1 and A.3.1 publish.

import { createPrivateKey, sign } from "node:crypto";

/** @typedef {{ kty: string, [member: string]: unknown }} Jwk */

/**
 * One row of the list. Without a `code` the token is good and has to be taken.
 * @typedef {object} Row
 * @property {string} name
 * @property {string} section where the rule is written
 * @property {"refuse" | "either" | "accept"} says what that standard asks of a recipient
 * @property {string} rule the rule in our words
 * @property {string} [code] the error that edgeward refuses it with
 * @property {string} token
 * @property {Jwk} [jwk] the one key of the set, where it is not the usual one
 * @property {"ES256" | "RS256"} [alg] the allow-list, where it is not ES256
 * @property {string} [typ] the kind of token that is expected, where one is
 */

/** @type {Jwk} */
export const ecKey = {
  kty: "EC",
  crv: "P-256",
  kid: "ec-1",
  x: "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
  y: "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
};
export const ecPrivatePart = { d: "jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI" };

/** @type {Jwk} */
export const rsaKey = {
  kty: "RSA",
  kid: "rsa-1",
  n: "ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ",
  e: "AQAB",
};
const rsaPrivatePart = {
  d: "Eq5xpGnNCivDflJsRQBXHx1hdR1k6Ulwe2JZD50LpXyWPEAeP88vLNO97IjlA7_GQ5sLKMgvfTeXZx9SE-7YwVol2NXOoAJe46sui395IW_GO-pWJ1O0BkTGoVEn2bKVRUCgu-GjBVaYLU6f3l9kJfFNS3E0QbVdxzubSu3Mkqzjkn439X0M_V51gfpRLI9JYanrC4D4qAdGcopV_0ZHHzQlBjudU2QvXt4ehNYTCBr6XCLQUShb1juUO1ZdiYoFaFQT5Tw8bGUl_x_jTj3ccPDVZFD9pIuhLhBOneufuBiB4cS98l2SR_RQyGWSeWjnczT0QU91p1DhOVRuOopznQ",
  p: "4BzEEOtIpmVdVEZNCqS7baC4crd0pqnRH_5IB3jw3bcxGn6QLvnEtfdUdiYrqBdss1l58BQ3KhooKeQTa9AB0Hw_Py5PJdTJNPY8cQn7ouZ2KKDcmnPGBY5t7yLc1QlQ5xHdwW1VhvKn-nXqhJTBgIPgtldC-KDV5z-y2XDwGUc",
  q: "uQPEfgmVtjL0Uyyx88GZFF1fOunH3-7cepKmtH4pxhtCoHqpWmT8YAmZxaewHgHAjLYsp1ZSe7zFYHj7C6ul7TjeLQeZD_YwD66t62wDmpe_HlB-TnBA-njbglfIsRLtXlnDzQkv5dTltRJ11BKBBypeeF6689rjcJIDEz9RWdc",
};

const ecSecret = createPrivateKey({ key: { ...ecKey, ...ecPrivatePart }, format: "jwk" });
const rsaSecret = createPrivateKey({ key: withCrtParts({ ...rsaKey, ...rsaPrivatePart }), format: "jwk" });

/** Node wants the numbers that follow from the primes as well. @param {Record<string, any>} key */
function withCrtParts(key) {
  const number = (/** @type {string} */ name) =>
    BigInt(`0x${Buffer.from(key[name], "base64url").toString("hex")}`);
  const text = (/** @type {bigint} */ value) => {
    const hex = value.toString(16);
    return Buffer.from(hex.padStart(hex.length + (hex.length % 2), "0"), "hex").toString("base64url");
  };
  const [d, p, q] = [number("d"), number("p"), number("q")];
  return { ...key, dp: text(d % (p - 1n)), dq: text(d % (q - 1n)), qi: text(power(q, p - 2n, p)) };
}

/** @param {bigint} base @param {bigint} exponent @param {bigint} modulus */
function power(base, exponent, modulus) {
  let result = 1n;
  let square = base % modulus;
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = (result * square) % modulus;
    square = (square * square) % modulus;
  }
  return result;
}

export const header = { alg: "ES256", kid: "ec-1" };
export const claims = {
  iss: "https://login.example",
  aud: "https://api.example",
  sub: "ada",
  client_id: "app",
  jti: "f2c1",
  iat: 1700000000,
  exp: 4102444800,
};

/** The judges' clocks run, so the good tokens hold until 2100 and the expired ones ended in 2020. */
export const past = 1577836800;
export const future = 4102444800;

/** @typedef {string | Buffer | object} Text */

/** @param {Text} value text as it is, anything else as JSON */
export const bytes = (value) =>
  Buffer.isBuffer(value) ? value : Buffer.from(typeof value === "string" ? value : JSON.stringify(value));

/** @param {Text} value */
export const encode = (value) => bytes(value).toString("base64url");

/** @param {string} input @returns {Buffer} r and s */
export const ecSignature = (input) =>
  sign("sha256", Buffer.from(input), { key: ecSecret, dsaEncoding: "ieee-p1363" });

/** Signs two segments just as they are. @param {string} first @param {string} second */
export function signSegments(first, second) {
  const input = `${first}.${second}`;
  return `${input}.${encode(ecSignature(input))}`;
}

/** @param {{ header?: Text, payload?: Text }} parts */
export const token = (parts) => signSegments(encode(parts.header ?? header), encode(parts.payload ?? claims));

/** The good token with members of the header replaced. @param {object} members */
export const withHeader = (members) => token({ header: { ...header, ...members } });

/** The good token with claims replaced. @param {object} members */
export const withClaims = (members) => token({ payload: { ...claims, ...members } });

/** The claims as text, with more members before and after them. @param {string} first @param {string} last */
export function claimsText(first, last = "") {
  const { exp: _, ...rest } = claims;
  const inner = JSON.stringify(rest).slice(1, -1);
  return `{${first}${first && ","}${inner}${last && ","}${last}}`;
}

/** A good RS256 token, by RFC 7515's key or another. @param {import("node:crypto").KeyObject} [secret] */
export function rsaToken(secret = rsaSecret) {
  const input = `${encode({ alg: "RS256", kid: "rsa-1" })}.${encode(claims)}`;
  return `${input}.${encode(sign("sha256", Buffer.from(input), secret))}`;
}
