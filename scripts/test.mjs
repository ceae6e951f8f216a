// `npm test [suite…]`: sets up, builds, runs the suites one after another, and counts. `--no-setup` trusts what is there.

import { build } from "./build.mjs";
import { setUp } from "./setup.mjs";
import { bold, duration, failed, green, heading, note, red, runMain, Stop, table } from "./terminal.mjs";
import { withRunner } from "./test/counts.mjs";
import { suites } from "./test/suites.mjs";

/** @typedef {{ name: string, passed: number, failed: number, milliseconds: number }} Result */

/** @param {string} name @returns {Promise<Result>} */
async function runSuite(name) {
  heading(name);
  const started = performance.now();
  /** @type {import("./test/counts.mjs").Counts[]} */
  let counts = [];
  try {
    counts = await suites[name].run();
  } catch (error) {
    failed(error instanceof Stop ? error.message : String(error instanceof Error ? error.stack : error));
  }
  const result = {
    name,
    passed: counts.reduce((sum, count) => sum + count.passed, 0),
    failed: counts.reduce((sum, count) => sum + count.failed, 0),
    milliseconds: performance.now() - started,
  };
  // Every command of a suite has to have run something: silence is not success.
  const ran = counts.length > 0 && counts.every((count) => count.passed + count.failed > 0);
  if (!ran) failed(`${name}: a part of it ran no tests`);
  return { ...result, ...withRunner(result, ran) };
}

/** @param {Result[]} results */
function summary(results) {
  heading("Summary");
  const rows = results.map(({ name, passed, failed, milliseconds }) => [
    name,
    passed,
    failed,
    duration(milliseconds),
  ]);
  console.log(table(["suite", "passed", "failed", "time"], rows));
  const total = (/** @type {"passed" | "failed"} */ key) =>
    results.reduce((sum, result) => sum + result[key], 0);
  const verdict = `${total("passed")} passed, ${total("failed")} failed`;
  console.log(`\n${bold(total("failed") === 0 ? green(verdict) : red(verdict))}`);
  return total("failed") === 0 ? 0 : 1;
}

await runMain(async () => {
  const args = process.argv.slice(2);
  const named = args.filter((arg) => arg !== "--no-setup");
  const unknown = named.find((name) => !suites[name]);
  if (unknown) throw new Stop(`There is no suite called "${unknown}": ${Object.keys(suites).join(", ")}.`);
  const names =
    named.length > 0 ? Object.keys(suites).filter((name) => named.includes(name)) : Object.keys(suites);

  const started = performance.now();
  if (!args.includes("--no-setup")) await setUp(names);
  if (names.some((name) => suites[name].built)) await build();
  const results = [];
  for (const name of names) results.push(await runSuite(name));
  note(`all of it in ${duration(performance.now() - started)}`);
  return summary(results);
});
