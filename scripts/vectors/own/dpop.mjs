// DPoP proofs, good and hostile (RFC 9449 sections 4.2, 4.3 and 11.1): attack classes 40 and 41.

import { ec, encode, hash, rsa, token, vector } from "./row.mjs";

/** @typedef {import("./row.mjs").Label} Label */
/** @typedef {import("./row.mjs").Vector} Vector */

const now = 1_700_000_000;
const accessToken = "Kz~8mXK1EalYznwH-LC-1fBAo.4Ljp~zsPE_NeO.gxU";
const request = { method: "POST", url: "https://api.example/notes" };
const withToken = { ...request, access_token: accessToken };
const good = { jti: "proof-1", htm: "POST", htu: request.url, iat: now };
const bound = { ...good, ath: hash(accessToken) };

/**
 * @typedef {object} Case
 * @property {object} [header] over the good one; a member that is undefined is left out
 * @property {object | string} [claims] over the good ones, or the whole payload as text
 * @property {object} [request]
 * @property {object} [options]
 * @property {string} [jkt]
 * @property {import("./row.mjs").Key} [key]
 * @property {(proof: string) => string} [change]
 */

/** @param {string} id @param {Label} expect @param {string} why @param {Case} [made] */
function row(id, expect, why, made = {}) {
  const { key = ec, change = (proof) => proof } = made;
  const header = { typ: "dpop+jwt", alg: key.alg, jwk: key.jwk, ...made.header };
  const claims = typeof made.claims === "string" ? made.claims : { ...good, ...made.claims };
  const proof = change(token(key, header, claims));
  const { request: of = request, options = {}, jkt } = made;
  const fields = { alg: key.alg, token: proof, request: of, now, ...(jkt && { jkt }), options };
  return vector(`own-dpop-${id}`, "dpop", expect, `RFC 9449 ${why}`, fields);
}

/** @returns {Vector[]} */
function headerRows() {
  const typ = "section 4.2: typ is dpop+jwt";
  const jwk = "section 4.2: jwk is the public key, and the private part must not be there";
  const alg = "section 4.2: alg is an asymmetric algorithm, never none";
  const withMembers = (/** @type {object} */ members) => ({ header: { jwk: { ...ec.jwk, ...members } } });
  return [
    row("good", "valid", "section 4.3"),
    row("good-rsa", "valid", "section 4.3", { key: rsa }),
    row("typ-upper-case", "valid", `${typ}; RFC 7515 section 4.1.9`, { header: { typ: "DPoP+JWT" } }),
    row("typ-application", "valid", `${typ}; RFC 7515 section 4.1.9`, {
      header: { typ: "application/dpop+jwt" },
    }),
    row("typ-missing", "invalid", typ, { header: { typ: undefined } }),
    row("typ-jwt", "invalid", typ, { header: { typ: "JWT" } }),
    row("typ-at-jwt", "invalid", typ, { header: { typ: "at+jwt" } }),
    row("jwk-missing", "invalid", jwk, { header: { jwk: undefined } }),
    row("jwk-null", "invalid", jwk, { header: { jwk: null } }),
    row("jwk-text", "invalid", jwk, { header: { jwk: JSON.stringify(ec.jwk) } }),
    row("jwk-list", "invalid", jwk, { header: { jwk: [ec.jwk] } }),
    row("jwk-set", "invalid", jwk, { header: { jwk: { keys: [ec.jwk] } } }),
    row("jwk-private-ec", "invalid", jwk, withMembers(ec.privateMembers)),
    row("jwk-private-rsa", "invalid", jwk, {
      key: rsa,
      header: { jwk: { ...rsa.jwk, ...rsa.privateMembers } },
    }),
    row("jwk-private-p", "invalid", jwk, {
      key: rsa,
      header: { jwk: { ...rsa.jwk, p: rsa.privateMembers.p } },
    }),
    row("jwk-private-empty", "invalid", jwk, withMembers({ d: "" })),
    row("jwk-symmetric-member", "invalid", jwk, withMembers({ k: "AAAA" })),
    row("jwk-oct", "invalid", jwk, { header: { jwk: { kty: "oct", k: "AAAA" } } }),
    row("jwk-other-curve", "invalid", jwk, withMembers({ crv: "P-384" })),
    row("jwk-off-curve", "invalid", jwk, withMembers({ x: ec.jwk.y })),
    row("jwk-of-another", "invalid", "section 4.3: the signature verifies with the key in jwk", {
      header: { jwk: rsa.jwk },
    }),
    row("jwk-encryption-key", "invalid", "section 4.2 and RFC 7517 section 4.2", withMembers({ use: "enc" })),
    row("alg-none", "invalid", alg, {
      header: { alg: "none" },
      change: (proof) => proof.replace(/[^.]*$/, ""),
    }),
    row("alg-none-signed", "invalid", alg, { header: { alg: "none" } }),
    row("alg-hs256", "invalid", alg, { header: { alg: "HS256" } }),
    row("alg-of-another-key", "invalid", alg, { header: { alg: "RS256" } }),
    row("alg-es384", "invalid", alg, { header: { alg: "ES384" } }),
    row("crit", "invalid", "section 4.3 and RFC 7515 section 4.1.11", { header: { crit: ["exp"] } }),
    row("b64", "invalid", "section 4.3 and RFC 7797 section 3", { header: { b64: false } }),
    row("kid-beside-jwk", "valid", "section 4.2: other parameters are not forbidden", {
      header: { kid: "any" },
    }),
    row("signature-changed", "invalid", "section 4.3: the signature verifies", {
      change: (proof) => `${proof.slice(0, -3)}AAA`,
    }),
    row("two-proofs", "invalid", "section 4.3: one header field, one JWT", {
      change: (proof) => `${proof},${proof}`,
    }),
    row("trailing-dot", "invalid", "section 4.3: one well-formed JWT", { change: (proof) => `${proof}.` }),
    row("trailing-space", "invalid", "section 4.3: one well-formed JWT", { change: (proof) => `${proof} ` }),
  ];
}

