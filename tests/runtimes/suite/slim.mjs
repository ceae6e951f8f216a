// `edgeward/slim`: one issuer's tokens by keys that are given.

import { createVerifier } from "edgeward/slim";
// Not an entry: the script of the module that the entry uses in every runtime, for what only a trap can show.
import { initSync } from "../node_modules/edgeward/dist/wasm/generated/slim.js";
import { equal, fails } from "./expect.mjs";
import { exhaust } from "./trap.mjs";

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
  {
    name: "a trap fails the token it happens in, and the next one is judged by a fresh instance: internal_error",
    run: async (given) => {
      const [verifier, other] = [ready(given), ready(given)];
      exhaust(initSync);
      await fails(() => verifier.verifySync(given.tokens.ES256), "internal_error");
      for (const each of [verifier, other]) {
        equal(each.verifySync(given.tokens.ES256).claims.sub, "ES256", "sub");
        await fails(() => each.verifySync(given.spoilt.RS256), "signature_invalid");
      }
    },
  },
];
