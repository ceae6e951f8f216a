// The registered claims (RFC 7519 section 4.1): types, times and exact names.

import { claimsText, past, token, withClaims } from "./forge.mjs";

/** @typedef {import("./forge.mjs").Row} Row */

/** The claims with `exp` written as this text. @param {string} exp */
const expiring = (exp) => token({ payload: claimsText("", `"exp":${exp}`) });

const exp = {
  section: "RFC 7519 section 4.1.4",
  says: /** @type {const} */ ("refuse"),
  rule: "`exp` must be a number, and the time before it",
  code: "claim_invalid",
};
const range = {
  section: "RFC 7519 section 2, RFC 8259 section 6",
  says: /** @type {const} */ ("either"),
  rule: "a date is any number; software may bound its range",
  code: "claim_invalid",
};
const nbf = {
  section: "RFC 7519 section 4.1.5",
  says: /** @type {const} */ ("refuse"),
  rule: "`nbf` must be a number, and the time not before it",
  code: "claim_invalid",
};
const iat = {
  section: "RFC 7519 section 4.1.6",
  says: /** @type {const} */ ("refuse"),
  rule: "`iat` must be a number",
  code: "claim_invalid",
};
const aud = {
  section: "RFC 7519 section 4.1.3",
  says: /** @type {const} */ ("refuse"),
  rule: "`aud` must be a string or an array of strings",
  code: "claim_invalid",
};
const exactly = {
  section: "RFC 7519 sections 2 and 4.1.3",
  says: /** @type {const} */ ("refuse"),
  rule: "compared as case-sensitive strings, nothing rewritten",
  code: "audience_mismatch",
};
const iss = {
  section: "RFC 7519 sections 2 and 4.1.1",
  says: /** @type {const} */ ("refuse"),
  rule: "compared as case-sensitive strings, nothing rewritten",
  code: "issuer_unknown",
};

/** @type {Row[]} */
export const claimRows = [
  { name: "`exp` in 2020", ...exp, code: "token_expired", token: withClaims({ exp: past }) },
  { name: "`exp` 0", ...exp, code: "token_expired", token: withClaims({ exp: 0 }) },
  { name: "`exp` −1", ...exp, token: withClaims({ exp: -1 }) },
  { name: "`exp` a string of digits", ...exp, token: withClaims({ exp: "4102444800" }) },
  { name: "`exp` null", ...exp, token: withClaims({ exp: null }) },
  { name: "`exp` true", ...exp, token: withClaims({ exp: true }) },
  { name: "`exp` an array", ...exp, token: withClaims({ exp: [4102444800] }) },
  { name: "`exp` an object", ...exp, token: withClaims({ exp: {} }) },
  { name: "`exp` an empty string", ...exp, token: withClaims({ exp: "" }) },
  { name: "`exp` 1e400", ...range, code: "token_malformed", token: expiring("1e400") },
  { name: "`exp` 1e99999", ...range, code: "token_malformed", token: expiring("1e99999") },
  { name: "`exp` 1e300", ...range, token: expiring("1e300") },
  { name: "`exp` 2^64", ...range, token: expiring("18446744073709551616") },
  { name: "`exp` in milliseconds", ...range, token: withClaims({ exp: 4102444800000 }) },
  {
    name: "`exp` NaN",
    ...exp,
    section: "RFC 8259 section 6",
    rule: "JSON has no such number",
    code: "token_malformed",
    token: expiring("NaN"),
  },
  {
    name: "`exp` Infinity",
    ...exp,
    section: "RFC 8259 section 6",
    rule: "JSON has no such number",
    code: "token_malformed",
    token: expiring("Infinity"),
  },
  {
    name: "`exp` 4102444800.5",
    section: "RFC 7519 section 2",
    says: "accept",
    rule: "a date may have a fraction",
    token: expiring("4102444800.5"),
  },
  {
    name: "`exp` 4.1024448e9",
    section: "RFC 8259 section 6",
    says: "accept",
    rule: "a number may have an exponent",
    token: expiring("4.1024448e9"),
  },
  { name: "`nbf` in 2100", ...nbf, code: "token_not_yet_valid", token: withClaims({ nbf: 4102444000 }) },
  { name: "`nbf` a string of digits", ...nbf, token: withClaims({ nbf: "1700000000" }) },
  { name: "`nbf` null", ...nbf, token: withClaims({ nbf: null }) },
  { name: "`iat` a string of digits", ...iat, token: withClaims({ iat: "1700000000" }) },
  {
    name: "`iat` in 2100",
    ...iat,
    says: "either",
    rule: "what to do with the future is not said",
    code: "token_issued_in_future",
    token: withClaims({ iat: 4102444000 }),
  },
  { name: "`aud` with a slash more", ...exactly, token: withClaims({ aud: "https://api.example/" }) },
  { name: "`aud` in capitals", ...exactly, token: withClaims({ aud: "HTTPS://API.EXAMPLE" }) },
  { name: "`aud` that begins with it", ...exactly, token: withClaims({ aud: "https://api.example.evil" }) },
  {
    name: "`aud` that holds it among words",
    ...exactly,
    token: withClaims({ aud: "a https://api.example b" }),
  },
  { name: "`aud` an empty array", ...exactly, token: withClaims({ aud: [] }) },
  { name: "`aud` null", ...aud, token: withClaims({ aud: null }) },
  { name: "`aud` an array in an array", ...aud, token: withClaims({ aud: [["https://api.example"]] }) },
  {
    name: "`aud` an array with a number beside it",
    ...aud,
    token: withClaims({ aud: [1, "https://api.example"] }),
  },
  {
    name: "`aud` an object with it as a name",
    ...aud,
    token: withClaims({ aud: { "https://api.example": true } }),
  },
  {
    name: "`aud` an array with others beside it",
    section: "RFC 7519 section 4.1.3",
    says: "accept",
    rule: "one of them is enough",
    token: withClaims({ aud: ["https://other.example", "https://api.example"] }),
  },
  { name: "`iss` with a slash more", ...iss, token: withClaims({ iss: "https://login.example/" }) },
  { name: "`iss` in capitals", ...iss, token: withClaims({ iss: "https://LOGIN.example" }) },
  {
    name: "`iss` an array",
    ...iss,
    rule: "`iss` must be a string",
    code: "claim_invalid",
    token: withClaims({ iss: ["https://login.example"] }),
  },
  {
    name: "`sub` a number",
    section: "RFC 7519 section 4.1.2",
    says: "refuse",
    rule: "`sub` must be a string",
    code: "claim_invalid",
    token: withClaims({ sub: 1 }),
  },
  {
    name: "`jti` a number",
    section: "RFC 7519 section 4.1.7",
    says: "refuse",
    rule: "`jti` must be a string",
    code: "claim_invalid",
    token: withClaims({ jti: 1 }),
  },
];
