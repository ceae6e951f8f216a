/** Chance from a seed: the same numbers each time. */

export interface Chance {
  /** From 0 up to, and without, `bound`. */
  below(bound: number): number;
  pick<T>(from: readonly T[]): T;
  /** True in `per` of a hundred. */
  percent(per: number): boolean;
}

/** Mulberry32: 32 bits of state, good enough to mix requests. */
export function chanceOf(seed: number): Chance {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (bound: number) => Math.floor(next() * bound);
  return {
    below,
    pick: (from) => {
      const found = from[below(from.length)];
      if (found === undefined) throw new Error("there is nothing to pick from");
      return found;
    },
    percent: (per) => next() * 100 < per,
  };
}
