// `npm run vectors [-- FILE…]`: holds the rows of vector files against their labels, with each engine in each runtime. Sets up
// and builds what is missing, then goes on in scripts/vectors/main.mjs, on the Node that workerd's tools need.

import { fileURLToPath } from "node:url";
import { Misuse } from "./command-line.mjs";
import { attach } from "./process.mjs";
import { node22 } from "./setup/node-modules.mjs";
import { setUp } from "./setup.mjs";
import { runMain } from "./terminal.mjs";
import { buildJudge } from "./vectors/build.mjs";
import { readVectorFiles } from "./vectors/files.mjs";
import { help, parseOptions } from "./vectors/options.mjs";

const main = fileURLToPath(new URL("vectors/main.mjs", import.meta.url));

async function judge() {
  const args = process.argv.slice(2);
  let options;
  try {
    options = parseOptions(args);
    if (options.help) {
      console.log(help);
      return 0;
    }
    // What can't be read is said before anything is built.
    readVectorFiles(options.files);
    // With --json nothing but rows goes to standard output.
    if (options.json) console.log = console.error;
  } catch (error) {
    if (!(error instanceof Misuse)) throw error;
    console.error(`${error.message}\n\n${help}`);
    return 2;
  }
  if (options.setup) await setUp(["build"]);
  await buildJudge();
  return attach(node22, ["--disable-warning=ExperimentalWarning", main, ...args], process.cwd());
}

await runMain(judge);
