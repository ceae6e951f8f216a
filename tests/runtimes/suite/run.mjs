// Runs the cases of one entry point, wherever that is, and says of each whether it held.

/**
 * @typedef {import("../given.ts").Given} Given
 * @typedef {{ name: string, run: (given: Given) => unknown }} Case
 * @typedef {{ name: string, error?: string }} Outcome `error` where it did not hold
 */

const told = (/** @type {unknown} */ error) =>
  error instanceof Error ? `${error.name}: ${error.message}` : String(error);

/**
 * @param {() => Promise<{ cases: Case[] }>} load imports the cases, and by that the entry point
 * @param {Given} given
 * @returns {Promise<Outcome[]>}
 */
export async function run(load, given) {
  /** @type {Outcome[]} */
  const outcomes = [];
  let cases;
  try {
    ({ cases } = await load());
  } catch (error) {
    return [{ name: "is imported", error: told(error) }];
  }
  for (const { name, run } of cases) {
    try {
      await run(given);
      outcomes.push({ name });
    } catch (error) {
      outcomes.push({ name, error: told(error) });
    }
  }
  return outcomes;
}
