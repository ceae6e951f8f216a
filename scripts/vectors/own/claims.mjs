// Claims that hold and claims that don't (RFC 7519 section 4.1, RFC 8725): attack classes 11, 17 to 21 and 32.

import { ec, nested, rsa, token, vector } from "./row.mjs";

/** @typedef {import("./row.mjs").Label} Label */
/** @typedef {import("./row.mjs").Vector} Vector */

const now = 1_700_000_000;
const good = { iss: "https://login.example", aud: "https://api.example", exp: now + 60 };

/** @param {string} id @param {Label} expect @param {string} why @param {object | string} claims @param {object} options */
function row(id, expect, why, claims, options = {}, key = ec, header = {}) {
  const fields = {
    alg: key.alg,
    jwk: key.jwk,
    token: token(key, { alg: key.alg, ...header }, claims),
    now,
    options,
  };
  return vector(`own-jwt-${id}`, "jwt", expect, why, fields);
}

/** Texts in the place of a NumericDate, with whether RFC 7519 section 2 has it: a JSON number, seconds since 1970. @type {[string, string, boolean][]} */
const dates = [
  ["integer", String(now + 10), true],
  ["decimal", `${now + 10}.5`, true],
  ["exponent", "1.70000001e9", true],
  ["string", `"${now + 10}"`, false],
  ["empty-string", '""', false],
  ["null", "null", false],
  ["true", "true", false],
  ["array", `[${now + 10}]`, false],
  ["object", "{}", false],
  ["iso-date", '"2033-01-01T00:00:00Z"', false],
  ["negative", "-1", false],
  ["2-63", "9223372036854775808", false],
  ["2-64", "18446744073709551616", false],
  ["1e400", "1e400", false],
  ["1e20", "1e20", false],
  ["NaN", "NaN", false],
  ["hexadecimal", "0x7fffffff", false],
  ["plus", `+${now + 10}`, false],
  ["leading-zero", `0${now + 10}`, false],
];

/** @returns {Vector[]} */
function dateRows() {
  return dates.flatMap(([name, text, isDate]) => {
    const why = `NumericDate ${name}: RFC 7519 section 2, RFC 8259 section 6`;
    const label = isDate ? "valid" : "invalid";
    // A moment at which the date, were it one, would be no reason against the token.
    const open = { skew: 20 };
    return [
      row(`exp-${name}`, label, why, `{"exp":${text}}`),
      row(`nbf-${name}`, label, why, `{"exp":${now + 60},"nbf":${text}}`, open),
      row(`iat-${name}`, label, why, `{"exp":${now + 60},"iat":${text}}`),
    ];
  });
}

/** Edges of time. @returns {Vector[]} */
function timeRows() {
  const exp = "RFC 7519 section 4.1.4: exp is the first moment at which it must not be accepted";
  const nbf = "RFC 7519 section 4.1.5: nbf is the first moment at which it may be accepted";
  const iat = "RFC 7519 section 4.1.6: the age, as the verifier limits it";
  return [
    row("exp-now", "invalid", exp, { exp: now }),
    row("exp-now-and-a-fraction", "valid", exp, `{"exp":${now}.5}`),
    row("exp-past", "invalid", exp, { exp: now - 1 }),
    row("exp-next", "valid", exp, { exp: now + 1 }),
    row("exp-within-skew", "valid", exp, { exp: now - 29 }, { skew: 30 }),
    row("exp-at-skew", "invalid", exp, { exp: now - 30 }, { skew: 30 }),
    row("exp-missing", "invalid", "exp is required unless the options say otherwise", { iss: "joe" }),
    row(
      "exp-missing-allowed",
      "valid",
      "RFC 7519 section 4.1.4: exp is optional",
      { iss: "joe" },
      { require_exp: false },
    ),
    row("exp-past-not-required", "invalid", exp, { exp: now - 1 }, { require_exp: false }),
    row("nbf-now", "valid", nbf, { exp: now + 60, nbf: now }),
    row("nbf-next", "invalid", nbf, { exp: now + 60, nbf: now + 1 }),
    row("nbf-at-skew", "valid", nbf, { exp: now + 60, nbf: now + 30 }, { skew: 30 }),
    row("nbf-past-skew", "invalid", nbf, { exp: now + 60, nbf: now + 31 }, { skew: 30 }),
    row("iat-future", "valid", "RFC 7519 section 4.1.6 has no rule against it", {
      exp: now + 60,
      iat: now + 1,
    }),
    row(
      "iat-future-refused",
      "invalid",
      iat,
      { exp: now + 60, iat: now + 1 },
      { expect_issued_in_the_past: true },
    ),
    row("iat-now", "valid", iat, { exp: now + 60, iat: now }, { expect_issued_in_the_past: true }),
    row("age-at-limit", "valid", iat, { exp: now + 60, iat: now - 100 }, { max_age: 100 }),
    row("age-past-limit", "invalid", iat, { exp: now + 60, iat: now - 101 }, { max_age: 100 }),
    row("age-within-skew", "valid", iat, { exp: now + 60, iat: now - 105 }, { max_age: 100, skew: 5 }),
    row("age-without-iat", "invalid", iat, { exp: now + 60 }, { max_age: 100 }),
  ];
}

