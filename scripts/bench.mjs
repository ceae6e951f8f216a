// `npm run bench`: edgeward's speed beside other validators'. Sets up and builds what is missing, then goes on in
// scripts/bench/main.mjs, on the Node that workerd's tools need.

import { fileURLToPath } from "node:url";
import { buildEngine } from "./bench/engine.mjs";
import { help, parseOptions } from "./bench/options.mjs";
import { build } from "./build.mjs";
import { Misuse } from "./command-line.mjs";
import { attach } from "./process.mjs";
import { node22 } from "./setup/node-modules.mjs";
import { setUp } from "./setup.mjs";
import { runMain } from "./terminal.mjs";

const main = fileURLToPath(new URL("bench/main.mjs", import.meta.url));

await runMain(async () => {
  const args = process.argv.slice(2);
  let options;
  try {
    options = parseOptions(args);
  } catch (error) {
    if (!(error instanceof Misuse)) throw error;
    console.error(`${error.message}\n\n${help}`);
    return 2;
  }
  if (options.help) {
    console.log(help);
    return 0;
  }
  if (options.setup) await setUp(["build"]);
  await build();
  await buildEngine();
  return attach(node22, ["--disable-warning=ExperimentalWarning", main, ...args], process.cwd());
});
