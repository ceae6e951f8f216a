/** That the matrix can be red: what did not hold, did not run, or was not there when it should have been, is counted. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { counts, matrix, type Result } from "./matrix.ts";
import { ENTRIES_OF_SERVERS, rowOf } from "./runtime.ts";
import { fails } from "./suite/expect.mjs";
import { run } from "./suite/run.mjs";

const good = { outcomes: [{ name: "one" }, { name: "two" }] };
const cells = rowOf(ENTRIES_OF_SERVERS, () => good);
const result = (changes: Partial<Result> = {}): Result => ({
  ...{ runtime: "node22", version: "22", cells, milliseconds: 1_000 },
  ...changes,
});

test("what holds is counted, and what is not there by design is said and not counted", () => {
  assert.deepEqual(counts([result(), result()]), { passed: 24, failed: 0 });
  assert.match(matrix([result()]), /not there, a page's entry: edgeward\/browser in node22/);
});

test("a case that does not hold is counted and told with its runtime and entry", () => {
  const slim = { outcomes: [{ name: "one" }, { name: "two", error: "Error: not so" }] };
  const red = result({ cells: { ...cells, slim } });
  assert.deepEqual(counts([red]), { passed: 11, failed: 1 });
  assert.match(matrix([red]), /1 of 2 FAILED[\s\S]*node22, edgeward\/slim: two\n +Error: not so/);
});

test("an entry without a case, and a runtime that did not start, are failures", () => {
  assert.equal(counts([result({ cells: { ...cells, pkce: { outcomes: [] } } })]).failed, 1);
  assert.equal(counts([result({ cells: undefined, error: "it ended with 1" })]).failed, 1);
});

test("an entry that is for every runtime is missed where a runtime has it not", () => {
  assert.throws(() => rowOf(["slim", "pkce"], () => good), /edgeward is for every runtime/);
});

test("an entry that can't be imported is a case that does not hold, and so is a wrong code", async () => {
  const outcomes = await run(() => Promise.reject(new TypeError("no such module")), {} as never);
  assert.deepEqual(outcomes, [{ name: "is imported", error: "TypeError: no such module" }]);
  const thrown = Object.assign(new Error("x"), { name: "EdgewardError", code: "token_expired" });
  const call = () => Promise.reject(thrown);
  await fails(call, "token_expired");
  await assert.rejects(fails(call, "signature_invalid"), /token_expired/);
  await assert.rejects(
    fails(() => "a token", "signature_invalid"),
    /was expected/,
  );
});
