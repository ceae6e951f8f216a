// Measuring: every case in every round, in an order mixed anew, so that what the machine does meanwhile falls on all alike.

import { note } from "../terminal.mjs";
import { joseName } from "./contenders/jose.mjs";
import { median, randomFrom, ratio, shuffled, spread } from "./statistics.mjs";

/** @typedef {import("./cases.mjs").Case} Case */
/** @typedef {import("./runtimes.mjs").Runtime} Runtime */
/** @typedef {import("./stand.mjs").Stand} Stand */

/**
 * @typedef {object} Row
 * @property {Runtime} runtime
 * @property {import("./tokens.mjs").Alg} alg
 * @property {import("./contenders/contender.mjs").State} state
 * @property {string} contender
 * @property {import("./cases.mjs").Curve} [curve]
 * @property {number} [x]
 * @property {number} median_us microseconds for one operation
 * @property {number} spread the distance between the quartiles as a share of the median
 * @property {number | null} ratio_to_jose its median as a multiple of jose's: below 1 is faster
 * @property {string[]} [lets_through] what it takes and must not
 */

/** Only that the order is the same in every run. */
const seed = 20_261_121;

/** How long a case runs in one round, in milliseconds: long beside a request to workerd, short beside what a machine does otherwise. */
const times = { full: { state: 100, curve: 50 }, quick: { state: 15, curve: 10 } };

/** @returns {<Item>(items: readonly Item[]) => Item[]} mixes, each time anew */
export function mixing() {
  const random = randomFrom(seed);
  return (items) => shuffled(items, random);
}

/**
 * @param {Case[]} cases
 * @param {Map<Runtime, Stand>} stands
 * @param {import("./options.mjs").Options} options
 * @returns {Promise<Map<Case, number[]>>} microseconds for one operation, in each round
 */
export async function measure(cases, stands, { rounds, quick }) {
  const time = async (/** @type {Case} */ { runtime, label }, /** @type {number} */ operations) => {
    const started = performance.now();
    await stands.get(runtime)?.run(label, operations);
    return performance.now() - started;
  };
  const started = performance.now();
  /** @type {Map<Case, number>} */
  const operations = new Map();
  for (const [index, one] of cases.entries()) {
    const limit = times[quick ? "quick" : "full"][one.curve ? "curve" : "state"];
    operations.set(one, await warmUp((count) => time(one, count), limit));
    if (index % 25 === 24) note(`warmed up ${index + 1} of ${cases.length}`);
  }
  const mixed = mixing();
  /** @type {Map<Case, number[]>} */
  const results = new Map(cases.map((one) => [one, []]));
  for (let round = 1; round <= rounds; round += 1) {
    for (const one of mixed(cases)) {
      const count = operations.get(one) ?? 1;
      results.get(one)?.push(((await time(one, count)) * 1000) / count);
    }
    note(`round ${round} of ${rounds}: ${((performance.now() - started) / 1000).toFixed(0)} s`);
  }
  return results;
}

/** The first ones compile code, and one alone may just have had to wait. */
const fewestWarmUps = 8;

/**
 * Runs ever more operations until one run is long enough to tell how many fill a round's part. The fastest run tells: what the machine
 * did meanwhile only makes a run slower.
 * @param {(operations: number) => Promise<number>} time
 * @param {number} milliseconds
 * @returns {Promise<number>} how many operations a round takes
 */
async function warmUp(time, milliseconds) {
  let fastest = Number.POSITIVE_INFINITY;
  for (let count = 1; ; count *= 2) {
    const taken = await time(count);
    fastest = Math.min(fastest, taken / count);
    if (count >= fewestWarmUps && taken >= milliseconds / 2) return Math.ceil(milliseconds / fastest);
  }
}

/** @param {Map<Case, number[]>} results @param {Map<Case, string[]>} letsThrough @returns {Row[]} */
export function rowsOf(results, letsThrough) {
  const key = (/** @type {Case} */ { runtime, entry }) => `${runtime} ${entry.setting.alg} ${entry.state}`;
  /** @type {Map<string, number>} */
  const jose = new Map();
  for (const [one, values] of results) {
    if (one.curve === undefined && one.entry.contender === joseName) jose.set(key(one), median(values));
  }
  return [...results].map(([one, values]) => {
    const { runtime, curve, x, entry } = one;
    const through = letsThrough.get(one) ?? [];
    return {
      ...{ runtime, alg: entry.setting.alg, state: entry.state, contender: entry.contender },
      ...(curve !== undefined && { curve, x }),
      median_us: median(values),
      spread: spread(values),
      ratio_to_jose: curve === undefined ? ratio(median(values), jose.get(key(one))) : null,
      ...(through.length > 0 && { lets_through: through }),
    };
  });
}
