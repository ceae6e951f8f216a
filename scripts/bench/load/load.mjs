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
 * @typedef {{ alg: import("../tokens.mjs").Alg, load: string, contender: string, state: "cold" | "warm" }} Part
 */

const connections = 16;
/** In one round, of one Worker. In the cold load none has a token that the Worker has seen before. */
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

/** An equal part for each connection; one token is for all of them. @param {string[]} tokens @returns {string[][]} */
const dealt = (tokens) =>
  Array.from({ length: connections }, (_, i) =>
    tokens.length === 1 ? tokens : tokens.filter((_, at) => at % connections === i),
  );

/**
 * @param {import("../options.mjs").Options} options
 * @param {import("../cases.mjs").Material} material
 * @param {(alg: import("../tokens.mjs").Alg) => import("../tokens.mjs").Samples} samplesOf
 * @returns {Promise<{ rows: LoadRow[], unusable: number }>}
 */
export async function loadRows(options, { keyOf }, samplesOf) {
  const count = requests[options.quick ? "quick" : "full"];
  const states = /** @type {const} */ (["cold", "warm"]);
  const parts = algs.flatMap((alg) =>
    states.flatMap((state) => {
      const load = `${state} ${alg}, ${connections} connections`;
      return workers
        .filter(({ name }) => isChosen(options, `workerd load ${load} ${name}`))
        .map(({ name }) => ({ alg, state, load, contender: name }));
    }),
  );
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
    const fire = (/** @type {Part} */ { contender, load }, /** @type {string[][]} */ tokens) =>
      fired(cannon, { url: urlOf(contender), tokens, requests: count }, `${load}: ${contender}`);
    const tokensOf = (/** @type {Part} */ { alg, state }) =>
      dealt(makeTokens(keyOf(alg), state === "cold" ? count : 1));
    const results = await measure(good, fire, tokensOf, options.rounds);
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

/** @param {import("node:child_process").ChildProcess} cannon @param {import("./cannon.mjs").Order} order @param {string} label */
async function fired(cannon, order, label) {
  /** @type {import("./cannon.mjs").Outcome} */
  const { requestsPerSecond, failures } = await ask(cannon, order);
  if (failures > 0) throw new Error(`${label} refused ${failures} good tokens`);
  return requestsPerSecond;
}

/**
 * @param {Part[]} parts
 * @param {(part: Part, tokens: string[][]) => Promise<number>} fire
 * @param {(part: Part) => string[][]} tokensOf new ones each time
 * @param {number} rounds
 */
async function measure(parts, fire, tokensOf, rounds) {
  const mixed = mixing();
  /** @type {Map<Part, number[]>} */
  const results = new Map(parts.map((part) => [part, []]));
  // The first round is not counted: code is compiled in it, keys are fetched.
  for (let round = 0; round <= rounds; round += 1) {
    /** The same for every Worker. @type {Map<string, string[][]>} */
    const tokens = new Map();
    for (const part of mixed(parts)) {
      const own = tokens.get(part.load) ?? tokensOf(part);
      tokens.set(part.load, own);
      const rate = await fire(part, own);
      if (round > 0) results.get(part)?.push(rate);
    }
    note(round === 0 ? "warmed up" : `round ${round} of ${rounds}`);
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
