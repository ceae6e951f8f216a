// The compact form, header and payload (RFC 7515 sections 4 and 7.1): attack classes 9 to 12, 24 and 32 to 34.

import { ec, encode, nested, vector } from "./row.mjs";

/** @typedef {import("./row.mjs").Label} Label */
/** @typedef {import("./row.mjs").Vector} Vector */

const header = { alg: "ES256" };
const claims = { iss: "joe" };
const signature = ec.sign(`${encode(header)}.${encode(claims)}`);

/** @param {string} id @param {Label} expect @param {string} why @param {string} token */
const row = (id, expect, why, token) =>
  vector(`own-parse-${id}`, "parse", expect, why, { alg: "ES256", token });

/** A token with this header, as text or as an object. @param {string | object} first */
const headed = (first) => `${encode(first)}.${encode(claims)}.${signature}`;

/** A token with this payload. @param {string | Uint8Array | object} payload */
const carrying = (payload) => `${encode(header)}.${encode(payload)}.${signature}`;

/** Shapes of `crit`. None is understood here, and most are no good anywhere. @type {[string, unknown][]} */
const criticals = [
  ["unknown", ["unknown"]],
  ["b64", ["b64"]],
  ["exp", ["exp"]],
  ["registered", ["alg"]],
  ["two", ["exp", "unknown"]],
  ["twice", ["exp", "exp"]],
  ["empty", []],
  ["empty-name", [""]],
  ["number-in-it", [1]],
  ["null-in-it", [null]],
  ["list-in-it", [["exp"]]],
  ["text", "exp"],
  ["null", null],
  ["false", false],
  ["zero", 0],
  ["object", {}],
  ["itself", ["crit"]],
];

/** @returns {Vector[]} */
function headerRows() {
  const crit = "RFC 7515 section 4.1.11: an extension that is not understood, or no list of names";
  const once = "RFC 7515 section 4: header parameter names are unique";
  const form = "RFC 7515 section 5.2 step 3: the header is a JSON object in UTF-8";
  return [
    ...criticals.map(([name, value]) =>
      row(`crit-${name}`, "invalid", crit, headed({ ...header, crit: value, exp: 1 })),
    ),
    row("b64-false", "invalid", "RFC 7797 section 6: b64 needs crit", headed({ ...header, b64: false })),
    row(
      "b64-critical",
      "invalid",
      "RFC 7797 section 3: not understood here",
      headed({ ...header, b64: false, crit: ["b64"] }),
    ),
    row("alg-twice", "invalid", once, headed('{"alg":"none","alg":"ES256"}')),
    row("alg-twice-other-order", "invalid", once, headed('{"alg":"ES256","alg":"none"}')),
    row("alg-twice-escaped", "invalid", once, headed('{"alg":"ES256","\\u0061lg":"ES256"}')),
    row("kid-twice", "invalid", once, headed('{"alg":"ES256","kid":"1","kid":"2"}')),
    row("alg-missing", "invalid", "RFC 7515 section 4.1.1: alg is required", headed({ typ: "JWT" })),
    row("alg-null", "invalid", "RFC 7515 section 4.1.1: alg is a string", headed({ alg: null })),
    row("alg-list", "invalid", "RFC 7515 section 4.1.1: alg is a string", headed({ alg: ["ES256"] })),
    row("alg-case", "invalid", "RFC 7515 section 4.1.1: alg is case-sensitive", headed({ alg: "es256" })),
    row("alg-none", "invalid", "RFC 8725 section 3.2", headed({ alg: "none" })),
    row("kid-number", "invalid", "RFC 7515 section 4.1.4: kid is a string", headed({ ...header, kid: 1 })),
    row("typ-number", "invalid", "RFC 7515 section 4.1.9: typ is a string", headed({ ...header, typ: 1 })),
    row("zip", "invalid", "RFC 7516 section 4.1.3: of JWE alone", headed({ ...header, zip: "DEF" })),
    row("enc", "invalid", "RFC 7516 section 4.1.2: of JWE alone", headed({ ...header, enc: "A128GCM" })),
    row(
      "p2c",
      "valid",
      "RFC 7518 section 4.8.1.2: means nothing here, costs nothing",
      headed({ ...header, p2c: 2147483647 }),
    ),
    row("unknown-parameter", "valid", "RFC 7515 section 4: ignored", headed({ ...header, a: { b: [1] } })),
    row("header-array", "invalid", form, headed("[]")),
    row("header-text", "invalid", form, headed('"ES256"')),
    row("header-empty", "invalid", form, headed("")),
    row("header-trailing", "invalid", form, headed('{"alg":"ES256"}x')),
    row("header-comment", "invalid", form, headed('{"alg":"ES256"/**/}')),
    row("header-byte-order-mark", "invalid", "RFC 8259 section 8.1", headed('\ufeff{"alg":"ES256"}')),
    row("header-single-quotes", "invalid", form, headed("{'alg':'ES256'}")),
    row("header-white-space", "valid", "RFC 8259 section 2", headed(' {"alg" :\r\n"ES256"}\t')),
    ...[50, 1_000].map((depth) =>
      row(
        `header-depth-${depth}`,
        "invalid",
        "RFC 8259 section 9",
        headed(`{"alg":"ES256","a":${nested(depth)}}`),
      ),
    ),
  ];
}

