// `npm run prove:policies -- [--cases N] [--seed S]`: generated and mutated policies, each refused by place or enforced as a plain reading of
// it says (tests/core/resource_server/policy_mutation.rs). `npm test` judges two thousand, always the same ones.

import { Misuse, parseCommandLine } from "./command-line.mjs";
import { run } from "./process.mjs";
import { runMain } from "./terminal.mjs";

const defaultCases = "100000";
const greatest = 2 ** 48;

const help = `npm run prove:policies -- [--cases N] [--seed S]

  --cases  how many policies; ${defaultCases} unless it is said, which takes some minutes
  --seed   what they come from; another one each time unless it is said

Exit status: 0 where the gate and the reading agree on all, 1 where not, 2 where the command can't be read.`;

/** @param {string} option @param {string} text */
function whole(option, text) {
  if (!/^\d+$/.test(text) || Number(text) > greatest)
    throw new Misuse(`${option} takes a whole number up to ${greatest}.`);
  return text;
}

await runMain(async () => {
  try {
    const { values } = parseCommandLine({
      args: process.argv.slice(2),
      options: { cases: { type: "string" }, seed: { type: "string" }, help: { type: "boolean", short: "h" } },
    });
    if (values.help) {
      console.log(help);
      return 0;
    }
    const env = {
      EDGEWARD_POLICY_CASES: whole("--cases", values.cases ?? defaultCases),
      EDGEWARD_POLICY_SEED: whole("--seed", values.seed ?? String(Math.floor(Math.random() * greatest))),
    };
    const test = ["test", "--locked", "--test", "resource_server", "policy_mutation", "--", "--nocapture"];
    return (await run("cargo", test, { output: "show", env })).ok ? 0 : 1;
  } catch (error) {
    if (!(error instanceof Misuse)) throw error;
    console.error(`${error.message}\n\n${help}`);
    return 2;
  }
});
