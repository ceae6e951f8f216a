// Keys, key sets and tokens for the measurements, made anew in each run: nothing secret lies in the repository.

import { generateKeyPairSync, randomBytes, sign } from "node:crypto";

/**
 * @typedef {"RS256" | "ES256"} Alg
 * @typedef {{ [member: string]: string }} PublicJwk
 * @typedef {{ alg: Alg, kid: string, privateKey: import("node:crypto").KeyObject, jwk: PublicJwk }} SigningKey
 * @typedef {{ good: string, signature: string, audience: string, issuer: string, expired: string }} Samples
 */

export const algs = /** @type {const} */ (["RS256", "ES256"]);
export const issuer = "https://login.example";
export const audience = "https://api.example";
/** Longer than any run. */
const lifetimeSeconds = 6 * 60 * 60;

/** @param {Alg} alg @returns {SigningKey} */
export function makeKey(alg) {
  const { privateKey, publicKey } =
    alg === "RS256"
      ? generateKeyPairSync("rsa", { modulusLength: 2_048 })
      : generateKeyPairSync("ec", { namedCurve: "P-256" });
  const kid = `${alg}-${randomBytes(8).toString("hex")}`;
  const jwk = { ...publicKey.export({ format: "jwk" }), kid, alg, use: "sig" };
  return { alg, kid, privateKey, jwk: /** @type {PublicJwk} */ (jwk) };
}

/**
 * A key set in which the signing key is the last, behind others of its kind. An RSA key among them is a random odd number: whoever
 * reads the set can't tell, and a thousand true ones would take minutes.
 * @param {SigningKey} key
 * @param {number} size
 */
export function keySet(key, size) {
  const others = Array.from({ length: size - 1 }, () => {
    if (key.alg === "ES256") return makeKey("ES256").jwk;
    const modulus = randomBytes(256);
    modulus[0] |= 0x80;
    modulus[255] |= 1;
    return { ...key.jwk, kid: `RS256-${randomBytes(8).toString("hex")}`, n: modulus.toString("base64url") };
  });
  return { keys: [...others, key.jwk] };
}

/** @param {object} part */
const encode = (part) => Buffer.from(JSON.stringify(part)).toString("base64url");

/** Every token of a run has another `jti`. */
let made = 0;

/** What an access token of RFC 9068 section 2.2 has to say, and a scope. */
const claims = () => {
  made += 1;
  const now = Math.floor(Date.now() / 1000);
  return {
    iss: issuer,
    aud: audience,
    sub: "5f0c3f1e-user",
    client_id: "bench",
    scope: "data:read",
    iat: now,
    exp: now + lifetimeSeconds,
    jti: String(made).padStart(8, "0"),
  };
};

/** @param {SigningKey} key @param {object} payload */
function signed(key, payload) {
  const input = `${encode({ alg: key.alg, typ: "at+jwt", kid: key.kid })}.${encode(payload)}`;
  const signature = sign("sha256", Buffer.from(input), { key: key.privateKey, dsaEncoding: "ieee-p1363" });
  return `${input}.${signature.toString("base64url")}`;
}

/**
 * Tokens of one key that were not there before.
 * @param {SigningKey} key
 * @param {number} count
 * @param {number} [bytes] how long each is, to within two bytes; without it, no longer than it has to be
 */
export function makeTokens(key, count, bytes) {
  const padding = bytes === undefined ? undefined : "x".repeat(paddingFor(key, bytes));
  return Array.from({ length: count }, () => signed(key, { ...claims(), padding }));
}

/** The longest padding with which a token is not longer than this. @param {SigningKey} key @param {number} bytes */
function paddingFor(key, bytes) {
  const length = (/** @type {number} */ padding) =>
    signed(key, { ...claims(), padding: "x".repeat(padding) }).length;
  let padding = Math.floor(((bytes - length(0)) * 3) / 4);
  while (padding > 0 && length(padding) > bytes) padding -= 1;
  if (padding < 0) throw new RangeError(`a token of ${key.alg} is longer than ${bytes} bytes by itself`);
  return padding;
}

/** Whether a token of this key can be so short. @param {SigningKey} key @param {number} bytes */
export const fits = (key, bytes) => signed(key, { ...claims(), padding: "" }).length <= bytes;

/** A good token, and bad ones that differ from it in the one thing they are named after. @param {SigningKey} key @returns {Samples} */
export function makeSamples(key) {
  const fresh = claims();
  const good = signed(key, fresh);
  const at = good.lastIndexOf(".") + 20;
  return {
    good,
    signature: good.slice(0, at) + (good[at] === "A" ? "B" : "A") + good.slice(at + 1),
    audience: signed(key, { ...fresh, aud: "https://other.example" }),
    issuer: signed(key, { ...fresh, iss: "https://other.example" }),
    expired: signed(key, { ...fresh, iat: fresh.iat - 7_200, exp: fresh.iat - 3_600 }),
  };
}
