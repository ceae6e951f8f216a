// `edgeward/slim`: one issuer's tokens by keys that are given.

import { createVerifier } from "edgeward/slim";
// Not an entry: the script of the module that the entry uses in every runtime, for what only a trap can show.
import { initSync } from "../node_modules/edgeward/dist/wasm/generated/slim.js";
import { equal, fails, holds } from "./expect.mjs";

const ready = ({ issuer, audience, keySet }) => createVerifier({ issuer, audience }, keySet);

/** Takes all memory that the module has left or could get. The script gives the exports of the instance that is there, and reads no module. */
function exhaust() {
  const { memory, __wbindgen_malloc } = initSync({ module: new Uint8Array() });
  // The most that 32 bits can address, in pages of 64 KiB; the runtime may allow less.
  for (let pages = 65_536; pages >= 1; pages = Math.floor(pages / 2)) {
    try {
      memory.grow(pages);
    } catch (error) {
      holds(error instanceof RangeError, "there is no more");
    }
  }
  for (let bytes = 2 ** 30; bytes >= 1; bytes /= 2) {
    let trap;
    while (trap === undefined) {
      try {
        __wbindgen_malloc(bytes, 1);
      } catch (error) {
        trap = error;
      }
    }
    holds(trap instanceof WebAssembly.RuntimeError, "the module traps");
  }
}

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
      exhaust();
      await fails(() => verifier.verifySync(given.tokens.ES256), "internal_error");
      for (const each of [verifier, other]) {
        equal(each.verifySync(given.tokens.ES256).claims.sub, "ES256", "sub");
        await fails(() => each.verifySync(given.spoilt.RS256), "signature_invalid");
      }
    },
  },
];
