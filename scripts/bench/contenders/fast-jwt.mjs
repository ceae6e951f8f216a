// npm `fast-jwt`, which is for Node alone: without its cache and with it.

import { createPublicKey } from "node:crypto";
import { createVerifier } from "fast-jwt";

/** @typedef {import("./contender.mjs").Setting} Setting */

/** @param {Setting} setting @param {number | false} cache */
function verifier({ alg, jwks, issuer, audience }, cache) {
  const jwk = jwks.keys[jwks.keys.length - 1];
  const key = createPublicKey({ key: jwk, format: "jwk" }).export({ type: "spki", format: "pem" });
  const verify = createVerifier({
    key: String(key),
    algorithms: [alg],
    allowedIss: issuer,
    allowedAud: audience,
    checkTyp: "at+jwt",
    requiredClaims: ["exp", "iss", "aud"],
    cache,
  });
  return (/** @type {string} */ token) => verify(token) !== undefined;
}

/** @type {import("./contender.mjs").Contender[]} */
export const fastJwtContenders = [
  {
    name: "fast-jwt",
    what: "`createVerifier(…)(token)` without its cache: signature, `iss`, `aud`, `exp`, `typ`",
    states: ["cold", "warm"],
    prepare: (setting) => verifier(setting, false),
  },
  {
    name: "fast-jwt, cached",
    what: "the same with its cache of results, half as large as the pool of cold tokens",
    states: ["cold", "warm"],
    prepare: (setting) => verifier(setting, setting.cacheEntries),
  },
];
