// tests/vectors/strictness.jsonl: tokens that are malformed or suspicious, and good ones beside them, with what the standards
// say of each and what edgeward answers.

import { claimRows } from "./strictness/claims.mjs";
import { ecKey } from "./strictness/forge.mjs";
import { form } from "./strictness/form.mjs";
import { headers } from "./strictness/header.mjs";
import { json } from "./strictness/json.mjs";
import { keys } from "./strictness/keys.mjs";

/** In the order of the table. */
export const groups = {
  form: { title: "Form and base64url", rows: form },
  header: { title: "Header", rows: headers },
  json: { title: "JSON", rows: json },
  claims: { title: "Claims", rows: claimRows },
  keys: { title: "Keys and signatures", rows: keys },
};

const iss = "https://login.example";
const aud = "https://api.example";

export function makeStrictness() {
  return Object.entries(groups).flatMap(([group, { rows }]) =>
    rows.map(({ name, section, says, rule, code, token, jwk, alg, typ }, index) => ({
      id: `strictness-${group}-${index + 1}`,
      source: "edgeward, keys of RFC 7515 appendix A",
      layer: "jwt",
      expect: code ? "invalid" : "valid",
      why: name,
      flags: [],
      section,
      says,
      rule,
      ...(code && { code }),
      alg: alg ?? "ES256",
      token,
      jwks: { keys: [jwk ?? ecKey] },
      now: 1795000000,
      options: { iss, aud, ...(typ && { typ }), expect_issued_in_the_past: true },
    })),
  );
}
