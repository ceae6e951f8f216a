// Judges the files, every engine in every runtime that was asked for, and prints what came out.

import { heading, note, runMain } from "../terminal.mjs";
import { compare } from "./compare.mjs";
import { readExceptions, readVectorFiles } from "./files.mjs";
import { parseOptions } from "./options.mjs";
import { printDisagreements, printTable, summary } from "./report.mjs";
import { withRuntime } from "./runtimes.mjs";

/** @typedef {import("./compare.mjs").Run} Run */

await runMain(async () => {
  const options = parseOptions(process.argv.slice(2));
  // With --json nothing but rows goes to standard output.
  if (options.json) console.log = console.error;
  const files = readVectorFiles(options.files);
  const exceptions = options.files.length === 0 ? readExceptions() : [];

  heading("Vectors");
  /** @type {Run[]} */
  const runs = [];
  for (const runtime of options.runtimes) {
    await withRuntime(runtime, async (judge) => {
      for (const engine of options.engines) {
        const started = performance.now();
        for (const { name, rows } of files) {
          const texts = rows.map((row) => row.text);
          runs.push({ file: name, engine, runtime, judgements: await judge(texts, engine) });
        }
        note(`${engine} in ${runtime}: ${((performance.now() - started) / 1000).toFixed(1)} s`);
      }
    });
  }

  const { lines, disagreements } = compare(files, runs, exceptions);
  printTable(lines);
  printDisagreements(disagreements, options.json);
  console.log(`\n${summary(lines, disagreements)}`);
  return disagreements.length === 0 ? 0 : 1;
});
