// docs/strictness.md: the rows, what the standards say of them, and who takes what.

import { groups } from "./make-strictness.mjs";

/** @typedef {{ library: string, verdicts: Map<string, string> }} Judged */

const asked = { refuse: "not allowed", either: "left open", accept: "allowed" };

/** edgeward's own verdict is the row's label, which a test holds against what it does. @param {any[]} rows @returns {Judged} */
const own = (rows) => ({
  library: "edgeward",
  verdicts: new Map(rows.map((row) => [row.id, row.code ? `refuses: \`${row.code}\`` : "accepts"])),
});

/** @param {string} verdict */
const accepts = (verdict) => verdict.startsWith("accepts");

/** How many rows of each kind each implementation takes. @param {any[]} rows @param {Judged[]} judged */
export function countsOf(rows, judged) {
  const all = [own(rows), ...judged];
  const columns = ["by the standard", "rows", ...all.map(({ library }) => `${library} accepts`)];
  const counts = Object.entries(asked).map(([says, words]) => {
    const those = rows.filter((row) => row.says === says);
    const taken = all.map(
      ({ verdicts }) => those.filter((row) => accepts(verdicts.get(row.id) ?? "")).length,
    );
    return [words, those.length, ...taken];
  });
  return { columns, counts };
}

/** @param {(string | number)[]} cells */
const line = (cells) => `| ${cells.map((cell) => String(cell).replaceAll("|", "\\|")).join(" | ")} |`;

/** @param {string[]} columns */
const head = (columns) => [line(columns), line(columns.map(() => "---"))];

/** @param {any} row @param {string} verdict */
function cell(row, verdict) {
  const differs = (row.says === "refuse" && accepts(verdict)) || (row.says === "accept" && !accepts(verdict));
  return differs ? `**${verdict}**` : verdict;
}

/** @param {any[]} rows @param {Judged[]} judged @param {Date} date */
export function documentOf(rows, judged, date) {
  const all = [own(rows), ...judged];
  const columns = ["token", "by the standard", ...all.map(({ library }) => library)];
  const { columns: countColumns, counts } = countsOf(rows, judged);
  const tables = Object.entries(groups).flatMap(([group, { title }]) => [
    "",
    `## ${title}`,
    "",
    ...head(columns),
    ...rows
      .filter((row) => row.id.startsWith(`strictness-${group}-`))
      .map((row) => {
        const standard = `${asked[/** @type {keyof typeof asked} */ (row.says)]}: ${row.rule}`;
        const where = row.section === "none" ? "" : ` (${row.section})`;
        return line([
          row.why,
          standard + where,
          ...all.map(({ verdicts }) => cell(row, verdicts.get(row.id) ?? "")),
        ]);
      }),
  ]);
  const versions = judged.map(({ library }) => library);
  const lastOf = versions.pop();
  return [
    "# What is refused here, and what others do",
    "",
    `Made by \`npm run interop\` on ${date.toISOString().slice(0, 10)} with ${versions.join(", ")} and ${lastOf}. Don't edit it by hand.`,
    "",
    "Each token is good but for what its row names, and signed with a key that RFC 7515 publishes, so a signature that doesn't hold",
    "is never the reason unless the row is about that. The set holds one key. Every implementation was told the algorithm,",
    "issuer and audience, and to demand `exp`:",
    "",
    "* **edgeward**: `Verifier` with these rules and no clock tolerance. The error is held against every row by",
    "  `tests/core/jose/strictness.rs`.",
    "* **jose**: `jwtVerify` with `createLocalJWKSet`, and `typ` where one is expected.",
    "* **PyJWT**: `decode` with the key that `PyJWKClient` chooses, and `enforce_minimum_key_length`.",
    "* **jwcrypto**: `JWT` with a `JWKSet`, `check_claims`, `expected_type` and `strict_serialization`.",
    "",
    "**Not allowed** is what breaks a rule that the standard gives for tokens or keys, **left open** what it lets a recipient decide.",
    "**Bold** in the table takes what is not allowed, or refuses what is. An error in brackets is one that is not the library's own:",
    "whoever catches those alone doesn't catch it. jwcrypto looks at `nbf` only where it is told that one must be there. The libraries",
    "are general ones: what they take, their callers may well refuse afterwards.",
    "",
    ...head(countColumns),
    ...counts.map(line),
    ...tables,
    "",
  ].join("\n");
}
