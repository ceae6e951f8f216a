// `npm run test:packages`: the packed package in other people's bundlers, frameworks and compilers (tests/packages/). Sets up and builds what is
// missing, then goes on in tests/packages/main.ts, on the Node that runs TypeScript.

import { fileURLToPath } from "node:url";
import { build } from "./build.mjs";
import { attach } from "./process.mjs";
import { node22 } from "./setup/node-modules.mjs";
import { setUp } from "./setup.mjs";
import { runMain } from "./terminal.mjs";

const main = fileURLToPath(new URL("../tests/packages/main.ts", import.meta.url));

await runMain(async () => {
  const args = process.argv.slice(2);
  if (!args.includes("--help") && !args.includes("-h")) {
    await setUp(["packages"]);
    await build();
  }
  return attach(node22, ["--disable-warning=ExperimentalWarning", main, ...args], process.cwd());
});
