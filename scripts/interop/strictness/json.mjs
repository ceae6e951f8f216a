// JSON inside of tokens: members that come twice, what is no JSON, encodings, depth.

import { claims, claimsText, future, header, past, token, withClaims } from "./forge.mjs";

/** @typedef {import("./forge.mjs").Row} Row */

/** The header's text with more in front. @param {string} first */
const headerText = (first) => token({ header: `{${first},${JSON.stringify(header).slice(1)}` });

const text = JSON.stringify(claims);
const bom = Buffer.from([0xef, 0xbb, 0xbf]);

const twiceInHeader = {
  section: "RFC 7515 section 4",
  says: /** @type {const} */ ("either"),
  rule: "a member twice is refused, or the last one counts",
  code: "token_malformed",
};
const twiceInClaims = { ...twiceInHeader, section: "RFC 7519 section 4" };
const lastIsBad = {
  says: /** @type {const} */ ("refuse"),
  rule: "a member twice is refused, or the last one counts, which is the bad one",
};
const grammar = {
  section: "RFC 8259 section 2",
  says: /** @type {const} */ ("refuse"),
  rule: "it is no JSON text",
  code: "token_malformed",
};
const claimsSet = {
  section: "RFC 7519 section 7.2",
  says: /** @type {const} */ ("refuse"),
  rule: "the payload must be a JSON object in UTF-8",
  code: "token_malformed",
};
const byteOrderMark = {
  section: "RFC 8259 section 8.1",
  says: /** @type {const} */ ("either"),
  rule: "nobody may write one, who reads may ignore it",
  code: "token_malformed",
};
const depth = {
  section: "RFC 8259 section 9",
  says: /** @type {const} */ ("either"),
  rule: "software may bound the depth",
  code: "token_malformed",
};

/** @param {number} levels */
const nested = (levels) =>
  token({ payload: claimsText(`"exp":${future}`, `"x":${"[".repeat(levels)}${"]".repeat(levels)}`) });

