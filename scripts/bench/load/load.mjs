// How many requests a second a Worker answers, checks included, beside one that checks nothing.

import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { failed, heading, note } from "../../terminal.mjs";
import { judge } from "../correctness.mjs";
import { isChosen } from "../options.mjs";
import { mixing } from "../rounds.mjs";
import { median, ratio, spread } from "../statistics.mjs";
import { algs, audience, issuer, makeTokens } from "../tokens.mjs";
import { passthrough, startWorkers, workers } from "./workers.mjs";

/**
 * @typedef {object} LoadRow
 * @property {"workerd"} runtime
 * @property {import("../tokens.mjs").Alg} alg
 * @property {string} load the state of the tokens, the algorithm, and the connections
 * @property {string} contender
 * @property {number} requests_per_second
 * @property {number} spread
 * @property {number | null} ratio_to_passthrough
 * @property {string[]} [lets_through]
 *
 * @typedef {{ alg: import("../tokens.mjs").Alg, load: string, contender: string, tokens: string[][] }} Part
 */

const connections = 16;
/** In one round, of one Worker. A connection of the cold load sends each token once in a round, and no other connection sends it. */
const requests = { full: 2_048, quick: 128 };

/** @param {string} file @returns {import("node:child_process").ChildProcess} */
const started = (file) => fork(fileURLToPath(new URL(file, import.meta.url)), { execArgv: [] });

/** @param {import("node:child_process").ChildProcess} child @param {any} message @returns {Promise<any>} */
async function ask(child, message) {
  const ended = new AbortController();
  const end = once(child, "exit", { signal: ended.signal }).then(() => {
    throw new Error("a process of the load has ended");
  });
  end.catch(() => undefined);
  child.send(message);
  const [answer] = await Promise.race([once(child, "message", { signal: ended.signal }), end]);
  ended.abort();
  return answer;
}

/** @param {string[]} tokens @returns {string[][]} an equal share for each connection */
const dealt = (tokens) =>
  Array.from({ length: connections }, (_, i) => tokens.filter((_, at) => at % connections === i));

/**
 * @param {import("../options.mjs").Options} options
 * @param {import("../cases.mjs").Material} material
 * @param {(alg: import("../tokens.mjs").Alg) => import("../tokens.mjs").Samples} samplesOf
 * @returns {Promise<{ rows: LoadRow[], unusable: number }>}
 */
export async function loadRows(options, { keyOf }, samplesOf) {
  const count = requests[options.quick ? "quick" : "full"];
  const parts = algs.flatMap((alg) => {
    const named = (/** @type {string} */ state) => `${state} ${alg}, ${connections} connections`;
    const chosen = (/** @type {string} */ state) =>
      workers.filter(({ name }) => isChosen(options, `workerd load ${named(state)} ${name}`));
    const cold = chosen("cold");
    const tokens = dealt(makeTokens(keyOf(alg), cold.length > 0 ? count : 1));
    const one = Array.from({ length: connections }, () => tokens[0].slice(0, 1));
    return [
      ...cold.map(({ name }) => ({ alg, load: named("cold"), contender: name, tokens })),
      ...chosen("warm").map(({ name }) => ({ alg, load: named("warm"), contender: name, tokens: one })),
    ];
  });
  if (parts.length === 0) return { rows: [], unusable: 0 };

  heading("Load");
  const jwks = { keys: algs.map((alg) => keyOf(alg).jwk) };
  const children = [started("origin.mjs"), started("cannon.mjs")];
  const [origin, cannon] = children;
  /** @type {() => Promise<void> | undefined} */
  let stop = () => undefined;
  try {
    const setting = { issuer, audience, algs: [...algs], jwksUri: "https://login.example/jwks", jwks };
    const running = await startWorkers(await ask(origin, JSON.stringify(jwks)), setting);
    stop = running.stop;
    const urlOf = (/** @type {string} */ contender) => `${running.origins.get(contender)}/data`;
    const { good, letsThrough } = await judged(parts, urlOf, samplesOf);
    const results = await measure(good, urlOf, cannon, options.rounds, count);
    return { rows: rowsOf(results, letsThrough), unusable: parts.length - good.length };
  } finally {
    await stop();
    for (const child of children) child.kill();
  }
}

/** @param {Part[]} parts @param {(contender: string) => string} urlOf @param {Parameters<typeof loadRows>[2]} samplesOf */
async function judged(parts, urlOf, samplesOf) {
  /** @type {Map<Part, string[]>} */
  const letsThrough = new Map();
  const good = [];
  for (const part of parts) {
    const takes = async (/** @type {string} */ token) => {
      const headers = { authorization: `Bearer ${token}` };
      const answer = await fetch(urlOf(part.contender), { headers });
      await answer.arrayBuffer();
      return answer.status === 200;
    };
    const verdict = await judge(takes, samplesOf(part.alg), false);
    // It is there to decide nothing.
    if (part.contender !== passthrough) letsThrough.set(part, verdict.letsThrough);
    if (verdict.takesGood) good.push(part);
    else failed(`${part.load}: ${part.contender}`, "  refuses the good token: it is not measured");
  }
  return { good, letsThrough };
}

/**
 * @param {Part[]} parts
 * @param {(contender: string) => string} urlOf
 * @param {import("node:child_process").ChildProcess} cannon
 * @param {number} rounds
 * @param {number} count
 */
async function measure(parts, urlOf, cannon, rounds, count) {
  const fire = async (/** @type {Part} */ { contender, load, tokens }) => {
    /** @type {import("./cannon.mjs").Outcome} */
    const outcome = await ask(cannon, { url: urlOf(contender), tokens, requests: count });
    if (outcome.failures > 0)
      throw new Error(`${load}: ${contender} refused ${outcome.failures} good tokens`);
    return outcome.requestsPerSecond;
  };
  // Once uncounted: code is compiled, keys are fetched.
  for (const part of parts) await fire(part);
  note("warmed up");
  const mixed = mixing();
  /** @type {Map<Part, number[]>} */
  const results = new Map(parts.map((part) => [part, []]));
  for (let round = 1; round <= rounds; round += 1) {
    for (const part of mixed(parts)) results.get(part)?.push(await fire(part));
    note(`round ${round} of ${rounds}`);
  }
  return results;
}

/** @param {Map<Part, number[]>} results @param {Map<Part, string[]>} letsThrough @returns {LoadRow[]} */
function rowsOf(results, letsThrough) {
  const all = [...results];
  return all.map(([part, values]) => {
    const { alg, load, contender } = part;
    const base = all.find(([other]) => other.load === load && other.contender === passthrough)?.[1];
    const through = letsThrough.get(part) ?? [];
    return {
      ...{ runtime: "workerd", alg, load, contender },
      requests_per_second: median(values),
      spread: spread(values),
      ratio_to_passthrough: ratio(median(values), base && median(base)),
      ...(through.length > 0 && { lets_through: through }),
    };
  });
}
