// A Worker as one writes it by hand with jose: a remote key set, one check, the request handed on.

import { createRemoteJWKSet, jwtVerify } from "jose";
import { forward } from "./setting.mjs";

/** @type {ReturnType<typeof createRemoteJWKSet> | undefined} */
let keys;

export default {
  /** @param {Request} request @param {import("./setting.mjs").Environment} environment */
  async fetch(request, { SETTING: { issuer, audience, algs, jwksUri } }) {
    keys ??= createRemoteJWKSet(new URL(jwksUri));
    const token = request.headers.get("authorization")?.replace(/^Bearer /, "") ?? "";
    const options = { issuer, audience, algorithms: algs, typ: "at+jwt", requiredClaims: ["exp"] };
    try {
      await jwtVerify(token, keys, options);
    } catch {
      return new Response(null, { status: 401, headers: { "www-authenticate": "Bearer" } });
    }
    return forward(request);
  },
};
