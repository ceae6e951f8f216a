// The runtimes the judge runs in: this Node, and workerd. Each is started once and ended afterwards.

import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { judges, webcrypto } from "./build.mjs";
import { judgeRows, pick } from "./rows.mjs";
import { startWorkerd } from "./workerd.mjs";

/**
 * @typedef {import("./rows.mjs").Judgement} Judgement
 * @typedef {(rows: string[], engine: string) => Promise<Judgement[]>} Judge
 * @typedef {{ judge: Judge, stop: () => Promise<void> }} Running
 */

/** Rows in one request: enough to make its cost nothing, few enough for an answer within seconds. */
const batchRows = 200;

/** @param {import("./build.mjs").Judge} judge */
async function load({ glue, wasm }) {
  const module = await import(pathToFileURL(glue).href);
  module.initSync({ module: readFileSync(wasm) });
  return module;
}

/** @returns {Promise<Running>} */
async function inNode() {
  const modules = { scalar: await load(judges.scalar), simd: await load(judges.simd) };
  const { WebCrypto } = await import(pathToFileURL(webcrypto).href);
  const webCrypto = new WebCrypto();
  return {
    judge: (rows, engine) => {
      const { judge_row } = pick(modules, engine);
      return judgeRows(rows, engine, { judge_row, webCrypto });
    },
    stop: async () => undefined,
  };
}

/** @returns {Promise<Running>} */
async function inWorkerd() {
  const { origin, stop } = await startWorkerd();
  return {
    judge: async (rows, engine) => {
      const answer = await fetch(`${origin}/?engine=${engine}`, { method: "POST", body: rows.join("\n") });
      if (!answer.ok) throw new Error(`the Worker answered ${answer.status}: ${await answer.text()}`);
      return /** @type {Promise<Judgement[]>} */ (answer.json());
    },
    stop,
  };
}

const start = { node: inNode, workerd: inWorkerd };

/**
 * Starts a runtime, has `use` work with it, and ends it however that went.
 * @template Result
 * @param {import("./options.mjs").Runtime} name
 * @param {(judge: Judge) => Promise<Result>} use
 */
export async function withRuntime(name, use) {
  const running = await start[name]();
  try {
    return await use(async (rows, engine) => {
      const judgements = [];
      for (let from = 0; from < rows.length; from += batchRows)
        judgements.push(...(await running.judge(rows.slice(from, from + batchRows), engine)));
      return judgements;
    });
  } finally {
    await running.stop();
  }
}
