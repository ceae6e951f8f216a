// The command line of `npm run vectors`.

import { Misuse, parseCommandLine } from "../command-line.mjs";

export const engines = /** @type {const} */ (["wasm", "wasm-simd", "rustcrypto", "webcrypto"]);
export const runtimes = /** @type {const} */ (["node", "workerd"]);

/**
 * @typedef {(typeof engines)[number]} Engine
 * @typedef {(typeof runtimes)[number]} Runtime
 * @typedef {{ files: string[], engines: Engine[], runtimes: Runtime[], json: boolean, setup: boolean, help: boolean }} Options
 */

export const help = `npm run vectors -- [--engine ${engines.join("|")}] [--runtime ${runtimes.join("|")}] [--json] [FILE…]

Judges the rows of vector files (JSON lines, also compressed with gzip; the format is in tests/vectors/README.md) and
compares the verdicts with the labels. Without files: all that this repository carries, with its exceptions.

  --engine    what checks signatures; all unless it is said ("wasm-simd" is "wasm" compiled with 128-bit vectors)
  --runtime   where it runs; both unless it is said
  --json      the rows that disagree, each as one JSON line, to standard output; everything else to standard error
              (npm prints two lines of its own first: \`npm run --silent vectors -- --json\`)
  --no-setup  trusts the set-up that is there
  --help      this

Exit status: 0 where every row agrees, 1 where one disagrees, 2 where the command or a file can't be read.`;

/** @param {string[]} args @returns {Options} */
export function parseOptions(args) {
  const { values, positionals } = parseCommandLine({
    args,
    allowPositionals: true,
    options: {
      engine: { type: "string", multiple: true },
      runtime: { type: "string", multiple: true },
      json: { type: "boolean" },
      "no-setup": { type: "boolean" },
      help: { type: "boolean", short: "h" },
    },
  });
  return {
    files: positionals,
    engines: chosen("engine", engines, values.engine),
    runtimes: chosen("runtime", runtimes, values.runtime),
    json: values.json ?? false,
    setup: !values["no-setup"],
    help: values.help ?? false,
  };
}

/**
 * @template {string} Name
 * @param {string} option
 * @param {readonly Name[]} all
 * @param {string[] | undefined} names
 * @returns {Name[]}
 */
function chosen(option, all, names) {
  const unknown = names?.find((name) => !all.some((known) => known === name));
  if (unknown !== undefined) throw new Misuse(`There is no ${option} "${unknown}": ${all.join(", ")}.`);
  return all.filter((name) => names === undefined || names.includes(name));
}
