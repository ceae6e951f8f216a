// Sets everything up, holds every contender against good and bad tokens, measures, and prints and writes what came out.

import { writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { root } from "../process.mjs";
import { failed, heading, note, passed, runMain, Stop } from "../terminal.mjs";
import { casesOf, makeMaterial } from "./cases.mjs";
import { judge } from "./correctness.mjs";
import { writeDocuments } from "./docs/document.mjs";
import { loadRows } from "./load/load.mjs";
import { loadAverage, machine } from "./machine.mjs";
import { parseOptions } from "./options.mjs";
import { printLetsThrough, printLoad, printRows } from "./report.mjs";
import { measure, rowsOf } from "./rounds.mjs";
import { runtimes, start } from "./runtimes.mjs";
import { makeSamples } from "./tokens.mjs";

/** @typedef {import("./cases.mjs").Case} Case */
/** @typedef {import("./runtimes.mjs").Runtime} Runtime */
/** @typedef {import("./stand.mjs").Stand} Stand */

const options = parseOptions(process.argv.slice(2));
const material = makeMaterial(options.quick);

/** Every contender in every runtime. @param {Map<Runtime, Stand>} stands */
async function onStands(stands) {
  /** @type {Map<string, import("./stand.mjs").Description>} */
  const described = new Map();
  /** @type {Case[]} */
  const cases = [];
  for (const [runtime, stand] of stands) {
    const contenders = await stand.contenders();
    for (const one of contenders) described.set(`${one.name} ${one.states}`, one);
    const own = casesOf(runtime, contenders, material, options);
    for (const name of new Set(own.map(({ entry }) => entry.pool)))
      await stand.pool(name, material.pools.get(name) ?? []);
    for (const { label, entry } of own) await stand.prepare(label, entry);
    cases.push(...own);
  }
  const contenders = [...described.values()];
  if (cases.length === 0) return { rows: [], contenders, unusable: 0 };

  heading("Correctness");
  const { good, letsThrough } = await judged(cases, stands);
  passed(`${good.length} of ${cases.length} take the good token`);
  heading("Rounds");
  const rows = rowsOf(await measure(good, stands, options), letsThrough);
  return { rows, contenders, unusable: cases.length - good.length };
}

/** @param {Case[]} cases @param {Map<Runtime, Stand>} stands */
async function judged(cases, stands) {
  /** @type {Map<Case, string[]>} */
  const letsThrough = new Map();
  const good = [];
  for (const one of cases) {
    const { runtime, label, entry } = one;
    const samples = samplesOf(entry.setting.alg);
    const takes = async (/** @type {string} */ token) =>
      (await stands.get(runtime)?.takes(label, token)) ?? false;
    const verdict = await judge(takes, samples, entry.state === "verify");
    letsThrough.set(one, verdict.letsThrough);
    if (verdict.takesGood) good.push(one);
    else failed(label, "  refuses the good token: it is not measured");
  }
  return { good, letsThrough };
}

/** @type {Map<string, import("./tokens.mjs").Samples>} */
const samples = new Map();

/** @param {import("./tokens.mjs").Alg} alg */
function samplesOf(alg) {
  const made = samples.get(alg) ?? makeSamples(material.keyOf(alg));
  samples.set(alg, made);
  return made;
}

await runMain(async () => {
  const started = new Date();
  const busyBefore = loadAverage();
  note(`load of the machine before: ${busyBefore}`);

  /** @type {Map<Runtime, Stand>} */
  const stands = new Map();
  const running = [];
  let measured;
  try {
    for (const runtime of runtimes) {
      const one = await start[runtime]();
      running.push(one);
      stands.set(runtime, one.stand);
    }
    measured = await onStands(stands);
  } finally {
    for (const { stop } of running) await stop();
  }
  const { rows, contenders, unusable } = measured;
  const load = await loadRows(options, material, samplesOf);
  if (rows.length + load.rows.length === 0)
    throw new Stop("Nothing has all the words of --only in its label.");

  printRows(rows);
  printLoad(load.rows);
  printLetsThrough([...rows, ...load.rows]);
  const about = { ...machine(), date: started.toISOString(), rounds: options.rounds, busyBefore };
  note(`load of the machine before ${busyBefore}, after ${loadAverage()}`);

  const all = [...rows, ...load.rows];
  if (options.json !== undefined) {
    writeFileSync(resolve(options.json), `${JSON.stringify(all, null, 2)}\n`);
    passed(options.json, `${all.length} rows`);
  }
  const whole = !options.quick && options.only.length === 0;
  if (options.plots !== undefined || whole) {
    const directory = resolve(options.plots ?? join(root, "docs", "benchmarks"));
    const files = writeDocuments(directory, {
      ...{ rows, load: load.rows, contenders, about, quick: options.quick },
    });
    for (const file of files) passed(file);
  }
  return unusable + load.unusable === 0 ? 0 : 1;
});
