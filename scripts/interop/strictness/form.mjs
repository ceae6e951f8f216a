// The compact serialization (RFC 7515 section 7.1) and base64url in it.

import { claims, ecSignature, encode, header, signSegments, token } from "./forge.mjs";

/** @typedef {import("./forge.mjs").Row} Row */

const good = token({});
const [first, second, third] = good.split(".");

/** The claims with as many spaces after them as make the length what it should be. @param {number} rest of the length by 3 */
function encodedWithLength(rest) {
  for (let text = JSON.stringify(claims); ; text = `${text} `) {
    if (Buffer.byteLength(text) % 3 === rest) return encode(text);
  }
}

/** Sets the lowest of the bits that encode nothing. @param {string} text */
function withSpareBit(text) {
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  return text.slice(0, -1) + alphabet[alphabet.indexOf(text.slice(-1)) + 1];
}

/** base64 of claims, with both characters that base64url writes otherwise. */
function inOtherAlphabet() {
  const text = Buffer.from(JSON.stringify({ ...claims, note: "ü>~?ÿþ?>" })).toString("base64");
  return text.replace(/=+$/, "");
}

/** Good but for the alphabet of its signature. */
function signatureInOtherAlphabet() {
  for (;;) {
    const signature = ecSignature(`${first}.${second}`).toString("base64").replace(/=+$/, "");
    if (signature.includes("+") && signature.includes("/")) return `${first}.${second}.${signature}`;
  }
}

const base64url = {
  section: "RFC 7515 section 2",
  says: /** @type {const} */ ("refuse"),
  rule: "base64url has no padding, no white space, and no character but its own",
  code: "token_malformed",
};
const spareBits = {
  section: "RFC 4648 section 3.5",
  says: /** @type {const} */ ("either"),
  rule: "whoever encodes sets the spare bits to zero; whoever decodes may refuse others",
  code: "token_malformed",
};
const segments = {
  section: "RFC 7515 section 7.1",
  says: /** @type {const} */ ("refuse"),
  rule: "a compact JWS is three segments with two dots between them",
  code: "token_malformed",
};

/** @type {Row[]} */
export const form = [
  {
    name: "a good token",
    section: "RFC 7519 section 7.2",
    says: "accept",
    rule: "nothing is wrong with it",
    token: good,
  },
  { name: "padding after the signature", ...base64url, token: `${good}==` },
  {
    name: "padding in the payload, signed with it",
    ...base64url,
    token: signSegments(first, `${encodedWithLength(2)}=`),
  },
  { name: "a line feed after the token", ...base64url, token: `${good}\n` },
  { name: "a space before the token", ...base64url, token: ` ${good}` },
  {
    name: "a line feed in the signature",
    ...base64url,
    token: `${first}.${second}.${third.slice(0, 40)}\n${third.slice(40)}`,
  },
  {
    name: "a space in the payload, signed with it",
    ...base64url,
    token: signSegments(first, `${second.slice(0, 8)} ${second.slice(8)}`),
  },
  { name: "`+` and `/` in the signature", ...base64url, token: signatureInOtherAlphabet() },
  {
    name: "`+` and `/` in the payload, signed with them",
    ...base64url,
    token: signSegments(first, inOtherAlphabet()),
  },
  {
    name: "`!` in the signature",
    ...base64url,
    token: `${first}.${second}.${third.slice(0, 40)}!${third.slice(40)}`,
  },
  { name: "U+0000 after the token", ...base64url, token: `${good}\u0000` },
  { name: "spare bits of the signature not zero", ...spareBits, token: withSpareBit(good) },
  {
    name: "spare bits of the payload not zero, signed with them",
    ...spareBits,
    token: signSegments(first, withSpareBit(encodedWithLength(1))),
  },
  { name: "two segments", ...segments, token: `${first}.${second}` },
  { name: "an empty signature", ...segments, rule: "ES256 always has one", token: `${first}.${second}.` },
  { name: "four segments, the last one empty", ...segments, token: `${good}.` },
  { name: "four segments, the signature twice", ...segments, token: `${good}.${third}` },
  {
    name: "five segments, as a JWE has",
    ...segments,
    rule: "five are a JWE (RFC 7516 section 9), and this header is none's",
    token: `${good}.${third}.${third}`,
  },
  {
    name: "no header",
    ...segments,
    rule: "the header is a JSON object with `alg`",
    token: signSegments("", second),
  },
  {
    name: "JSON serialization, flattened",
    section: "RFC 7519 section 3",
    says: "refuse",
    rule: "a JWT has the compact form alone",
    code: "token_malformed",
    token: JSON.stringify({ protected: first, payload: second, signature: third }),
  },
  {
    name: "JSON serialization that holds two dots",
    section: "RFC 7519 section 3",
    says: "refuse",
    rule: "a JWT has the compact form alone",
    code: "token_malformed",
    token: JSON.stringify({
      payload: second,
      signatures: [{ protected: first, signature: third, header: { note: "." } }],
      note: ".",
    }),
  },
  {
    name: "over 16 KiB",
    section: "none",
    says: "either",
    rule: "no standard bounds a token",
    code: "token_too_large",
    token: signSegments(encode(header), encode({ ...claims, note: "x".repeat(16 * 1024) })),
  },
];
