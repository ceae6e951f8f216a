// What is printed of the comparison.

import { bold, dim, failed, green, red, table } from "../terminal.mjs";

/**
 * @typedef {import("./compare.mjs").Line} Line
 * @typedef {import("./compare.mjs").Disagreement} Disagreement
 */

/** More than this on a screen helps nobody. */
const shownDisagreements = 20;

/** @param {Line[]} lines */
export function printTable(lines) {
  const columns = ["file", "engine", "runtime", "rows", "agree", "disagree", "acceptable", "by the host"];
  const rows = lines.map(({ file, engine, runtime, rows, agree, disagree, acceptable, host }) => [
    ...[file, engine, runtime, rows, agree, disagree, acceptable, engine === "webcrypto" ? host : ""],
  ]);
  console.log(`\n${table(columns, rows)}`);
}

/** @param {Disagreement[]} disagreements @param {boolean} asJson */
export function printDisagreements(disagreements, asJson) {
  if (asJson) {
    for (const disagreement of disagreements) process.stdout.write(`${JSON.stringify(disagreement)}\n`);
    return;
  }
  if (disagreements.length > 0) console.log();
  for (const { file, line, id, expected, why, problem, judged } of disagreements.slice(
    0,
    shownDisagreements,
  )) {
    const verdicts = new Set(judged.map(({ verdict, code }) => (code ? `${verdict}: ${code}` : verdict)));
    failed(`${file}:${line} ${id}`, `  ${problem}; expected ${expected}, ${[...verdicts].join("; ")}`);
    if (why) console.log(dim(`    ${why}`));
  }
  const more = disagreements.length - shownDisagreements;
  if (more > 0) console.log(dim(`  … and ${more} more; --json has them all`));
}

/** @param {Line[]} lines @param {Disagreement[]} disagreements */
export function summary(lines, disagreements) {
  const total = (/** @type {"agree" | "disagree" | "acceptable"} */ key) =>
    lines.reduce((sum, line) => sum + line[key], 0);
  const unmatched = disagreements.filter(({ judged }) => judged.length === 0).length;
  const disagree = total("disagree") + unmatched;
  const text = `${total("agree")} verdicts agree, ${disagree} disagree, ${total("acceptable")} acceptable`;
  return bold(disagree === 0 ? green(text) : red(text));
}
