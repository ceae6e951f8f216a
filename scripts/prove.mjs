// `npm run prove`: millions of cases for the crate's own RSA and P-256, each held against RustCrypto or big integers. The cases are the
// differential tests' (engine/src/proof.rs), built once and run with a great number.

import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { Misuse } from "./command-line.mjs";
import { lastLines } from "./process.mjs";
import { help, parseOptions } from "./prove/options.mjs";
import { buildTests, judge, roundsOf } from "./prove/rounds.mjs";
import { bold, dim, duration, failed, heading, note, passed, runMain, table } from "./terminal.mjs";

/** The lines of a failed round that are shown: the case, and what panicked. */
const shownLines = 60;

const grouped = (/** @type {number} */ count) => count.toLocaleString("en");

/** @param {import("./prove/options.mjs").Options} options */
async function prove({ cases, minutes, seed, processes, checked, json }) {
  console.log(dim("… the tests are built, which takes a minute or two the first time"));
  const program = await buildTests(checked);
  heading(`${grouped(cases)} cases from seed ${seed}, ${processes} side by side`);

  const started = performance.now();
  const elapsed = () => performance.now() - started;
  const waiting = roundsOf(cases, seed);
  /** @type {Map<string, number>} */
  const kinds = new Map();
  const judged = () => [...kinds.values()].reduce((sum, count) => sum + count, 0);
  /** @type {import("./prove/rounds.mjs").Round[]} */
  const broken = [];

  const work = async () => {
    while (broken.length === 0 && elapsed() < minutes * 60_000) {
      const round = waiting.shift();
      if (!round) return;
      const outcome = await judge(program, round);
      for (const [kind, count] of outcome.kinds) kinds.set(kind, (kinds.get(kind) ?? 0) + count);
      if (outcome.failure) {
        broken.push(round);
        console.log(lastLines(outcome.failure, shownLines));
      } else {
        note(`${grouped(judged())} of ${grouped(cases)}, ${duration(elapsed())}`);
      }
    }
  };
  await Promise.all(Array.from({ length: processes }, work));

  const rows = [...kinds].map(([kind, count]) => [kind, grouped(count)]);
  console.log(`\n${table(["kind", "cases"], rows)}\n`);
  const took = elapsed();
  if (json) {
    const all = {
      seed,
      cases: judged(),
      minutes: took / 60_000,
      processes,
      checked,
      agree: broken.length === 0,
    };
    const written = { date: new Date().toISOString(), ...all, kinds: Object.fromEntries(kinds) };
    writeFileSync(json, `${JSON.stringify(written, null, 2)}\n`);
  }
  for (const round of broken) {
    failed(bold("Ours and another implementation disagree; the case is above."));
    const again = ["--seed", round.seed, "--cases", round.cases, ...(checked ? ["--checked"] : [])];
    note(`the same round again: npm run prove -- ${again.join(" ")}`);
  }
  if (broken.length > 0) return 1;
  passed(`${grouped(judged())} cases agree`, duration(took));
  return 0;
}

await runMain(async () => {
  try {
    const options = parseOptions(process.argv.slice(2));
    if (options.help) {
      console.log(help);
      return 0;
    }
    // npm starts a script in the directory of package.json, and says in INIT_CWD where it was itself called.
    const { npm_lifecycle_event: script, INIT_CWD: calledIn = "" } = process.env;
    if (options.json) options.json = resolve(script === "prove" ? calledIn : "", options.json);
    return await prove(options);
  } catch (error) {
    if (!(error instanceof Misuse)) throw error;
    console.error(`${error.message}\n\n${help}`);
    return 2;
  }
});
