// The arithmetic behind every figure of `npm run bench`. Nothing here measures anything.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { median, quantile, randomFrom, ratio, shuffled, spread } from "./statistics.mjs";

describe("the arithmetic of the benchmark", () => {
  it("takes the value in the middle, whatever their order", () => {
    assert.equal(median([9]), 9);
    assert.equal(median([10, 1, 2]), 2);
    assert.equal(median([4, 1, 3, 2]), 2.5);
  });

  it("gives quartiles between the values, and refuses nothing at all", () => {
    assert.equal(quantile([1, 2, 3, 4, 5], 0.25), 2);
    assert.equal(quantile([0, 10], 0.75), 7.5);
    assert.equal(quantile([3, 7], 1), 7);
    assert.throws(() => median([]), RangeError);
  });

  it("states the spread as a share of the median, which one outlier does not move", () => {
    assert.equal(spread([10, 10, 10]), 0);
    assert.equal(spread([8, 9, 10, 11, 12]), 0.2);
    assert.equal(spread([8, 9, 10, 11, 1_000]), 0.2);
  });

  it("holds a value against its reference, and against none", () => {
    assert.equal(ratio(50, 200), 0.25);
    assert.equal(ratio(50, undefined), null);
  });

  it("mixes the order anew each time, and in the same way for the same seed", () => {
    const items = Array.from({ length: 20 }, (_, i) => i);
    const random = randomFrom(7);
    const [first, second] = [shuffled(items, random), shuffled(items, random)];
    assert.deepEqual(shuffled(items, randomFrom(7)), first);
    assert.notDeepEqual(first, items);
    assert.notDeepEqual(second, first);
    assert.deepEqual(
      first.toSorted((a, b) => a - b),
      items,
    );
  });
});
