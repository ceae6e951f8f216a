// The arithmetic of the benchmark: medians, spread, ratios, and an order that is random and the same in every run.

/** The middle of the values; between the two in the middle where their number is even. @param {number[]} values */
export const median = (values) => quantile(values, 0.5);

/**
 * How far the rounds lie apart: the distance between the quartiles, as a share of the median. One round in which the machine did
 * something else does not move it.
 * @param {number[]} values
 */
export const spread = (values) => (quantile(values, 0.75) - quantile(values, 0.25)) / median(values);

/** A value as a multiple of the one it is held against; null where there is none. @param {number} value @param {number | undefined} reference */
export const ratio = (value, reference) => (reference === undefined ? null : value / reference);

/**
 * Between the two values next to it, in proportion (type 7 of Hyndman and Fan, "Sample Quantiles in Statistical Packages", 1996).
 * @param {number[]} values at least one
 * @param {number} share 0 to 1
 */
export function quantile(values, share) {
  if (values.length === 0) throw new RangeError("there is no quantile of nothing");
  const sorted = values.toSorted((a, b) => a - b);
  const at = (sorted.length - 1) * share;
  const below = Math.floor(at);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below] + (sorted[above] - sorted[below]) * (at - below);
}

/**
 * Numbers from 0 to below 1 that depend on the seed alone (xorshift32, Marsaglia 2003): enough to mix an order.
 * @param {number} seed a whole number other than 0
 */
export function randomFrom(seed) {
  let state = seed | 0;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}

/** A mixed copy (Fisher and Yates). @template Item @param {readonly Item[]} items @param {() => number} random */
export function shuffled(items, random) {
  const mixed = [...items];
  for (let last = mixed.length - 1; last > 0; last -= 1) {
    const chosen = Math.floor(random() * (last + 1));
    [mixed[last], mixed[chosen]] = [mixed[chosen], mixed[last]];
  }
  return mixed;
}
