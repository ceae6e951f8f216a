// `edgeward/slim`: one issuer's tokens by keys that are given.

import { createVerifier } from "edgeward/slim";
import { equal, fails } from "./expect.mjs";

const ready = ({ issuer, audience, keySet }) => createVerifier({ issuer, audience }, keySet);

export const cases = [
  ...["ES256", "RS256"].map((alg) => ({
    name: `verifySync takes ${alg}, and refuses it spoilt`,
    run: async (given) => {
      const { claims, scope } = ready(given).verifySync(given.tokens[alg]);
      equal([claims.sub, scope], [alg, ["data:read"]], "what it says");
      await fails(() => ready(given).verifySync(given.spoilt[alg]), "signature_invalid");
    },
  })),
  ...[
    ["an expired token", "expired", "token_expired"],
    ["a token for another audience", "foreign", "audience_mismatch"],
    ["an algorithm that it has not", "EdDSA", "algorithm_not_allowed"],
    ["what is no token", "garbage", "token_malformed"],
  ].map(([what, name, code]) => ({
    name: `verifySync refuses ${what}: ${code}`,
    run: (given) => fails(() => ready(given).verifySync(given.tokens[name]), code),
  })),
  {
    name: "another key set takes the place of the first, and a malformed one does not",
    run: async (given) => {
      const verifier = ready(given);
      await fails(() => verifier.provideKeySet("[]"), "key_set_malformed");
      equal(verifier.verifySync(given.tokens.ES256).claims.sub, "ES256", "sub");
      verifier.provideKeySet({ keys: given.keySet.keys.filter(({ alg }) => alg === "RS256") });
      equal(verifier.verifySync(given.tokens.RS256).claims.sub, "RS256", "sub");
      await fails(() => verifier.verifySync(given.tokens.ES256), "key_unknown");
    },
  },
];
