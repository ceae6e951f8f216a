// npm `aws-jwt-verify`, with the key set given instead of fetched.

import { JwtVerifier } from "aws-jwt-verify";

/** @typedef {import("./contender.mjs").Setting} Setting */

/** @param {Setting} setting */
function verifier({ jwks, issuer, audience }) {
  const made = JwtVerifier.create({ issuer, audience, jwksUri: "https://login.example/jwks" });
  const keys = jwks.keys.map((key) => ({ ...key, kid: key.kid, kty: key.kty, alg: key.alg }));
  made.cacheJwks({ keys: /** @type {any} */ (keys) });
  return made;
}

/** @type {import("./contender.mjs").Contender} */
export const awsJwtVerify = {
  name: "aws-jwt-verify",
  what: "`verify`: signature, `iss`, `aud`, `exp`",
  states: ["cold", "warm"],
  prepare(setting) {
    const made = verifier(setting);
    return (token) => made.verify(token).then(() => true);
  },
};

/** Only Node has it: it is made of node:crypto. @type {import("./contender.mjs").Contender} */
export const awsJwtVerifySync = {
  name: "aws-jwt-verify sync",
  what: "`verifySync`: signature, `iss`, `aud`, `exp`",
  states: ["cold", "warm"],
  prepare(setting) {
    const made = verifier(setting);
    return (token) => made.verifySync(token) !== undefined;
  },
};
