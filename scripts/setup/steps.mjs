// One printed line for each step of the set-up: what it does, then how it went and how long it took.

import { lastLines, logFile } from "../process.mjs";
import { dim, duration, failed, passed, Stop } from "../terminal.mjs";

/**
 * @param {string} what
 * @param {() => Promise<string | undefined> | string | undefined} present what is there already, or undefined
 * @param {() => Promise<string | void>} install answers with a remark, or throws a `Stop`
 */
export async function step(what, present, install) {
  const there = await present();
  if (there) {
    passed(what, `already there: ${there}`);
    return;
  }
  console.log(dim(`… ${what}`));
  const started = performance.now();
  try {
    const remark = await install();
    passed(what, [remark, duration(performance.now() - started)].filter(Boolean).join(", "));
  } catch (error) {
    failed(what, duration(performance.now() - started));
    throw error;
  }
}

/**
 * The result of a quiet command, or a stop that shows the end of what it said.
 * @param {import("../process.mjs").RunResult} result
 * @param {string} sentence
 */
export function expectOk(result, sentence) {
  if (result.ok) return result;
  console.error(dim(lastLines(result.output).replace(/^/gm, "    ")));
  throw new Stop(`${sentence} All it said is in ${logFile}.`);
}
