// Tokens signed by npm `jose`, and DPoP proofs made by npm `dpop`, one row a line: the first part of
// tests/vectors/interop.jsonl. Private keys are made here, used once and never written.

import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import * as dpop from "dpop";
import {
  CompactSign,
  calculateJwkThumbprint,
  decodeJwt,
  exportJWK,
  generateKeyPair,
  importJWK,
  SignJWT,
} from "jose";

/** @typedef {import("jose").JWK} JWK */

const algorithms = [
  "ES256",
  "ES384",
  "ES512",
  "EdDSA",
  "Ed25519",
  "PS256",
  "PS384",
  "PS512",
  "RS256",
  "RS384",
  "RS512",
];

const { now, shapes } = JSON.parse(readFileSync(new URL("shapes.json", import.meta.url), "utf8"));
const require = createRequire(import.meta.url);

/** @param {string} name */
export function installedVersion(name) {
  const manifest = require.resolve(name).replace(/(node_modules[/\\][^/\\]+).*$/, "$1/package.json");
  return `${name} ${JSON.parse(readFileSync(manifest, "utf8")).version}`;
}

/** @type {Map<string, JWK>} */
const made = new Map();

/** A private key that fits; RSA keys take long to make, so one of a size serves every RSA algorithm. */
async function privateJwk(/** @type {string} */ alg, /** @type {number} */ bits, variant = "") {
  const isRsa = /^[PR]S/.test(alg);
  const id = `${isRsa ? `RSA ${bits}` : alg} ${variant}`;
  const known = made.get(id);
  if (known) return known;
  const { privateKey } = await generateKeyPair(alg, { extractable: true, modulusLength: bits });
  const jwk = await exportJWK(privateKey);
  made.set(id, jwk);
  return jwk;
}

/** @param {JWK} jwk @returns {JWK} */
function publicPart({ kty, crv, x, y, n, e }) {
  return JSON.parse(JSON.stringify({ kty, crv, x, y, n, e }));
}

/** @param {string} alg @param {any} shape @param {number} index */
async function rowOf(alg, shape, index) {
  const secret = await privateJwk(alg, shape.rsa_bits);
  const key = await importJWK(secret, alg);
  const header = { alg, ...shape.header };
  if (shape.kid_bytes) header.kid = header.kid.repeat(shape.kid_bytes);
  const claims = { ...shape.claims };
  if (shape.padding_bytes) claims.padding = "x".repeat(shape.padding_bytes);

  const token = shape.payload_hex
    ? await new CompactSign(Buffer.from(shape.payload_hex, "hex")).setProtectedHeader(header).sign(key)
    : await new SignJWT(claims).setProtectedHeader(header).sign(key);

  const { in_set: inSet, alg: namesAlg, ...members } = shape.jwk;
  const jwk = { ...publicPart(secret), ...members };
  if (namesAlg) jwk.alg = alg;
  if (header.kid) jwk.kid = header.kid;
  // Another key of the same type stands before the right one: only `kid` tells them apart.
  const other = inSet && { ...publicPart(await privateJwk(alg, 2048, "other")), kid: "other" };
  return {
    id: `interop-jose-${alg}-${index + 1}`,
    source: installedVersion("jose"),
    layer: shape.layer,
    expect: "valid",
    why: shape.name,
    flags: [],
    alg,
    token,
    ...(other ? { jwks: { keys: [other, jwk] } } : { jwk }),
    ...(shape.layer === "jwt" && { now, options: shape.options }),
  };
}

const request = { method: "POST", url: "https://api.example/data?page=1#top" };

/** The fields that every proof's row has. @param {string} id @param {string} source @param {string} alg @param {string} proof @param {JWK} jwk */
async function proofRow(id, source, alg, proof, jwk) {
  return {
    id,
    source,
    layer: "dpop",
    expect: "valid",
    flags: [],
    alg,
    token: proof,
    jkt: await calculateJwkThumbprint(jwk),
    now: Number(decodeJwt(proof).iat) + 5,
  };
}

/** @returns {AsyncGenerator<object>} */
async function* dpopProofs() {
  const bare = "https://api.example/data";
  const accessToken = "opaque.access~token";
  for (const alg of /** @type {dpop.JWSAlgorithm[]} */ (["ES256", "Ed25519", "PS256", "RS256"])) {
    const pair = await dpop.generateKeyPair(alg, { extractable: true });
    const jwk = await exportJWK(pair.publicKey);
    const row = (/** @type {number} */ number, /** @type {string} */ proof) =>
      proofRow(`interop-dpop-${alg}-${number}`, installedVersion("dpop"), alg, proof, jwk);
    yield {
      ...(await row(1, await dpop.generateProof(pair, bare, "POST"))),
      why: "a proof for a token request",
      request,
      options: {},
    };
    yield {
      ...(await row(2, await dpop.generateProof(pair, bare, "POST", "n-1", accessToken))),
      why: "a proof with ath and nonce",
      request: { ...request, access_token: accessToken },
      options: { nonce: "n-1" },
    };
  }
  // What `dpop` has no algorithm for, signed by `jose`.
  for (const alg of ["ES384", "ES512", "EdDSA", "PS384", "PS512", "RS384", "RS512"]) {
    const secret = await privateJwk(alg, 3072);
    const jwk = publicPart(secret);
    const ath = createHash("sha256").update(accessToken).digest("base64url");
    const proof = await new SignJWT({ jti: "f2c3", htm: "POST", htu: bare, iat: now, ath })
      .setProtectedHeader({ alg, typ: "dpop+jwt", jwk })
      .sign(await importJWK(secret, alg));
    yield {
      ...(await proofRow(`interop-jose-dpop-${alg}`, installedVersion("jose"), alg, proof, jwk)),
      why: "a proof with ath",
      request: { ...request, access_token: accessToken },
      options: {},
    };
  }
}

export async function makeTokens() {
  /** @type {object[]} */
  const rows = [];
  for (const alg of algorithms) {
    for (const [index, shape] of shapes.entries()) rows.push(await rowOf(alg, shape, index));
  }
  for await (const row of dpopProofs()) rows.push(row);
  return rows;
}
