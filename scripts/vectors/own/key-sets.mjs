// Key sets with and without usable keys (RFC 7517 sections 4 and 5, RFC 7518 section 6): attack classes 11, 14, 15, 28 and 32.

import { ec, nested, rsa, vector } from "./row.mjs";

/** @typedef {import("./row.mjs").Vector} Vector */

/** @param {string} id @param {number} usable @param {string} why @param {object | string} set */
function row(id, usable, why, set) {
  const jwks_text = typeof set === "string" ? set : JSON.stringify(set);
  const fields = { jwks_text, ...(usable > 0 && { usable_keys: usable }) };
  return vector(`own-jwks-${id}`, "jwks_import", usable > 0 ? "valid" : "invalid", why, fields);
}

const both = [rsa.jwk, ec.jwk];
const small = {
  ...rsa.jwk,
  n: Buffer.concat([Buffer.alloc(127, 0xc5), Buffer.from([1])]).toString("base64url"),
};
const even = (/** @type {string} */ n) => {
  const bytes = Buffer.from(n, "base64url");
  bytes[bytes.length - 1] &= 0xfe;
  return bytes.toString("base64url");
};

/** Keys that verify no signature, each with its reason. @type {[string, unknown, string][]} */
const unusable = [
  ["null", null, "RFC 7517 section 4: a JWK is an object"],
  ["number", 1, "RFC 7517 section 4: a JWK is an object"],
  ["text", JSON.stringify(ec.jwk), "RFC 7517 section 4: a JWK is an object"],
  ["empty", {}, "RFC 7517 section 4.1: kty is required"],
  ["kty-unknown", { ...ec.jwk, kty: "XYZ" }, "RFC 7517 section 5: keys of unknown types are ignored"],
  ["kty-number", { ...ec.jwk, kty: 2 }, "RFC 7517 section 4.1: kty is a string"],
  ["kty-case", { ...ec.jwk, kty: "ec" }, "RFC 7517 section 4.1: kty is case-sensitive"],
  ["oct", { kty: "oct", k: "AAAA" }, "RFC 7518 section 6.4: a symmetric key"],
  ["private-ec", { ...ec.jwk, ...ec.privateMembers }, "RFC 7517 section 9.2: private keys are kept secret"],
  [
    "private-rsa",
    { ...rsa.jwk, ...rsa.privateMembers },
    "RFC 7517 section 9.2: private keys are kept secret",
  ],
  ["enc", { ...rsa.jwk, use: "enc" }, "RFC 7517 section 4.2: use"],
  ["use-unknown", { ...rsa.jwk, use: "tls" }, "RFC 7517 section 4.2: use"],
  ["ops-sign", { ...ec.jwk, key_ops: ["sign"] }, "RFC 7517 section 4.3: key_ops"],
  ["ops-twice", { ...ec.jwk, key_ops: ["verify", "verify"] }, "RFC 7517 section 4.3: no duplicates"],
  ["ops-text", { ...ec.jwk, key_ops: "verify" }, "RFC 7517 section 4.3: an array"],
  ["alg-enc", { ...rsa.jwk, alg: "RSA-OAEP" }, "RFC 7517 section 4.4: meant for another algorithm"],
  ["alg-hs256", { ...rsa.jwk, alg: "HS256" }, "RFC 7517 section 4.4: meant for another algorithm"],
  ["alg-none", { ...rsa.jwk, alg: "none" }, "RFC 7517 section 4.4: meant for another algorithm"],
  ["alg-of-another", { ...ec.jwk, alg: "RS256" }, "RFC 7517 section 4.4: it does not fit kty"],
  ["alg-of-another-curve", { ...ec.jwk, alg: "ES384" }, "RFC 7518 section 3.4: it does not fit crv"],
  ["crv-missing", { ...ec.jwk, crv: undefined }, "RFC 7518 section 6.2.1.1: crv is required"],
  ["crv-other", { ...ec.jwk, crv: "P-384" }, "RFC 7518 section 6.2.1.2: the length is the curve's"],
  ["crv-secp256k1", { ...ec.jwk, crv: "secp256k1" }, "RFC 8812: not offered"],
  ["off-curve", { ...ec.jwk, x: ec.jwk.y }, "RFC 7518 section 6.2.2: no point of the curve"],
  ["infinity", { ...ec.jwk, x: "A".repeat(43), y: "A".repeat(43) }, "no point of the curve"],
  ["x-short", { ...ec.jwk, x: "f83O" }, "RFC 7518 section 6.2.1.2: the full size"],
  ["x-padded", { ...ec.jwk, x: `${ec.jwk.x}=` }, "RFC 7515 section 2: base64url without padding"],
  ["y-missing", { ...ec.jwk, y: undefined }, "RFC 7518 section 6.2.1.3: y is required"],
  ["e-1", { ...rsa.jwk, e: "AQ" }, "RFC 8017 section 3.1: e is at least 3"],
  ["e-even", { ...rsa.jwk, e: "AQAA" }, "RFC 8017 section 3.1: e is odd"],
  ["e-leading-zero", { ...rsa.jwk, e: "AAEAAQ" }, "RFC 7518 section 2: Base64urlUInt has no leading zeros"],
  ["e-number", { ...rsa.jwk, e: 65537 }, "RFC 7518 section 6.3.1.2: base64url"],
  ["n-missing", { ...rsa.jwk, n: undefined }, "RFC 7518 section 6.3.1.1: n is required"],
  ["n-1024", small, "RFC 7518 section 3.3: 2048 bits or more"],
  ["n-even", { ...rsa.jwk, n: even(rsa.jwk.n) }, "RFC 8017 section 3.1: a product of odd primes"],
  ["kid-number", { ...ec.jwk, kid: 1 }, "RFC 7517 section 4.5: kid is a string"],
];

