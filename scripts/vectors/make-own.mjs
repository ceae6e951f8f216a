// `node scripts/vectors/make-own.mjs`: writes the vectors of our own, tests/vectors/own_*.jsonl, for the layers that nobody else
// carries. The keys are those of RFC 7515 appendices A.2 and A.3. ECDSA signs with random numbers, so a new run gives new texts
// with the same labels.

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../process.mjs";
import { claimsRows } from "./own/claims.mjs";
import { dpopRows } from "./own/dpop.mjs";
import { keySetRows } from "./own/key-sets.mjs";
import { parseRows } from "./own/parse.mjs";

/** @type {Record<string, () => import("./own/row.mjs").Vector[]>} */
const files = {
  own_claims: claimsRows,
  own_dpop: dpopRows,
  own_jwks_import: keySetRows,
  own_parse: parseRows,
};

for (const [name, make] of Object.entries(files)) {
  const rows = make();
  const ids = new Set(rows.map((row) => row.id));
  if (ids.size !== rows.length) throw new Error(`${name} has an id twice`);
  const text = rows.map((row) => `${JSON.stringify(row)}\n`).join("");
  writeFileSync(join(root, "tests", "vectors", `${name}.jsonl`), text);
  console.log(`${name}: ${rows.length} rows`);
}
