// A proof is made of rounds: each is one process, which judges cases of every kind from a seed of its own. So a proof that is ended
// early has had all kinds, and a round that failed can be had again alone.

import { join } from "node:path";
import { root, run } from "../process.mjs";
import { Stop } from "../terminal.mjs";

/** Cases of a round: half a minute's worth. */
const roundCases = 50_000;

/**
 * @typedef {{ seed: number, cases: number }} Round
 * @typedef {{ kinds: Map<string, number>, failure: string | undefined }} Outcome
 */

/** @param {boolean} checked @returns {Promise<string>} the program with the tests in it */
export async function buildTests(checked) {
  const target = process.env.CARGO_TARGET_DIR || join(root, "target");
  const command = [
    "test",
    "--locked",
    "--release",
    "--package",
    "edgeward-engine",
    "--lib",
    "--features",
    "sha512",
  ];
  const result = await run("cargo", [...command, "--no-run", "--message-format", "json"], {
    output: "none",
    env: {
      CARGO_TARGET_DIR: join(target, checked ? "prove-checked" : "prove"),
      // What is shipped is linked as a whole, which takes minutes and makes no number another.
      CARGO_PROFILE_RELEASE_LTO: "off",
      CARGO_PROFILE_RELEASE_CODEGEN_UNITS: "16",
      CARGO_PROFILE_RELEASE_DEBUG_ASSERTIONS: String(checked),
      CARGO_PROFILE_RELEASE_OVERFLOW_CHECKS: String(checked),
    },
  });
  const program = result.output.match(/"executable":"((?:[^"\\]|\\.)+)"/)?.[1];
  if (!result.ok || !program) throw new Stop(`The tests could not be built:\n${result.output}`);
  return JSON.parse(`"${program}"`);
}

/** @param {number} cases @param {number} seed @returns {Round[]} */
export function roundsOf(cases, seed) {
  return Array.from({ length: Math.ceil(cases / roundCases) }, (_, index) => ({
    seed: seed + index,
    cases: Math.min(roundCases, cases - index * roundCases),
  }));
}

/** @param {string} program @param {Round} round @returns {Promise<Outcome>} */
export async function judge(program, { seed, cases }) {
  const { ok, output } = await run(program, ["tests::differential::", "--nocapture", "--test-threads=1"], {
    output: "none",
    env: { EDGEWARD_PROVE_CASES: String(cases), EDGEWARD_PROVE_SEED: String(seed) },
  });
  const kinds = kindsIn(output);
  const judged = [...kinds.values()].reduce((sum, count) => sum + count, 0);
  if (!ok) return { kinds, failure: output };
  // Silence is not agreement.
  if (judged < cases) return { kinds, failure: `only ${judged} of ${cases} cases were judged:\n${output}` };
  return { kinds, failure: undefined };
}

/** How many cases of each kind a round's output tells of. @param {string} output @returns {Map<string, number>} */
export function kindsIn(output) {
  const lines = output.matchAll(/^proved: (\d+) (.+)$/gm);
  return new Map([...lines].map(([, count, name]) => [name, Number(count)]));
}