/** @returns {Vector[]} */
function payloadRows() {
  const object = "RFC 7519 section 4: a claims set is a JSON object";
  const once = "RFC 7519 section 4: claim names are unique";
  return [
    row("good", "valid", "RFC 7515 section 7.1", carrying(claims)),
    row("payload-empty-object", "valid", object, carrying({})),
    row("payload-empty", "invalid", object, carrying("")),
    row("payload-array", "invalid", object, carrying("[]")),
    row("payload-number", "invalid", object, carrying("1")),
    row("payload-trailing", "invalid", object, carrying('{"iss":"joe"},')),
    row("payload-twice", "invalid", once, carrying('{"iss":"joe","iss":"ann"}')),
    row("payload-twice-inside", "invalid", once, carrying('{"a":{"b":1,"b":1}}')),
    row(
      "payload-no-utf-8",
      "invalid",
      "RFC 7519 section 7.1: UTF-8",
      carrying(Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d])),
    ),
    row(
      "payload-over-long-utf-8",
      "invalid",
      "RFC 3629 section 3",
      carrying(Buffer.from([0x7b, 0x22, 0xc0, 0xaf, 0x22, 0x3a, 0x31, 0x7d])),
    ),
    row(
      "payload-1e400",
      "invalid",
      "RFC 8259 section 6: beyond the range of numbers",
      carrying('{"a":1e400}'),
    ),
    row("payload-NaN", "invalid", "RFC 8259 section 6", carrying('{"a":NaN}')),
    row("payload-control", "invalid", "RFC 8259 section 7", carrying('{"a":"\n"}')),
    row(
      "payload-lone-surrogate",
      "invalid",
      "RFC 8259 section 8.2; RFC 7493 section 2.1",
      carrying('{"a":"\\ud800"}'),
    ),
    row("payload-depth-10", "valid", "nesting as claims have it", carrying(nested(10))),
    row("payload-depth-1000", "invalid", "RFC 8259 section 9", carrying(nested(1_000))),
    row("payload-32-kib", "invalid", "larger than any token is", carrying(`{"a":"${"a".repeat(1 << 15)}"}`)),
  ];
}

/** @returns {Vector[]} */
function formRows() {
  const good = carrying(claims);
  const [first, second, third] = good.split(".");
  const form = "RFC 7515 section 7.1: three segments";
  const base64url = "RFC 7515 section 2: base64url without padding, white space or other characters";
  const bits = "RFC 4648 section 3.5: the bits left over are zero";
  return [
    row("two-segments", "invalid", form, `${first}.${second}`),
    row("four-segments", "invalid", form, `${good}.${third}`),
    row(
      "five-segments",
      "invalid",
      "RFC 7516 section 7.1: a JWE",
      `${first}.${second}.${third}.${third}.${third}`,
    ),
    row("dots", "invalid", form, ".".repeat(10_000)),
    row("two-dots", "invalid", form, ".."),
    row("nothing", "invalid", form, ""),
    row("no-signature", "invalid", "RFC 8725 section 3.2: unsecured", `${first}.${second}.`),
    row(
      "json-serialization",
      "invalid",
      "RFC 7515 section 7.2",
      JSON.stringify({ protected: first, payload: second, signature: third }),
    ),
    row("leading-space", "invalid", base64url, ` ${good}`),
    row("trailing-newline", "invalid", base64url, `${good}\n`),
    row("newline-inside", "invalid", base64url, `${first}.\n${second}.${third}`),
    row("nul", "invalid", base64url, `${good}\0`),
    row("exclamation", "invalid", base64url, `${first}!.${second}.${third}`),
    row("padding-header", "invalid", base64url, `${first}=.${second}.${third}`),
    row("padding-payload", "invalid", base64url, `${first}.${second}=.${third}`),
    row("padding-signature", "invalid", base64url, `${good}==`),
    row("standard-alphabet", "invalid", base64url, `${first}.${second}.${"+/".repeat(43)}`),
    row("one-character-over", "invalid", base64url, `${first}.${second}.${third}AAA`),
    row("trailing-bits", "invalid", bits, `${first}.${second}.${"A".repeat(85)}B`),
    row("trailing-bits-payload", "invalid", bits, `${first}.${encode({ a: "" }).slice(0, -1)}R.${third}`),
    row("bearer", "invalid", "RFC 6750 section 2.1: the scheme is none of the token", `Bearer ${good}`),
    row("quoted", "invalid", base64url, `"${good}"`),
    row("nested", "invalid", "RFC 7519 section 5.2: a JWT inside a JWT", headed({ ...header, cty: "JWT" })),
  ];
}

/** @returns {Vector[]} */
export const parseRows = () => [...headerRows(), ...payloadRows(), ...formRows()];
