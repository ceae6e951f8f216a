// How many tests passed and failed, read from what each runner prints about itself.

/** @typedef {{ passed: number, failed: number }} Counts */

/** @param {string} text */
// biome-ignore lint/suspicious/noControlCharactersInRegex: the escape that starts a colour is what it removes
const withoutColour = (text) => text.replaceAll(/\u001b\[[0-9;]*m/g, "");

/** @param {RegExpMatchArray[]} matches @returns {Counts} the sums of the first and the second group */
const sums = (matches) => ({
  passed: matches.reduce((sum, match) => sum + Number(match[1]), 0),
  failed: matches.reduce((sum, match) => sum + Number(match[2]), 0),
});

/** cargo test and wasm-bindgen-test end each binary alike. @param {string} output @returns {Counts} */
export function rustCounts(output) {
  const lines = withoutColour(output).matchAll(/^test result: \w+\. (\d+) passed; (\d+) failed;/gm);
  return sums([...lines]);
}

/** The end of node:test's TAP report. @param {string} tap @returns {Counts} */
export function nodeCounts(tap) {
  const value = (/** @type {string} */ name) =>
    Number(tap.match(new RegExp(`^# ${name} (\\d+)$`, "m"))?.[1] ?? 0);
  return { passed: value("pass"), failed: value("fail") + value("cancelled") };
}

/** The files of the tests that failed, from node:test's TAP report. @param {string} tap @returns {string[]} */
export function filesWithFailures(tap) {
  const failures = tap.matchAll(/^ *not ok (?:(?!^ *(?:not )?ok ).)*?^ *location: '([^'\n]+?):\d+:\d+'$/gms);
  return [...new Set([...failures].map(([, file]) => file))];
}

/** The walkthrough's last line. @param {string} output @returns {Counts} */
export function walkthroughCounts(output) {
  const text = withoutColour(output);
  const wrong = text.match(/^(\d+) of (\d+) rows did not come out as expected/m);
  if (wrong) return { passed: Number(wrong[2]) - Number(wrong[1]), failed: Number(wrong[1]) };
  return { passed: Number(text.match(/^All (\d+) rows came out as expected/m)?.[1] ?? 0), failed: 0 };
}

/** The last line of `npm run vectors`: each row counts once for each engine in each runtime. @param {string} output @returns {Counts} */
export function vectorCounts(output) {
  const line = withoutColour(output).match(/^(\d+) verdicts agree, (\d+) disagree, (\d+) acceptable$/m);
  return { passed: Number(line?.[1] ?? 0) + Number(line?.[3] ?? 0), failed: Number(line?.[2] ?? 0) };
}

/** The last line of `npm run test:packages`. @param {string} output @returns {Counts} */
export function cellCounts(output) {
  const [, good, all] = withoutColour(output).match(/^(\d+) of (\d+) cells are as they have to be$/m) ?? [];
  return { passed: Number(good ?? 0), failed: Number(all ?? 0) - Number(good ?? 0) };
}

/** The last line of `npm run test:runtimes`. @param {string} output @returns {Counts} */
export function runtimeCounts(output) {
  const line = withoutColour(output).match(/^(\d+) cases passed, (\d+) failed, in \d+ runtimes$/m);
  return { passed: Number(line?.[1] ?? 0), failed: Number(line?.[2] ?? 0) };
}

/** The last line of `npm run size`. @param {string} output @returns {Counts} */
export function sizeCounts(output) {
  const [, within, all] =
    withoutColour(output).match(/^(\d+) of (\d+) files are within their budgets$/m) ?? [];
  return { passed: Number(within ?? 0), failed: Number(all ?? 0) - Number(within ?? 0) };
}

/**
 * A runner that failed without naming a failed test (it did not compile, it was ended) counts as one failure.
 * @param {Counts} counts
 * @param {boolean} ok whether the runner itself was content
 * @returns {Counts}
 */
export function withRunner(counts, ok) {
  return ok || counts.failed > 0 ? counts : { passed: counts.passed, failed: 1 };
}
