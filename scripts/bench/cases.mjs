// Everything that is measured on a stand: contenders in their states, and the curves along which edgeward may grow slower.

import { gateName, verifierName } from "./contenders/edgeward.mjs";
import { isChosen } from "./options.mjs";
import { algs, audience, fits, issuer, keySet, makeKey, makeTokens } from "./tokens.mjs";

/** @typedef {import("./stand.mjs").Entry} Entry */
/** @typedef {import("./tokens.mjs").Alg} Alg */
/** @typedef {"keys" | "token bytes" | "routes" | "remembered tokens"} Curve */

/**
 * @typedef {object} Case
 * @property {import("./runtimes.mjs").Runtime} runtime
 * @property {Curve} [curve]
 * @property {number} [x] where on the curve
 * @property {string} label
 * @property {Entry} entry
 */

/** Tokens in a pool. Caches of results get half as many entries, so that going round the pool never finds one. */
const poolTokens = 512;

/** @type {Record<Curve, { full: number[], quick: number[] }>} */
const points = {
  keys: { full: [1, 10, 100, 1_000], quick: [1, 100] },
  "token bytes": { full: [512, 1_024, 2_048, 4_096, 8_192, 16_384], quick: [1_024, 16_384] },
  routes: { full: [1, 10, 100, 1_000, 10_000], quick: [1, 1_000] },
  "remembered tokens": { full: [10, 100, 1_000, 10_000, 100_000], quick: [10, 1_000] },
};

/** Made once: every runtime and every contender gets the same keys, sets and tokens. @param {boolean} quick */
export function makeMaterial(quick) {
  const keys = new Map(algs.map((alg) => [alg, makeKey(alg)]));
  const keyOf = (/** @type {Alg} */ alg) => {
    const key = keys.get(alg);
    if (!key) throw new Error(`there is no key for ${alg}`);
    return key;
  };
  /** @type {Map<string, string[]>} */
  const pools = new Map();
  const pool = (/** @type {Alg} */ alg, { bytes = 0, tokens = poolTokens } = {}) => {
    const name = `${alg} ${tokens} ${bytes}`;
    if (!pools.has(name)) pools.set(name, makeTokens(keyOf(alg), tokens, bytes || undefined));
    return name;
  };
  /** @type {Map<string, ReturnType<typeof keySet>>} */
  const sets = new Map();
  /** @param {Alg} alg @param {{ keys?: number, routes?: number, cacheEntries?: number }} [more] */
  const setting = (alg, { keys: count = 1, routes = 1, cacheEntries = poolTokens / 2 } = {}) => {
    const jwks = sets.get(`${alg} ${count}`) ?? keySet(keyOf(alg), count);
    sets.set(`${alg} ${count}`, jwks);
    return { alg, issuer, audience, jwks, routes, cacheEntries };
  };
  return { keyOf, pools, pool, setting, quick };
}

/** @typedef {ReturnType<typeof makeMaterial>} Material */

/**
 * @param {import("./runtimes.mjs").Runtime} runtime
 * @param {import("./stand.mjs").Description[]} contenders those of this runtime
 * @param {Material} material
 * @param {import("./options.mjs").Options} options
 * @returns {Case[]} those that were asked for
 */
export function casesOf(runtime, contenders, material, options) {
  const states = algs.flatMap((alg) =>
    contenders.flatMap(({ name, states }) =>
      states.map((state) => ({ alg, contender: name, state, label: `${runtime} ${alg} ${state} ${name}` })),
    ),
  );
  return [
    ...states
      .filter(({ label }) => isChosen(options, label))
      .map(({ alg, contender, state, label }) => ({
        ...{ runtime, label },
        entry: { contender, state, setting: material.setting(alg), pool: material.pool(alg) },
      })),
    ...curves(runtime, contenders, material, options),
  ];
}

/** @type {typeof casesOf} */
function curves(runtime, contenders, { keyOf, pool, setting, quick }, options) {
  const chosenAlgs = quick ? algs.slice(1) : algs;
  /** @type {Case[]} */
  const cases = [];
  for (const [name, { full, quick: few }] of Object.entries(points)) {
    const curve = /** @type {Curve} */ (name);
    const contender = curve === "routes" ? gateName : verifierName;
    if (!contenders.some((one) => one.name === contender)) continue;
    // What is remembered is found by its end, whoever signed it; RSA would need minutes to sign as many.
    for (const alg of curve === "remembered tokens" ? algs.slice(1) : chosenAlgs) {
      for (const x of quick ? few : full) {
        if (curve === "token bytes" && !fits(keyOf(alg), x)) continue;
        const label = `${runtime} curve ${curve} ${alg} ${contender} x=${x}`;
        if (!isChosen(options, label)) continue;
        cases.push({ ...{ runtime, curve, x, label }, entry: entryOf(contender, curve, alg, x) });
      }
    }
  }
  return cases;

  /** @param {string} contender @param {Curve} curve @param {Alg} alg @param {number} x @returns {Entry} */
  function entryOf(contender, curve, alg, x) {
    switch (curve) {
      case "keys":
        return { contender, state: "cold", setting: setting(alg, { keys: x }), pool: pool(alg) };
      case "token bytes":
        return { contender, state: "cold", setting: setting(alg), pool: pool(alg, { bytes: x }) };
      case "routes":
        return { contender, state: "warm", setting: setting(alg, { routes: x }), pool: pool(alg) };
      default:
        // One place is for the token that it is tried with first: where one more comes than there are places, going round finds none.
        return {
          ...{ contender, state: "warm", allTokens: true },
          ...{ setting: setting(alg, { cacheEntries: x }), pool: pool(alg, { tokens: x - 1 }) },
        };
    }
  }
}
