// `npm start`: sets up what the demo needs, builds, and runs it. Arguments go to examples/demo/main.ts.

import { build } from "./build.mjs";
import { attach } from "./process.mjs";
import { node22 } from "./setup/node-modules.mjs";
import { setUp } from "./setup.mjs";
import { runMain } from "./terminal.mjs";

await runMain(async () => {
  await setUp(["demo"]);
  await build();
  console.log();
  return attach(node22, ["examples/demo/main.ts", ...process.argv.slice(2)]);
});
