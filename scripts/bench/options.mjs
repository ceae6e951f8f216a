// The command line of `npm run bench`.

import { Misuse, parseCommandLine } from "../command-line.mjs";

/**
 * @typedef {object} Options
 * @property {string[][]} only each the words that a label has to have; empty: everything
 * @property {string | undefined} json
 * @property {string | undefined} plots
 * @property {number} rounds
 * @property {boolean} quick
 * @property {boolean} setup
 * @property {boolean} help
 */

/** Fewer and a median is no better than one try. */
const fullRounds = 7;
const quickRounds = 3;

export const help = `npm run bench -- [--quick] [--only "WORDS"]… [--rounds N] [--json FILE] [--plots DIRECTORY]

Measures edgeward beside other validators, in Node and in workerd: the same tokens, the same checks, every contender in every
round, in an order mixed anew. First each has to take a good token and to refuse four bad ones; what it lets through stands
beside its figures. A whole run writes docs/benchmarks/.

  --quick     a try-out in less than a minute: short rounds, fewer points; its figures mean little
  --only      what has all these words in its label, such as "node es256", "workerd warm jose", "curve routes" or "load";
              repeated: what has one or the other
  --rounds    how many; ${fullRounds} unless it is said, ${quickRounds} with --quick
  --json      writes the rows to a file as well
  --plots     writes plots and figures to this directory instead of docs/benchmarks/, also with --quick and --only
  --no-setup  trusts the set-up that is there
  --help      this

A busy machine measures itself: the load before and after is printed. Exit status: 0, 1 where a contender can't be measured,
2 where the command can't be read.`;

/** @param {string[]} args @returns {Options} */
export function parseOptions(args) {
  const { values } = parseCommandLine({
    args,
    options: {
      only: { type: "string", multiple: true },
      json: { type: "string" },
      plots: { type: "string" },
      rounds: { type: "string" },
      quick: { type: "boolean" },
      "no-setup": { type: "boolean" },
      help: { type: "boolean", short: "h" },
    },
  });
  const rounds = Number(values.rounds ?? (values.quick ? quickRounds : fullRounds));
  if (!Number.isInteger(rounds) || rounds < 1) throw new Misuse("--rounds wants a whole number from 1.");
  return {
    only: (values.only ?? []).map((words) => words.toLowerCase().split(/\s+/).filter(Boolean)),
    json: values.json,
    plots: values.plots,
    rounds,
    quick: values.quick ?? false,
    setup: !values["no-setup"],
    help: values.help ?? false,
  };
}

/** Whether a label was asked for. @param {Options} options @param {string} label */
export function isChosen({ only }, label) {
  const text = label.toLowerCase();
  return only.length === 0 || only.some((words) => words.every((word) => text.includes(word)));
}
