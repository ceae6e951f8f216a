// edgeward in front of the origin, as js/main.ts deploys it; the token's claims go along as headers where the binding says so.

// @ts-expect-error: a name that build.mjs resolves
import { createGate } from "edgeward-dist/worker.js";

/** @type {{ fetch(request: Request): Promise<Response> } | undefined} */
let gate;

export default {
  /** @param {Request} request @param {import("./setting.mjs").Environment} environment */
  fetch(request, { SETTING: { issuer, audience, algs, jwksUri }, CLAIM_HEADERS: claims }) {
    gate ??= createGate({
      issuers: [{ issuer, audience, algorithms: algs, jwks_uri: jwksUri }],
      routes: [{ path: "/data", methods: ["GET"], scope: "data:read" }],
      upstream: { origin: "https://origin.example", ...(claims ? {} : { claim_headers: {} }) },
    });
    return gate?.fetch(request);
  },
};
