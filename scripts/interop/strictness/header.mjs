// The JOSE header (RFC 7515 section 4): algorithms, what is critical, and what may be ignored.

import { createHmac, createPublicKey, generateKeyPairSync, sign } from "node:crypto";
import { claims, ecKey, encode, header, rsaKey, signSegments, token, withHeader } from "./forge.mjs";

/** @typedef {import("./forge.mjs").Row} Row */

const payload = encode(claims);

/** A token without a signature, or with an empty key's. @param {unknown} alg */
const unsigned = (alg) => `${encode({ ...header, alg })}.${payload}.`;

/** What an attacker signs who has the public key alone. @param {string | Buffer} key */
function byHmac(key) {
  const input = `${encode({ ...header, alg: "HS256" })}.${payload}`;
  return `${input}.${createHmac("sha256", key).update(input).digest("base64url")}`;
}

/** Signed by a key of the sender's, which the header brings along. */
function withOwnKey() {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const jwk = publicKey.export({ format: "jwk" });
  const input = `${encode({ ...header, jwk })}.${payload}`;
  return `${input}.${encode(sign("sha256", Buffer.from(input), { key: privateKey, dsaEncoding: "ieee-p1363" }))}`;
}

const { alg: _, ...withoutAlg } = header;

const allowed = {
  section: "RFC 8725 section 3.1",
  says: /** @type {const} */ ("refuse"),
  rule: "only the algorithms on the recipient's list are taken",
  code: "algorithm_not_allowed",
};
const algType = {
  section: "RFC 7515 section 4.1.1",
  says: /** @type {const} */ ("refuse"),
  rule: "`alg` must be there, a string, compared exactly",
  code: "header_invalid",
};
const crit = {
  section: "RFC 7515 section 4.1.11",
  says: /** @type {const} */ ("refuse"),
  code: "critical_header_unsupported",
};
const kid = {
  section: "RFC 7515 section 4.1.4",
  says: /** @type {const} */ ("refuse"),
  rule: "`kid` must be a string",
  code: "header_invalid",
};
const typ = { section: "RFC 9068 section 4", typ: "at+jwt" };

