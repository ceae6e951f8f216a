// npm `jose`: the reference that every ratio is to.

import { compactVerify, createLocalJWKSet, jwtVerify } from "jose";
import { importSigningKey } from "./contender.mjs";

export const joseName = "jose";

/** @type {import("./contender.mjs").Contender[]} */
export const joseContenders = [
  {
    name: joseName,
    what: "`jwtVerify` with `createLocalJWKSet`: signature, `iss`, `aud`, `exp`, `typ`",
    states: ["cold", "warm"],
    prepare({ alg, jwks, issuer, audience }) {
      const keys = createLocalJWKSet(jwks);
      const options = { algorithms: [alg], issuer, audience, typ: "at+jwt", requiredClaims: ["exp"] };
      return (token) => jwtVerify(token, keys, options).then(() => true);
    },
  },
  {
    name: joseName,
    what: "`compactVerify` with an imported key: the signature, and the header it is named in",
    states: ["verify"],
    async prepare(setting) {
      const key = await importSigningKey(setting);
      const options = { algorithms: [setting.alg] };
      return (token) => compactVerify(token, key, options).then(() => true);
    },
  },
];