/** @returns {Vector[]} */
function claimRows() {
  const required = "section 4.3: all required claims are there";
  const iat = "section 4.3: iat is within an acceptable time frame";
  const twice = JSON.stringify(good).replace("{", '{"htm":"GET",');
  return [
    ...["jti", "htm", "htu", "iat"].map((claim) =>
      row(`${claim}-missing`, "invalid", required, { claims: { [claim]: undefined } }),
    ),
    ...["jti", "htm", "htu", "iat"].map((claim) =>
      row(`${claim}-wrong-type`, "invalid", required, {
        claims: { [claim]: claim === "iat" ? String(now) : 1 },
      }),
    ),
    row("jti-empty", "invalid", "section 4.2: jti is unique", { claims: { jti: "" } }),
    row("htm-lower-case", "invalid", "section 4.3; RFC 9110 section 9.1: methods are case-sensitive", {
      claims: { htm: "post" },
    }),
    row("htm-other", "invalid", "section 4.3: htm matches", { claims: { htm: "GET" } }),
    row("claims-twice", "invalid", "section 4.3 and RFC 7519 section 4: unique names", { claims: twice }),
    row("claims-array", "invalid", "section 4.3 and RFC 7519 section 4", { claims: "[]" }),
    row("iat-at-limit", "valid", iat, { claims: { iat: now - 60 }, options: { max_age: 60 } }),
    row("iat-past-limit", "invalid", iat, { claims: { iat: now - 61 }, options: { max_age: 60 } }),
    row("iat-within-skew", "valid", iat, { claims: { iat: now - 65 }, options: { max_age: 60, skew: 5 } }),
    row("iat-an-hour-ago", "invalid", iat, { claims: { iat: now - 3600 } }),
    row("iat-future", "invalid", iat, { claims: { iat: now + 1 } }),
    row("iat-future-within", "valid", iat, { claims: { iat: now + 10 }, options: { future_skew: 10 } }),
    row("iat-future-past", "invalid", iat, { claims: { iat: now + 11 }, options: { future_skew: 10 } }),
    row("iat-future-skew", "valid", iat, { claims: { iat: now + 10 }, options: { skew: 10 } }),
    row("exp-past", "invalid", "section 4.3 and RFC 7519 section 4.1.4", { claims: { exp: now } }),
    row("nbf-future", "invalid", "section 4.3 and RFC 7519 section 4.1.5", { claims: { nbf: now + 1 } }),
    row("other-claims", "valid", "section 4.2: further claims may be there", { claims: { sub: "ada" } }),
  ];
}

