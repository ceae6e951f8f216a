// Where contenders are set up and asked, the same in every runtime. It takes no times: in workerd a clock stands still while a
// request is worked on, so whoever asks measures from outside.

/** @typedef {import("./contenders/contender.mjs").Contender} Contender */
/** @typedef {import("./contenders/contender.mjs").Setting} Setting */
/** @typedef {import("./contenders/contender.mjs").State} State */

/**
 * @typedef {object} Entry what a contender is set up as
 * @property {string} contender
 * @property {State} state
 * @property {Setting} setting
 * @property {string} pool the name of its tokens
 * @property {boolean} [allTokens] warm with all of them, one after another, and not with one
 *
 * @typedef {object} Stand
 * @property {() => Promise<Description[]>} contenders
 * @property {(name: string, tokens: string[]) => Promise<void>} pool
 * @property {(id: string, entry: Entry) => Promise<void>} prepare
 * @property {(id: string, token: string) => Promise<boolean>} takes whether the contender takes the token
 * @property {(id: string, operations: number) => Promise<void>} run each operation has to take its token
 *
 * @typedef {Pick<Contender, "name" | "what" | "states">} Description
 */

/** @param {Contender[]} contenders @returns {Stand} */
export function makeStand(contenders) {
  /** @type {Map<string, string[]>} */
  const pools = new Map();
  /** @type {Map<string, { check: import("./contenders/contender.mjs").Check, tokens: string[], next: number }>} */
  const ready = new Map();
  const prepared = (/** @type {string} */ id) => {
    const found = ready.get(id);
    if (!found) throw new Error(`${id} was not set up`);
    return found;
  };
  return {
    contenders: async () => contenders.map(({ name, what, states }) => ({ name, what, states })),
    async pool(name, tokens) {
      pools.set(name, tokens);
    },
    async prepare(id, { contender, state, setting, pool, allTokens }) {
      const found = contenders.find(({ name, states }) => name === contender && states.includes(state));
      const tokens = pools.get(pool);
      if (!found || !tokens) throw new Error(`there is no ${found ? `pool ${pool}` : contender} here`);
      const asked = state === "warm" && !allTokens ? tokens.slice(0, 1) : tokens;
      const check = await found.prepare(setting, asked);
      if (allTokens) for (const token of asked) await check(token);
      ready.set(id, { check, tokens: asked, next: 0 });
    },
    async takes(id, token) {
      try {
        return (await prepared(id).check(token)) === true;
      } catch {
        return false;
      }
    },
    async run(id, operations) {
      const entry = prepared(id);
      const { check, tokens } = entry;
      for (let done = 0; done < operations; done += 1) {
        const taken = check(tokens[entry.next]);
        entry.next = entry.next + 1 === tokens.length ? 0 : entry.next + 1;
        // What answers at once is not made to wait for a turn of the event loop.
        if (taken !== true && !(await taken)) throw new Error(`${id} refused a good token`);
      }
    },
  };
}
