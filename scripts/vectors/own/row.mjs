// The form of a row, and tokens signed with the published keys of RFC 7515 appendices A.2.1 and A.3.1.

import { createHash, createPrivateKey, sign } from "node:crypto";

/** @typedef {"valid" | "invalid"} Label */
/** @typedef {{ id: string, source: string, layer: string, expect: Label, why: string } & Record<string, unknown>} Vector */

const source = "edgeward";

/** @param {string} id @param {string} layer @param {Label} expect @param {string} why @param {Record<string, unknown>} fields @returns {Vector} */
export const vector = (id, layer, expect, why, fields) => ({ id, source, layer, expect, why, ...fields });

const rsaPublic = {
  kty: "RSA",
  n: "ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ",
  e: "AQAB",
};
const rsaPrivate = {
  d: "Eq5xpGnNCivDflJsRQBXHx1hdR1k6Ulwe2JZD50LpXyWPEAeP88vLNO97IjlA7_GQ5sLKMgvfTeXZx9SE-7YwVol2NXOoAJe46sui395IW_GO-pWJ1O0BkTGoVEn2bKVRUCgu-GjBVaYLU6f3l9kJfFNS3E0QbVdxzubSu3Mkqzjkn439X0M_V51gfpRLI9JYanrC4D4qAdGcopV_0ZHHzQlBjudU2QvXt4ehNYTCBr6XCLQUShb1juUO1ZdiYoFaFQT5Tw8bGUl_x_jTj3ccPDVZFD9pIuhLhBOneufuBiB4cS98l2SR_RQyGWSeWjnczT0QU91p1DhOVRuOopznQ",
  p: "4BzEEOtIpmVdVEZNCqS7baC4crd0pqnRH_5IB3jw3bcxGn6QLvnEtfdUdiYrqBdss1l58BQ3KhooKeQTa9AB0Hw_Py5PJdTJNPY8cQn7ouZ2KKDcmnPGBY5t7yLc1QlQ5xHdwW1VhvKn-nXqhJTBgIPgtldC-KDV5z-y2XDwGUc",
  q: "uQPEfgmVtjL0Uyyx88GZFF1fOunH3-7cepKmtH4pxhtCoHqpWmT8YAmZxaewHgHAjLYsp1ZSe7zFYHj7C6ul7TjeLQeZD_YwD66t62wDmpe_HlB-TnBA-njbglfIsRLtXlnDzQkv5dTltRJ11BKBBypeeF6689rjcJIDEz9RWdc",
  dp: "BwKfV3Akq5_MFZDFZCnW-wzl-CCo83WoZvnLQwCTeDv8uzluRSnm71I3QCLdhrqE2e9YkxvuxdBfpT_PI7Yz-FOKnu1R6HsJeDCjn12Sk3vmAktV2zb34MCdy7cpdTh_YVr7tss2u6vneTwrA86rZtu5Mbr1C1XsmvkxHQAdYo0",
  dq: "h_96-mK1R_7glhsum81dZxjTnYynPbZpHziZjeeHcXYsXaaMwkOlODsWa7I9xXDoRwbKgB719rrmI2oKr6N3Do9U0ajaHF-NKJnwgjMd2w9cjz3_-kyNlxAr2v4IKhGNpmM5iIgOS1VZnOZ68m6_pbLBSp3nssTdlqvd0tIiTHU",
  qi: "IYd7DHOhrWvxkwPQsRM2tOgrjbcrfvtQJipd-DlcxyVuuMFE9gkCK8Q6gY6D3Fe7nWZ5NsaPKpRKcbvKQTDyAKzgFqVFA_W_tx5vFWGxOxHjgxYzxYvCYhYoZCE4uVMDBLJwgrWdVrmyZAWfeCQKn0KLpX2pXDVF6S4VR9o",
};
const ecPublic = {
  kty: "EC",
  crv: "P-256",
  x: "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
  y: "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
};
const ecPrivate = { d: "jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI" };

/** @typedef {{ alg: string, jwk: Record<string, string>, privateMembers: Record<string, string>, thumbprint: string, sign: (input: string) => string }} Key */

/** @type {Key} */
export const rsa = {
  alg: "RS256",
  jwk: rsaPublic,
  privateMembers: rsaPrivate,
  thumbprint: hash(JSON.stringify({ e: rsaPublic.e, kty: "RSA", n: rsaPublic.n })),
  sign: (input) =>
    sign("sha256", Buffer.from(input), privateKey({ ...rsaPublic, ...rsaPrivate })).toString("base64url"),
};

/** @type {Key} */
export const ec = {
  alg: "ES256",
  jwk: ecPublic,
  privateMembers: ecPrivate,
  thumbprint: hash(JSON.stringify({ crv: ecPublic.crv, kty: "EC", x: ecPublic.x, y: ecPublic.y })),
  sign: (input) => {
    const key = privateKey({ ...ecPublic, ...ecPrivate });
    return sign("sha256", Buffer.from(input), { key, dsaEncoding: "ieee-p1363" }).toString("base64url");
  },
};

/** @param {Record<string, string>} jwk */
function privateKey(jwk) {
  return createPrivateKey({ key: jwk, format: "jwk" });
}

/** base64url of the SHA-256 of a text. @param {string} text */
export function hash(text) {
  return createHash("sha256").update(text).digest("base64url");
}

/** @param {string | Uint8Array | object} part texts and bytes as they are, objects as JSON */
export function encode(part) {
  if (typeof part === "string" || part instanceof Uint8Array) return Buffer.from(part).toString("base64url");
  return Buffer.from(JSON.stringify(part)).toString("base64url");
}

/** Signs header and payload, well-formed or not. @param {Key} key @param {string | object} header @param {string | Uint8Array | object} payload */
export function token(key, header, payload) {
  const input = `${encode(header)}.${encode(payload)}`;
  return `${input}.${key.sign(input)}`;
}

/** The text of an object nested `depth` deep. @param {number} depth */
export const nested = (depth) => `${'{"a":'.repeat(depth - 1)}{}${"}".repeat(depth - 1)}`;
