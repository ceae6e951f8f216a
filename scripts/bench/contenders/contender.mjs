// What a contender is: a way to answer "is this token good?", set up once and then asked many times.

/**
 * `cold`: tokens it has not seen, one after another from a pool that is twice as large as any cache of tokens it may have.
 * `warm`: one token over and over. `verify`: the signature alone, without claims.
 * @typedef {"cold" | "warm" | "verify"} State
 *
 * @typedef {object} Setting
 * @property {import("../tokens.mjs").Alg} alg
 * @property {string} issuer
 * @property {string} audience
 * @property {{ keys: import("../tokens.mjs").PublicJwk[] }} jwks the last key is the one that signed
 * @property {number} routes how many a gate has; the last one is asked for
 * @property {number} cacheEntries how many tokens a cache of results may keep, where a contender has one
 *
 * @typedef {(token: string) => boolean | Promise<boolean>} Check whether it takes the token; it may also throw at one it refuses
 *
 * @typedef {object} Contender
 * @property {string} name
 * @property {string} what exactly what one operation is
 * @property {State[]} states
 * @property {(setting: Setting, tokens: readonly string[]) => Check | Promise<Check>} prepare the tokens, so that what is no part of
 *   an operation can be done before
 */

/** WebCrypto's names for the two algorithms (RFC 7518 sections 3.3 and 3.4). */
export const webCryptoParameters = {
  RS256: { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" },
  ES256: { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" },
};

/** The key that signed, as WebCrypto has it. @param {Setting} setting */
export function importSigningKey({ alg, jwks }) {
  const jwk = jwks.keys[jwks.keys.length - 1];
  return crypto.subtle.importKey("jwk", jwk, webCryptoParameters[alg], false, ["verify"]);
}

/**
 * @typedef {Uint8Array<ArrayBuffer>} Bytes
 * @typedef {{ message: Bytes, signature: Bytes }} SignedBytes
 */

/**
 * What the signatures are over and the signatures, decoded before anything is measured.
 * @param {readonly string[]} tokens
 * @param {(signature: Bytes) => Bytes} [form] what becomes of a signature
 * @returns {(token: string) => SignedBytes}
 */
export function signedBytes(tokens, form = (signature) => signature) {
  const ready = new Map(tokens.map((token) => [token, split(token, form)]));
  return (token) => ready.get(token) ?? split(token, form);
}

/** @param {string} token @param {(signature: Bytes) => Bytes} form @returns {SignedBytes} */
function split(token, form) {
  const dot = token.lastIndexOf(".");
  return {
    message: new TextEncoder().encode(token.slice(0, dot)),
    signature: form(decode(token.slice(dot + 1))),
  };
}

/** @param {string} base64url @returns {Bytes} */
export function decode(base64url) {
  const characters = atob(base64url.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(characters, (character) => character.charCodeAt(0));
}
