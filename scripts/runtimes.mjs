// `npm run test:runtimes`: the published entries in every runtime they are for. Arguments go to tests/runtimes/main.ts.

import { build } from "./build.mjs";
import { attach } from "./process.mjs";
import { node22 } from "./setup/node-modules.mjs";
import { setUp } from "./setup.mjs";
import { runMain } from "./terminal.mjs";

await runMain(async () => {
  const args = process.argv.slice(2);
  if (!args.includes("--help")) {
    await setUp(["runtimes"]);
    await build();
    console.log();
  }
  return await attach(node22, ["--disable-warning=ExperimentalWarning", "tests/runtimes/main.ts", ...args]);
});