/** @returns {Vector[]} */
export function keySetRows() {
  const set = "RFC 7517 section 5: an object with an array keys";
  const text = JSON.stringify(ec.jwk);
  return [
    row("both", 2, set, { keys: both }),
    row("use-sig", 2, "RFC 7517 section 4.2", { keys: both.map((key) => ({ ...key, use: "sig" })) }),
    row("ops-verify", 1, "RFC 7517 section 4.3", { keys: [{ ...ec.jwk, key_ops: ["verify"] }] }),
    row("alg", 1, "RFC 7517 section 4.4", { keys: [{ ...ec.jwk, alg: "ES256" }] }),
    row("unknown-members", 1, "RFC 7517 sections 4 and 5: they are ignored", {
      keys: [{ ...ec.jwk, a: 1 }],
      a: [],
    }),
    row("same-kid", 2, "RFC 7517 section 4.5: keys of different types may share a kid", {
      keys: both.map((key) => ({ ...key, kid: "1" })),
    }),
    row("white-space", 1, "RFC 8259 section 2", ` {"keys" : [ ${text} ] }\n`),
    row("empty", 0, "no key", { keys: [] }),
    row("no-keys", 0, set, {}),
    row("keys-null", 0, set, { keys: null }),
    row("keys-object", 0, set, { keys: ec.jwk }),
    row("array", 0, set, [ec.jwk]),
    row("bare-key", 0, set, ec.jwk),
    row("no-json", 0, set, "keys"),
    row("nothing", 0, set, ""),
    row("trailing", 0, "RFC 8259 section 2: one value", `{"keys":[${text}]}x`),
    row("cut", 0, "RFC 8259 section 2: one value", `{"keys":[${text}]`),
    row("keys-twice", 0, "RFC 7517 section 4: unique names", `{"keys":[],"keys":[${text}]}`),
    row("keys-twice-escaped", 0, "RFC 7517 section 4: unique names", `{"keys":[${text}],"\\u006beys":[]}`),
    row(
      "member-twice",
      1,
      "RFC 7517 section 4: unique names; the key beside it stays",
      `{"keys":[${text.replace("{", '{"kty":"RSA",')},${text}]}`,
    ),
    row(
      "deep-beside",
      1,
      "RFC 8259 section 9; the key beside it stays",
      `{"keys":[{"kty":"EC","x":${nested(100)}},${text}]}`,
    ),
    row("deep-member", 0, "RFC 8259 section 9", `{"a":${nested(1000)},"keys":[${text}]}`),
    ...unusable.map(([name, key, why]) => row(`alone-${name}`, 0, why, { keys: [key] })),
    ...unusable.map(([name, key, why]) =>
      row(`beside-${name}`, 1, `${why}; it spoils nothing`, { keys: [key, ec.jwk] }),
    ),
  ];
}
