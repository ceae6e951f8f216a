// `edgeward/pkce`: verifier, challenge, state, nonce.

import { createNonce, createPkce, createState } from "edgeward/pkce";
import { equal, fails, holds } from "./expect.mjs";

const base64url = (bytes) =>
  btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");

/** The random bytes of RFC 7636 appendix B. */
const appendixB = [
  116, 24, 223, 180, 151, 153, 224, 37, 79, 250, 96, 125, 216, 173, 187, 186, 22, 212, 37, 77, 105, 214, 191,
  240, 91, 88, 5, 88, 83, 132, 141, 121,
];

/** Does something while the platform's randomness is another function. */
async function withRandomness(getRandomValues, act) {
  Object.defineProperty(globalThis.crypto, "getRandomValues", { value: getRandomValues, configurable: true });
  try {
    return await act();
  } finally {
    delete globalThis.crypto.getRandomValues;
  }
}

export const cases = [
  {
    name: "the challenge is the S256 of the verifier (RFC 7636 section 4.2), by the platform's own digest",
    run: async () => {
      const { code_verifier, code_challenge, code_challenge_method } = await createPkce();
      const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(code_verifier));
      equal(
        [code_challenge, code_challenge_method],
        [base64url(new Uint8Array(digest)), "S256"],
        "challenge",
      );
      holds(/^[\w-]{43}$/.test(code_verifier), "a verifier of 43 characters");
    },
  },
  {
    name: "the example of RFC 7636 appendix B",
    run: async () => {
      const pkce = await withRandomness(
        (view) => {
          view.set(appendixB);
          return view;
        },
        () => createPkce(),
      );
      equal(
        [pkce.code_verifier, pkce.code_challenge],
        ["dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"],
        "the example",
      );
    },
  },
  {
    name: "verifier, state and nonce are never the same twice",
    run: async () => {
      const made = [];
      for (let round = 0; round < 20; round += 1)
        made.push((await createPkce()).code_verifier, await createState(), await createNonce());
      equal(new Set(made).size, 60, "how many differ");
      holds(
        made.every((text) => /^[\w-]{43}$/.test(text)),
        "256 bits each, in base64url",
      );
    },
  },
  {
    name: "without randomness there is no verifier: randomness_invalid",
    run: () =>
      fails(
        () =>
          withRandomness(
            () => {
              throw new Error("none left");
            },
            () => createPkce(),
          ),
        "randomness_invalid",
      ),
  },
];
