// Keys that should not be used (RFC 7517 section 4, RFC 7518 section 6), and signatures in other forms (RFC 7518 section 3).

import { createHash, generateKeyPairSync, sign } from "node:crypto";
import {
  claims,
  ecKey,
  ecPrivatePart,
  ecSignature,
  encode,
  header,
  rsaKey,
  rsaToken,
  token,
} from "./forge.mjs";

/** @typedef {import("./forge.mjs").Row} Row */

const good = token({});
const rsa = rsaToken();
const input = `${encode(header)}.${encode(claims)}`;
const signature = ecSignature(input);
const order = BigInt("0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551");

/** @param {Buffer} other */
const under = (other) => `${input}.${encode(other)}`;

/** @param {Buffer} number */
function derInteger(number) {
  const start = number.findIndex((byte) => byte !== 0);
  const bytes = number.subarray(start);
  const signed = bytes[0] & 0x80 ? Buffer.concat([Buffer.from([0]), bytes]) : bytes;
  return Buffer.concat([Buffer.from([0x02, signed.length]), signed]);
}

function inDer() {
  const inside = Buffer.concat([derInteger(signature.subarray(0, 32)), derInteger(signature.subarray(32))]);
  return Buffer.concat([Buffer.from([0x30, inside.length]), inside]);
}

/** `r` with `n − s`, which is as good. */
function withOtherS() {
  const s = BigInt(`0x${signature.subarray(32).toString("hex")}`);
  const other = (order - s).toString(16).padStart(64, "0");
  return Buffer.concat([signature.subarray(0, 32), Buffer.from(other, "hex")]);
}

/** Under the exponent 1 a signature is the padded hash itself, so anybody can write one. */
function withoutSecret() {
  const message = `${encode({ alg: "RS256", kid: "rsa-1" })}.${encode(claims)}`;
  const info = Buffer.from("3031300d060960864801650304020105000420", "hex");
  const hashed = Buffer.concat([info, createHash("sha256").update(message).digest()]);
  const padding = Buffer.alloc(256 - 3 - hashed.length, 0xff);
  const padded = Buffer.concat([Buffer.from([0, 1]), padding, Buffer.from([0]), hashed]);
  return `${message}.${encode(padded)}`;
}

/** @returns {{ token: string, jwk: import("./forge.mjs").Jwk }} */
function withShortKey() {
  const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 1024 });
  const { n, e } = publicKey.export({ format: "jwk" });
  const message = `${encode({ alg: "RS256", kid: "rsa-1" })}.${encode(claims)}`;
  return {
    token: `${message}.${encode(sign("sha256", Buffer.from(message), privateKey))}`,
    jwk: { kty: "RSA", kid: "rsa-1", n, e },
  };
}

/** The number with a zero octet in front. @param {unknown} number */
const longer = (number) =>
  encode(Buffer.concat([Buffer.from([0]), Buffer.from(String(number), "base64url")]));

const usage = { says: /** @type {const} */ ("refuse"), code: "key_unknown" };