/** @type {[string, string, boolean][]} */
const issuers = [
  ["exact", '"https://login.example"', true],
  ["trailing-slash", '"https://login.example/"', false],
  ["case", '"https://LOGIN.example"', false],
  ["port", '"https://login.example:443"', false],
  ["http", '"http://login.example"', false],
  ["prefix", '"https://login.example.attacker.example"', false],
  ["homoglyph", '"https://l\u043egin.example"', false],
  ["space", '"https://login.example "', false],
  ["array", '["https://login.example"]', false],
  ["null", "null", false],
  ["empty", '""', false],
  ["escaped", '"https:\\/\\/login\\u002eexample"', true],
];

/** @type {[string, string, boolean][]} */
const audiences = [
  ["exact", '"https://api.example"', true],
  ["list", '["https://other.example","https://api.example"]', true],
  ["list-of-others", '["https://other.example"]', false],
  ["empty-list", "[]", false],
  ["empty", '""', false],
  ["null", "null", false],
  ["number-in-list", '["https://api.example",1]', false],
  ["nested-list", '[["https://api.example"]]', false],
  ["object", '{"https://api.example":true}', false],
  ["prefix", '"https://api.example.attacker.example"', false],
  ["trailing-slash", '"https://api.example/"', false],
  ["space-separated", '"https://api.example https://other.example"', false],
  ["case", '"https://API.example"', false],
];

/** @returns {Vector[]} */
function namesRows() {
  const iss = "RFC 7519 section 4.1.1: a StringOrURI, compared exactly";
  const aud =
    "RFC 7519 section 4.1.3: a string or an array of strings, one of which names the verifier exactly";
  const rest = `"exp":${now + 60}`;
  return [
    ...issuers.map(([name, text, fits]) =>
      row(`iss-${name}`, fits ? "valid" : "invalid", iss, `{"iss":${text},${rest}}`, { iss: good.iss }),
    ),
    row("iss-missing", "invalid", iss, { exp: good.exp }, { iss: good.iss }),
    row("iss-not-compared", "valid", "no option for it", { ...good, iss: "anyone" }),
    row("iss-not-compared-array", "invalid", iss, { ...good, iss: ["anyone"] }),
    ...audiences.map(([name, text, fits]) =>
      row(`aud-${name}`, fits ? "valid" : "invalid", aud, `{"aud":${text},${rest}}`, { aud: good.aud }),
    ),
    row("aud-missing", "invalid", aud, { exp: good.exp }, { aud: good.aud }),
    row("aud-one-of-several", "valid", aud, good, { aud: ["https://other.example", good.aud] }),
    row("aud-not-compared-number", "invalid", aud, { ...good, aud: 1 }),
  ];
}

/** @returns {Vector[]} */
function formRows() {
  const once = "RFC 7519 section 4: claim names must be unique; RFC 8725 section 2.7";
  const typ = "RFC 8725 section 3.11: explicit typing; RFC 7515 section 4.1.9: media type names";
  const at = { typ: "at+jwt" };
  return [
    row("exp-twice", "invalid", once, `{"exp":${now - 1},"exp":${now + 60}}`),
    row("exp-twice-other-order", "invalid", once, `{"exp":${now + 60},"exp":${now - 1}}`),
    row("exp-twice-escaped", "invalid", once, `{"exp":${now + 60},"\\u0065xp":${now - 1}}`),
    row("nested-twice", "invalid", once, `{"exp":${now + 60},"a":{"b":1,"b":2}}`),
    row("array", "invalid", "RFC 7519 section 4: a claims set is an object", "[]"),
    row("string", "invalid", "RFC 7519 section 4: a claims set is an object", '"joe"'),
    row("empty", "invalid", "RFC 7519 section 4: a claims set is an object", ""),
    row("depth-10", "valid", "nesting as claims have it", `{"exp":${now + 60},"a":${nested(9)}}`),
    row(
      "depth-1000",
      "invalid",
      "RFC 8259 section 9: a parser may limit the depth",
      `{"exp":${now + 60},"a":${nested(1000)}}`,
    ),
    row("trailing-text", "invalid", "RFC 8259 section 2: one value", `{"exp":${now + 60}}{}`),
    row("trailing-space", "valid", "RFC 8259 section 2: white space around it", ` {"exp":${now + 60}}\r\n`),
    row("typ-fits", "valid", typ, good, at, ec, at),
    row("typ-fits-with-application", "valid", typ, good, at, ec, { typ: "application/at+jwt" }),
    row("typ-fits-without-case", "valid", typ, good, at, ec, { typ: "AT+JWT" }),
    row("typ-other", "invalid", typ, good, at, ec, { typ: "JWT" }),
    row("typ-missing", "invalid", typ, good, at),
    row("typ-no-string", "invalid", typ, good, {}, ec, { typ: 1 }),
    row("rs256", "valid", "the same with RSA", good, { iss: good.iss, aud: good.aud }, rsa),
    row("rs256-expired", "invalid", "the same with RSA", { ...good, exp: now }, {}, rsa),
  ];
}

/** @returns {Vector[]} */
export const claimsRows = () => [...dateRows(), ...timeRows(), ...namesRows(), ...formRows()];