/** @type {Row[]} */
export const json = [
  { name: "`alg` twice: none, then ES256", ...twiceInHeader, token: headerText('"alg":"none"') },
  {
    name: "`alg` twice: ES256, then none",
    ...twiceInHeader,
    ...lastIsBad,
    token: token({ header: '{"alg":"ES256","kid":"ec-1","alg":"none"}' }),
  },
  {
    name: "`alg` twice, the first name with an escape",
    ...twiceInHeader,
    token: headerText('"\\u0061lg":"none"'),
  },
  {
    name: "`kid` twice: another key's, then the right one",
    ...twiceInHeader,
    token: headerText('"kid":"ec-2"'),
  },
  {
    name: "`exp` twice: past, then to come",
    ...twiceInClaims,
    token: token({ payload: claimsText(`"exp":${past}`, `"exp":${future}`) }),
  },
  {
    name: "`exp` twice: to come, then past",
    ...twiceInClaims,
    ...lastIsBad,
    token: token({ payload: claimsText(`"exp":${future}`, `"exp":${past}`) }),
  },
  {
    name: "`exp` twice: past, then to come with an escape in its name",
    ...twiceInClaims,
    token: token({ payload: claimsText(`"exp":${past}`, `"\\u0065xp":${future}`) }),
  },
  {
    name: "`iss` twice: another, then the right one",
    ...twiceInClaims,
    token: token({ payload: claimsText('"iss":"https://evil.example"', `"exp":${future}`) }),
  },
  {
    name: "`iss` twice: the right one, then another",
    ...twiceInClaims,
    ...lastIsBad,
    token: token({ payload: claimsText(`"exp":${future}`, '"iss":"https://evil.example"') }),
  },
  {
    name: "`sub` twice: ada, then root",
    ...twiceInClaims,
    token: token({ payload: claimsText(`"exp":${future}`, '"sub":"root"') }),
  },
  {
    name: "a member twice inside of a claim",
    section: "RFC 8259 section 4",
    says: "either",
    rule: "names should be unique, and what else happens is not to be foretold",
    code: "token_malformed",
    token: token({ payload: claimsText(`"exp":${future}`, '"act":{"sub":"a","sub":"b"}') }),
  },
  {
    name: "`exp` once, with an escape in its name",
    section: "RFC 8259 section 8.3",
    says: "accept",
    rule: "names are compared without their escapes",
    token: token({ payload: claimsText("", `"\\u0065xp":${future}`) }),
  },
  {
    name: "white space around and inside of the claims",
    section: "RFC 8259 section 2",
    says: "accept",
    rule: "white space says nothing",
    token: token({ payload: ` \t\r\n${JSON.stringify(claims, null, 2)}\n ` }),
  },
  { name: "a comma after the last claim", ...grammar, token: token({ payload: `${text.slice(0, -1)},}` }) },
  { name: "a comment before the claims", ...grammar, token: token({ payload: `/**/${text}` }) },
  { name: "another object after the claims", ...grammar, token: token({ payload: `${text}{}` }) },
  {
    name: "another object after the header",
    ...grammar,
    token: token({ header: `${JSON.stringify(header)}{}` }),
  },
  { name: "a form feed before the claims", ...grammar, token: token({ payload: `\f${text}` }) },
  {
    name: "a line feed inside of a string, not escaped",
    ...grammar,
    section: "RFC 8259 section 7",
    rule: "control characters must be escaped",
    token: token({ payload: text.replace("ada", "a\nda") }),
  },
  {
    name: "`iat` 01700000000",
    ...grammar,
    section: "RFC 8259 section 6",
    rule: "a number has no leading zero",
    token: token({ payload: text.replace("1700000000", "01700000000") }),
  },
  { name: "the payload an array", ...claimsSet, token: token({ payload: `[${text}]` }) },
  { name: "the payload a string", ...claimsSet, token: token({ payload: JSON.stringify(text) }) },
  { name: "the payload null", ...claimsSet, token: token({ payload: "null" }) },
  { name: "the payload empty", ...claimsSet, token: token({ payload: "" }) },
  {
    name: "bytes in a claim that are no UTF-8",
    ...claimsSet,
    token: token({
      payload: Buffer.concat([
        Buffer.from('{"note":"'),
        Buffer.from([0xff, 0xc0, 0xaf]),
        Buffer.from(`",${text.slice(1)}`),
      ]),
    }),
  },
  {
    name: "bytes in the header that are no UTF-8",
    ...claimsSet,
    section: "RFC 7515 section 5.2",
    rule: "the header must be UTF-8",
    token: token({
      header: Buffer.concat([
        Buffer.from('{"x":"'),
        Buffer.from([0xff]),
        Buffer.from(`",${JSON.stringify(header).slice(1)}`),
      ]),
    }),
  },
  {
    name: "the claims in UTF-16",
    ...claimsSet,
    token: token({ payload: Buffer.from(`\ufeff${text}`, "utf16le") }),
  },
  {
    name: "a byte order mark before the claims",
    ...byteOrderMark,
    token: token({ payload: Buffer.concat([bom, Buffer.from(text)]) }),
  },
  {
    name: "a byte order mark before the header",
    ...byteOrderMark,
    token: token({ header: Buffer.concat([bom, Buffer.from(JSON.stringify(header))]) }),
  },
  {
    name: "half of a surrogate pair in a claim",
    section: "RFC 8259 section 8.2",
    says: "either",
    rule: "what comes of it is not to be foretold",
    code: "token_malformed",
    token: token({ payload: text.replace("ada", "\\ud800") }),
  },
  {
    name: "half of a surrogate pair in a name",
    section: "RFC 8259 section 8.2",
    says: "either",
    rule: "what comes of it is not to be foretold",
    code: "token_malformed",
    token: token({ payload: claimsText(`"exp":${future}`, '"\\udc00":1') }),
  },
  {
    name: "a claim nested 10 levels deep",
    section: "RFC 8259 section 9",
    says: "accept",
    rule: "a bound may be there, and no real one is as low",
    token: nested(10),
  },
  { name: "a claim nested 20 levels deep", ...depth, token: nested(20) },
  { name: "a claim nested 5,000 levels deep", ...depth, token: nested(5000) },
  {
    name: "a header nested 3,000 levels deep",
    ...depth,
    token: headerText(`"x":${"[".repeat(3000)}${"]".repeat(3000)}`),
  },
  {
    name: "text outside of ASCII, plain and in escapes",
    section: "RFC 8259 section 8",
    says: "accept",
    rule: "UTF-8, with escapes where one likes",
    token: token({ payload: claimsText(`"exp":${future}`, '"name":"Zoë \\ud83d\\ude42 🙂"') }),
  },
  {
    name: "a claim that nobody knows",
    section: "RFC 7519 section 4",
    says: "accept",
    rule: "what is not understood is ignored",
    token: withClaims({ "https://example/x": { y: [1, null, -2.5e-3] } }),
  },
];