/** @type {Row[]} */
export const keys = [
  {
    name: "`use` enc",
    ...usage,
    section: "RFC 7517 section 4.2",
    rule: "the key is for encryption",
    token: good,
    jwk: { ...ecKey, use: "enc" },
  },
  {
    name: "`key_ops` without verify",
    ...usage,
    section: "RFC 7517 section 4.3",
    rule: "the key is not for verifying",
    token: good,
    jwk: { ...ecKey, key_ops: ["sign"] },
  },
  {
    name: "`key_ops` with verify twice",
    ...usage,
    section: "RFC 7517 section 4.3",
    rule: "nothing may be in it twice",
    token: good,
    jwk: { ...ecKey, key_ops: ["verify", "verify"] },
  },
  {
    name: "`use` sig and `key_ops` encrypt",
    ...usage,
    section: "RFC 7517 section 4.3",
    rule: "where both are there they must agree",
    token: good,
    jwk: { ...ecKey, use: "sig", key_ops: ["verify", "encrypt"] },
  },
  {
    name: "`alg` of the key ES384",
    ...usage,
    section: "RFC 7517 section 4.4",
    rule: "the key is for another algorithm",
    token: good,
    jwk: { ...ecKey, alg: "ES384" },
  },
  {
    name: "`alg` of the key PS256, the token RS256",
    ...usage,
    section: "RFC 7517 section 4.4",
    rule: "the key is for another algorithm",
    token: rsa,
    jwk: { ...rsaKey, alg: "PS256" },
    alg: "RS256",
  },
  {
    name: "a key set that shows the private key",
    ...usage,
    section: "RFC 7517 section 9.2",
    says: "either",
    rule: "it must be kept secret; what a reader does is not said",
    token: good,
    jwk: { ...ecKey, ...ecPrivatePart },
  },
  {
    name: "`x` with a zero octet in front",
    ...usage,
    section: "RFC 7518 section 6.2.1.2",
    rule: "a coordinate of P-256 has 32 octets",
    token: good,
    jwk: { ...ecKey, x: longer(ecKey.x) },
  },
  {
    name: "`x` with padding",
    ...usage,
    section: "RFC 7518 section 6.2.1.2",
    rule: "base64url has no padding",
    token: good,
    jwk: { ...ecKey, x: `${ecKey.x}=` },
  },
  {
    name: "`y` of another point",
    ...usage,
    section: "RFC 7518 section 6.2.1",
    rule: "the coordinates must be those of a point on the curve",
    token: good,
    jwk: { ...ecKey, y: ecKey.x },
  },
  {
    name: "`kty` ec",
    ...usage,
    section: "RFC 7517 section 4.1",
    rule: "names are case-sensitive",
    token: good,
    jwk: { ...ecKey, kty: "ec" },
  },
  {
    name: "a good RS256 token",
    section: "RFC 7519 section 7.2",
    says: "accept",
    rule: "nothing is wrong with it",
    token: rsa,
    jwk: rsaKey,
    alg: "RS256",
  },
  {
    name: "`n` with a zero octet in front",
    ...usage,
    section: "RFC 7518 sections 2 and 6.3.1.1",
    rule: "as few octets as the number needs",
    token: rsa,
    jwk: { ...rsaKey, n: longer(rsaKey.n) },
    alg: "RS256",
  },
  {
    name: "an RSA key of 1,024 bits",
    ...usage,
    section: "RFC 7518 section 3.3",
    rule: "2,048 bits at least",
    ...withShortKey(),
    alg: "RS256",
  },
  {
    name: "an RSA exponent of 1, the signature written by anybody",
    ...usage,
    section: "RFC 8017 section 3.1",
    rule: "the exponent is 3 at least",
    token: withoutSecret(),
    jwk: { ...rsaKey, e: "AQ" },
    alg: "RS256",
  },
  {
    name: "an ES256 signature in DER",
    section: "RFC 7518 section 3.4",
    says: "refuse",
    rule: "it is r and s, 64 octets",
    code: "signature_invalid",
    token: under(inDer()),
  },
  {
    name: "an ES256 signature with an octet more",
    section: "RFC 7518 section 3.4",
    says: "refuse",
    rule: "it is r and s, 64 octets",
    code: "signature_invalid",
    token: under(Buffer.concat([signature, Buffer.from([0])])),
  },
  {
    name: "an ES256 signature of zeros",
    section: "FIPS 186-5 section 6.4.2",
    says: "refuse",
    rule: "r and s are 1 at least",
    code: "signature_invalid",
    token: under(Buffer.alloc(64)),
  },
  {
    name: "an ES256 signature with n − s for s",
    section: "FIPS 186-5 section 6.4.2",
    says: "accept",
    rule: "it holds as well, and JOSE asks for no lesser s",
    token: under(withOtherS()),
  },
];