/** `htu` beside `https://api.example/notes`, or another URL. @returns {Vector[]} */
function urlRows() {
  const why = "section 4.3: htu matches, without query and fragment, normalised as RFC 3986 section 6.2 says";
  /** @type {[string, string, boolean, string?][]} */
  const cases = [
    ["query-in-request", request.url, true, `${request.url}?page=2`],
    ["fragment-in-request", request.url, true, `${request.url}#top`],
    ["query-in-htu", `${request.url}?page=2`, true],
    ["scheme-case", "HTTPS://api.example/notes", true],
    ["host-case", "https://API.example/notes", true],
    ["default-port", "https://api.example:443/notes", true],
    ["unreserved-encoded", "https://api.example/n%6ftes", true],
    ["dot-segments", "https://api.example/a/../notes", true],
    ["empty-path", "https://api.example", true, "https://api.example/"],
    ["hexadecimal-case", "https://api.example/a%2fb", true, "https://api.example/a%2Fb"],
    ["other-path", "https://api.example/other", false],
    ["path-case", "https://api.example/Notes", false],
    ["trailing-slash", "https://api.example/notes/", false],
    ["prefix", "https://api.example/note", false],
    ["other-host", "https://attacker.example/notes", false],
    ["host-suffix", "https://api.example.attacker.example/notes", false],
    ["user-information", "https://api.example@attacker.example/notes", false],
    ["http", "http://api.example/notes", false],
    ["other-port", "https://api.example:8443/notes", false],
    ["reserved-encoded", "https://api.example/a%2Fb", false, "https://api.example/a/b"],
    ["double-slash", "https://api.example//notes", false],
    ["back-slash", "https://api.example\\notes", false],
    ["path-alone", "/notes", false],
    ["space", " https://api.example/notes", false],
    ["empty", "", false],
  ];
  return cases.map(([name, htu, fits, url = request.url]) =>
    row(`htu-${name}`, fits ? "valid" : "invalid", why, { claims: { htu }, request: { ...request, url } }),
  );
}

/** @returns {Vector[]} */
function bindingRows() {
  const ath = "section 4.3: ath is the hash of the access token that came with it";
  const jkt = "section 4.3: the public key matches the one the access token is bound to";
  const nonce = "section 4.3: nonce is the one the server provided";
  const replay = "section 11.1: a jti is taken once";
  const made = (/** @type {unknown} */ value) => ({ claims: { ...bound, ath: value }, request: withToken });
  return [
    row("ath", "valid", ath, made(bound.ath)),
    row("ath-missing", "invalid", ath, made(undefined)),
    row("ath-other", "invalid", ath, made(hash("another"))),
    row("ath-padded", "invalid", ath, made(`${bound.ath}=`)),
    row("ath-truncated", "invalid", ath, made(bound.ath.slice(0, -1))),
    row("ath-hexadecimal", "invalid", ath, made(Buffer.from(bound.ath, "base64url").toString("hex"))),
    row("ath-token-itself", "invalid", ath, made(accessToken)),
    row("ath-number", "invalid", ath, made(1)),
    row("ath-without-token", "valid", ath, { claims: bound }),
    row("jkt", "valid", jkt, { jkt: ec.thumbprint }),
    row("jkt-in-options", "valid", jkt, { options: { jkt: ec.thumbprint } }),
    row("jkt-of-another", "invalid", jkt, { jkt: rsa.thumbprint }),
    row("jkt-of-another-in-options", "invalid", jkt, { options: { jkt: rsa.thumbprint } }),
    row("jkt-of-both", "invalid", jkt, { jkt: ec.thumbprint, options: { jkt: rsa.thumbprint } }),
    row("jkt-truncated", "invalid", jkt, { jkt: ec.thumbprint.slice(0, -1) }),
    row("nonce", "valid", nonce, { claims: { nonce: "n-1" }, options: { nonce: "n-1" } }),
    row("nonce-missing", "invalid", nonce, { options: { nonce: "n-1" } }),
    row("nonce-other", "invalid", nonce, { claims: { nonce: "n-0" }, options: { nonce: "n-1" } }),
    row("nonce-longer", "invalid", nonce, { claims: { nonce: "n-12" }, options: { nonce: "n-1" } }),
    row("nonce-not-asked", "valid", nonce, { claims: { nonce: "n-1" } }),
    row("replay", "invalid", replay, { options: { seen_jti: [good.jti] } }),
    row("replay-text", "invalid", replay, { options: { seen_jti: good.jti } }),
    row("replay-flag", "invalid", replay, { options: { seen_jti: true } }),
    row("other-jti-seen", "valid", replay, { options: { seen_jti: ["proof-2"] } }),
    row("access-token-as-proof", "invalid", "section 4.3; RFC 8725 section 3.11", {
      change: () =>
        token(ec, { typ: "at+jwt", alg: "ES256" }, { iss: "https://login.example", exp: now + 60 }),
    }),
    row("payload-changed", "invalid", "section 4.3: the signature verifies", {
      change: (proof) => proof.replace(/\.[^.]*\./, `.${encode({ ...good, htm: "GET" })}.`),
    }),
  ];
}

/** @returns {Vector[]} */
export const dpopRows = () => [...headerRows(), ...claimRows(), ...urlRows(), ...bindingRows()];
