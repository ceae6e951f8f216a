// `npm run load -- [--minutes M] [--seed S]`: mixed traffic through the gate at the machine's limit, each answer checked (tests/load/).

import { fileURLToPath } from "node:url";
import { build } from "./build.mjs";
import { Misuse, parseCommandLine } from "./command-line.mjs";
import { attach, root } from "./process.mjs";
import { node22 } from "./setup/node-modules.mjs";
import { setUp } from "./setup.mjs";
import { runMain } from "./terminal.mjs";

const main = fileURLToPath(new URL("../tests/load/main.ts", import.meta.url));
const defaultMinutes = "10";
const greatestSeed = 2 ** 32;

const help = `npm run load -- [--minutes M] [--seed S] [--write] [--spoilt] [--no-setup]

Sends good and bad requests of some fifty kinds through the Worker in workerd, as many at once as raise the throughput, and checks every
answer, and what the origin saw. Keys are rotated and tokens revoked meanwhile.

  --minutes   how long; ${defaultMinutes} unless it is said
  --seed      what the requests come from; another one each time unless it is said
  --write     writes what came out to docs/load.md
  --spoilt    leaves a demand out of the gate's policy: the run must end with 1
  --no-setup  trusts what is there
  --help      this

Exit status: 0 where every answer was what it had to be, none was from 500 on, and workerd's memory stayed flat; 1 where not; 2 where the
command can't be read.`;

/** @param {string} name @param {string} text @param {(value: number) => boolean} isGood @param {string} wanted */
function number(name, text, isGood, wanted) {
  const value = Number(text);
  if (text.trim() === "" || !isGood(value)) throw new Misuse(`${name} must be ${wanted}, not "${text}"`);
  return String(value);
}

await runMain(async () => {
  try {
    const { values } = parseCommandLine({
      args: process.argv.slice(2),
      options: {
        minutes: { type: "string" },
        seed: { type: "string" },
        write: { type: "boolean" },
        spoilt: { type: "boolean" },
        "no-setup": { type: "boolean" },
        help: { type: "boolean", short: "h" },
      },
    });
    if (values.help) {
      console.log(help);
      return 0;
    }
    const minutes = number(
      "--minutes",
      values.minutes ?? defaultMinutes,
      (value) => value > 0 && value <= 1_440,
      "from more than 0 to 1440",
    );
    const anySeed = String(Math.floor(Math.random() * greatestSeed));
    const isSeed = (/** @type {number} */ value) =>
      Number.isInteger(value) && value >= 0 && value < greatestSeed;
    const seed = number("--seed", values.seed ?? anySeed, isSeed, "a whole number below 2^32");
    if (!values["no-setup"]) {
      await setUp(["build"]);
      await build();
    }
    const flags = [`--minutes=${minutes}`, `--seed=${seed}`];
    if (values.write) flags.push("--write");
    if (values.spoilt) flags.push("--spoilt");
    return attach(node22, ["--disable-warning=ExperimentalWarning", main, ...flags], root);
  } catch (error) {
    if (!(error instanceof Misuse)) throw error;
    console.error(`${error.message}\n\n${help}`);
    return 2;
  }
});
