/** `npm run load`: runs the traffic, prints what came of it, and ends with 1 where anything is wrong. */
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { parseArgs } from "node:util";
import { documented, failures, printed } from "./report.ts";
import { run } from "./run.ts";

const options = {
  minutes: { type: "string" },
  seed: { type: "string" },
  spoilt: { type: "boolean" },
  write: { type: "boolean" },
} as const;
// scripts/load.mjs has read and judged the command line already.
const { values } = parseArgs({ options });
const [minutes, seed] = [Number(values.minutes), Number(values.seed)];

console.log(`seed ${seed}, ${minutes} minutes`);
const outcome = await run({
  ...{ seed, bound: { minutes }, spoilt: values.spoilt ?? false },
  progress: (line) => console.log(line),
});
console.log(`\n${printed(outcome)}\n`);
for (const finding of outcome.findings) console.log(`✗ ${finding}`);

if (values.write) {
  const commit = execFileSync("git", ["rev-parse", "--short", "HEAD"], { encoding: "utf8" }).trim();
  const require = createRequire(createRequire(import.meta.url).resolve("wrangler/package.json"));
  const workerd = (require("workerd/package.json") as { version: string }).version;
  const document = documented(outcome, {
    ...{ command: `npm run load -- --minutes ${minutes} --seed ${seed} --write`, commit },
    ...{
      date: new Date().toISOString().slice(0, 10),
      runtimes: `workerd ${workerd}, Node ${process.versions.node}`,
    },
  });
  writeFileSync(new URL("../../docs/load.md", import.meta.url), document);
}
const failed = failures(outcome);
console.log(
  failed.length === 0 ? "✓ every answer was what it had to be" : failed.map((why) => `✗ ${why}`).join("\n"),
);
process.exitCode = failed.length === 0 ? 0 : 1;
