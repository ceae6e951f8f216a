// `edgeward`: tokens judged, keys fetched.

import { createVerifier, EdgewardError } from "edgeward";
import { equal, fails, holds } from "./expect.mjs";

const policyOf = ({ issuer, audience }, more = {}) => ({ issuers: [{ issuer, audience, ...more }] });

/** A verifier that has its keys already. */
function ready(given, options) {
  const verifier = createVerifier(policyOf(given), options);
  verifier.provideKeySet(given.issuer, given.keySet);
  return verifier;
}

/** An authorization server as a function: what it was asked for, and what it answers. */
function server({ issuer, keySet }) {
  const asked = [];
  const documents = {
    [`${issuer}/.well-known/openid-configuration`]: { issuer, jwks_uri: `${issuer}/jwks` },
    [`${issuer}/jwks`]: keySet,
  };
  const fetch = async (input) => {
    asked.push(String(input));
    const document = documents[String(input)];
    return document === undefined
      ? new Response("nothing", { status: 404 })
      : new Response(JSON.stringify(document), { headers: { "content-type": "application/json" } });
  };
  return { asked, fetch };
}

const algorithms = ["ES256", "RS256", "EdDSA"];

export const cases = [
  ...algorithms.flatMap((alg) => [
    {
      name: `verify takes ${alg}, and gives claims and scopes`,
      run: async (given) => {
        const { claims, scope, expires_at } = await ready(given).verify(given.tokens[alg]);
        equal([claims.sub, claims.iss, scope], [alg, given.issuer, ["data:read"]], "what it says");
        equal(expires_at, claims.exp, "expires_at");
      },
    },
    {
      name: `verify refuses a spoilt signature of ${alg}`,
      run: (given) => fails(() => ready(given).verify(given.spoilt[alg]), "signature_invalid"),
    },
  ]),
  ...["ES256", "RS256"].map((alg) => ({
    name: `verifySync takes and refuses ${alg} with the keys that are there`,
    run: async (given) => {
      equal(ready(given).verifySync(given.tokens[alg]).claims.sub, alg, "sub");
      await fails(() => ready(given).verifySync(given.spoilt[alg]), "signature_invalid");
    },
  })),
  {
    name: "verifySync has EdDSA where the runtime has it at once, and else says that verify() has it",
    run: async (given) => {
      const judge = () => ready(given).verifySync(given.tokens.EdDSA);
      if (given.hasNodeCrypto) equal(judge().claims.sub, "EdDSA", "sub");
      else await fails(judge, "asynchronous_only");
    },
  },
  ...[
    ["an expired token", "expired", "token_expired"],
    ["a token for another audience", "foreign", "audience_mismatch"],
    ["an unsigned token", "unsigned", "algorithm_not_allowed"],
    ["what is no token", "garbage", "token_malformed"],
  ].map(([what, name, code]) => ({
    name: `verify and verifySync refuse ${what}: ${code}`,
    run: async (given) => {
      await fails(() => ready(given).verify(given.tokens[name]), code);
      await fails(() => ready(given).verifySync(given.tokens[name]), code);
    },
  })),
  {
    name: "keys are found by the issuer's metadata with the fetch that is given, once for two tokens",
    run: async (given) => {
      const { asked, fetch } = server(given);
      const verifier = createVerifier(policyOf(given), { fetch });
      for (const alg of ["ES256", "RS256"])
        equal((await verifier.verify(given.tokens[alg])).claims.sub, alg, "sub");
      equal(
        asked,
        [`${given.issuer}/.well-known/openid-configuration`, `${given.issuer}/jwks`],
        "what was asked",
      );
    },
  },
  {
    name: "keys come by the platform's own fetch where none is given",
    run: async (given) => {
      const { server: url, tokens } = given;
      const verifier = createVerifier({
        ...policyOf(given, { jwks_uri: `${url}/jwks` }),
        allow_insecure_loopback: true,
      });
      equal((await verifier.verify(tokens.ES256)).claims.sub, "ES256", "sub");
    },
  },
  {
    name: "without keys nothing is taken: key_set_unavailable",
    run: async (given) => {
      const fetch = async () => new Response("down", { status: 500 });
      const verifier = createVerifier(policyOf(given), { fetch });
      await fails(() => verifier.verify(given.tokens.ES256), "key_set_unavailable");
      await fails(
        () => createVerifier(policyOf(given), { fetch }).verifySync(given.tokens.ES256),
        "key_set_unavailable",
      );
    },
  },
  {
    name: "engine wasm judges by the core alone",
    run: async (given) => {
      const verifier = ready(given, { engine: "wasm" });
      for (const alg of ["ES256", "RS256"]) {
        equal((await verifier.verify(given.tokens[alg])).claims.sub, alg, "sub");
        await fails(() => verifier.verify(given.spoilt[alg]), "signature_invalid");
      }
    },
  },
  {
    name: "engine webcrypto judges by the platform",
    run: async (given) => {
      const verifier = ready(given, { engine: "webcrypto" });
      for (const alg of algorithms) {
        equal((await verifier.verify(given.tokens[alg])).claims.sub, alg, "sub");
        await fails(() => verifier.verify(given.spoilt[alg]), "signature_invalid");
      }
    },
  },
  {
    name: "a policy that can't be enforced is refused with the place of each problem",
    run: async (given) => {
      const error = await fails(
        () =>
          createVerifier({ issuers: [{ issuer: "http://example.com", audience: given.audience }], more: 1 }),
        "policy_invalid",
      );
      holds(error instanceof EdgewardError, "it is the EdgewardError of this entry");
      equal(error.problems.map(({ path }) => path).sort(), ["issuers[0].issuer", "more"], "its places");
    },
  },
];
