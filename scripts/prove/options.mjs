// The command line of `npm run prove`.

import { availableParallelism } from "node:os";
import { Misuse, parseCommandLine } from "../command-line.mjs";

const defaultCases = 10_000_000;

/** The environment takes 64 bits; this much a number holds exactly. */
const greatestSeed = 2 ** 48;

/**
 * @typedef {object} Options
 * @property {number} cases
 * @property {number} minutes `Infinity` where no time was set
 * @property {number} seed
 * @property {number} processes
 * @property {boolean} checked
 * @property {string | undefined} json
 * @property {boolean} help
 */

export const help = `npm run prove -- [--cases N] [--minutes M] [--seed S] [--processes P] [--checked] [--json FILE]

Holds the crate's own RSA and P-256 against RustCrypto and big integers: random and spoilt signatures, boundaries, crafted
sums and keys, flawed encodings, limbs at their bounds. About 5 minutes on two cores for each million cases.

  --cases      how many; ${defaultCases.toLocaleString("en")} unless it is said
  --minutes    begins nothing new after so many, however many cases there were
  --seed       what all random numbers come from; another one each time unless it is said
  --processes  how many cases are judged side by side; as many as there are cores unless it is said
  --checked    with every overflow and every claimed bound checked: takes about twice as long
  --json       writes what came out to a file
  --help       this

Exit status: 0 where all verdicts and numbers agree, 1 where one does not, 2 where the command can't be read.`;

/** @param {string[]} args @returns {Options} */
export function parseOptions(args) {
  const { values } = parseCommandLine({
    args,
    options: {
      cases: { type: "string" },
      minutes: { type: "string" },
      seed: { type: "string" },
      processes: { type: "string" },
      checked: { type: "boolean" },
      json: { type: "string" },
      help: { type: "boolean", short: "h" },
    },
  });
  return {
    cases: whole("--cases", values.cases, 1) ?? defaultCases,
    minutes: positive("--minutes", values.minutes) ?? Number.POSITIVE_INFINITY,
    seed: whole("--seed", values.seed, 0) ?? Math.floor(Math.random() * greatestSeed),
    processes: whole("--processes", values.processes, 1) ?? availableParallelism(),
    checked: values.checked ?? false,
    json: values.json,
    help: values.help ?? false,
  };
}

/** @param {string} option @param {string | undefined} text @param {number} least */
function whole(option, text, least) {
  if (text === undefined) return undefined;
  const value = Number(text);
  // Digits alone: Number() also takes "", "1e3" and "0x10".
  if (!/^\d+$/.test(text) || value < least || value > greatestSeed)
    throw new Misuse(`${option} takes a whole number from ${least} to ${greatestSeed}.`);
  return value;
}

/** @param {string} option @param {string | undefined} text */
function positive(option, text) {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (!(value > 0)) throw new Misuse(`${option} takes a number over 0.`);
  return value;
}