/** @type {Row[]} */
export const headers = [
  { name: "`alg` none, no signature", ...allowed, token: unsigned("none") },
  { name: "`alg` None, no signature", ...allowed, token: unsigned("None") },
  { name: "`alg` NONE, no signature", ...allowed, token: unsigned("NONE") },
  { name: "`alg` nOnE, no signature", ...allowed, token: unsigned("nOnE") },
  { name: "`alg` none under a good signature", ...allowed, token: withHeader({ alg: "none" }) },
  { name: "`alg` es256 under a good signature", ...allowed, token: withHeader({ alg: "es256" }) },
  {
    name: "`alg` HS256, keyed with the public key's PEM",
    ...allowed,
    token: byHmac(createPublicKey({ key: ecKey, format: "jwk" }).export({ type: "spki", format: "pem" })),
  },
  {
    name: "`alg` HS256, keyed with the public JWK's text",
    ...allowed,
    token: byHmac(JSON.stringify(ecKey)),
  },
  { name: "no `alg`", ...algType, token: token({ header: withoutAlg }) },
  { name: "`alg` null", ...algType, token: withHeader({ alg: null }) },
  { name: "`alg` an array", ...algType, token: withHeader({ alg: ["ES256"] }) },
  { name: "`crit` empty", ...crit, rule: "the list must not be empty", token: withHeader({ crit: [] }) },
  { name: "`crit` null", ...crit, rule: "it must be an array", token: withHeader({ crit: null }) },
  {
    name: "`crit` a string",
    ...crit,
    rule: "it must be an array",
    token: withHeader({ crit: "b64", b64: true }),
  },
  {
    name: "`crit` names what nobody knows",
    ...crit,
    rule: "what is critical and not understood makes the token invalid",
    token: withHeader({ crit: ["https://example/x"], "https://example/x": 1 }),
  },
  {
    name: "`crit` names what is not there",
    ...crit,
    rule: "what it names must be in the header",
    token: withHeader({ crit: ["https://example/x"] }),
  },
  {
    name: "`crit` names `alg`",
    ...crit,
    rule: "names of the standard itself must not be in it",
    token: withHeader({ crit: ["alg"] }),
  },
  {
    name: "`crit` names `exp`, which is there",
    ...crit,
    rule: "what is critical and not understood makes the token invalid",
    token: withHeader({ crit: ["exp"], exp: 4102444800 }),
  },
  {
    name: "`crit` names `b64`, which is true",
    ...crit,
    says: "either",
    section: "RFC 7797 section 6",
    rule: "good where `b64` is understood, invalid elsewhere",
    token: withHeader({ crit: ["b64"], b64: true }),
  },
  {
    name: "`b64` false and critical, the payload base64url all the same",
    ...crit,
    section: "RFC 7797 section 7",
    rule: "a JWT must not use it",
    token: withHeader({ crit: ["b64"], b64: false }),
  },
  {
    name: "`b64` false and critical, the payload plain",
    ...crit,
    section: "RFC 7797 section 7",
    rule: "a JWT must not use it",
    token: signSegments(
      encode({ ...header, crit: ["b64"], b64: false }),
      JSON.stringify({ ...claims, iss: "login", aud: "api" }),
    ),
  },
  {
    name: "`b64` false and not critical",
    section: "RFC 7797 section 6",
    says: "either",
    rule: "where it is false it must be critical; who doesn't know it ignores it",
    code: "header_invalid",
    token: withHeader({ b64: false }),
  },
  {
    name: "`zip` DEF",
    section: "RFC 7515 section 4",
    says: "accept",
    rule: "a parameter of JWE alone; unknown ones are ignored",
    code: "header_invalid",
    token: withHeader({ zip: "DEF" }),
  },
  {
    name: "`enc` A256GCM",
    section: "RFC 7516 section 9",
    says: "either",
    rule: "`enc` marks a JWE, three segments a JWS",
    code: "header_invalid",
    token: withHeader({ enc: "A256GCM" }),
  },
  {
    name: "`cty` JWT, the payload claims",
    section: "RFC 7519 section 5.2",
    says: "either",
    rule: "it says that the payload is a JWT, which it is not",
    code: "header_invalid",
    token: withHeader({ cty: "JWT" }),
  },
  {
    name: "`typ` JWT where at+jwt is expected",
    ...typ,
    says: "refuse",
    rule: "`typ` must be at+jwt",
    code: "type_mismatch",
    token: withHeader({ typ: "JWT" }),
  },
  {
    name: "no `typ` where at+jwt is expected",
    ...typ,
    says: "refuse",
    rule: "`typ` must be at+jwt",
    code: "type_mismatch",
    token: token({}),
  },
  {
    name: "`typ` application/AT+JWT where at+jwt is expected",
    ...typ,
    section: "RFC 7515 section 4.1.9, RFC 2045 section 5.1",
    says: "accept",
    rule: "`application/` may be there or not, and case says nothing",
    token: withHeader({ typ: "application/AT+JWT" }),
  },
  {
    name: "`typ` a number",
    section: "RFC 7515 section 4.1.9",
    says: "either",
    rule: "`typ` is a string, and JWS itself doesn't look at it",
    code: "header_invalid",
    token: withHeader({ typ: 1 }),
  },
  { name: "`kid` a number", ...kid, token: withHeader({ kid: 1 }) },
  { name: "`kid` null", ...kid, token: withHeader({ kid: null }) },
  { name: "`kid` an array with the right name", ...kid, token: withHeader({ kid: ["ec-1"] }) },
  {
    name: "`kid` of no key in the set",
    ...kid,
    says: "either",
    rule: "it is a hint, and what to do where no key has it is left open",
    code: "key_unknown",
    token: withHeader({ kid: "ec-2" }),
  },
  {
    name: "`jwk`: signed by a key that comes with the token",
    section: "RFC 8725 section 3.10",
    says: "refuse",
    rule: "a key that the token brings proves nothing of its issuer",
    code: "signature_invalid",
    token: withOwnKey(),
  },
  {
    name: "`jwk`, `jku`, `x5u` there, and the signature the issuer's",
    section: "RFC 7515 section 4.1",
    says: "accept",
    rule: "nobody has to use them",
    token: withHeader({ jwk: rsaKey, jku: "https://evil.example/keys", x5u: "https://evil.example/cert" }),
  },
  {
    name: "a parameter that nobody knows",
    section: "RFC 7515 section 4",
    says: "accept",
    rule: "what is not understood and not critical is ignored",
    token: withHeader({ "https://example/x": { y: [1, 2] } }),
  },
];
