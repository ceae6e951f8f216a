/** Exceptions to the labels are few, and none outlives its reason. */

import assert from "node:assert/strict";
import { describe, it } from "node:test";

interface Comparison {
  compare(
    files: object[],
    runs: object[],
    exceptions: object[],
  ): { disagreements: readonly { problem: string }[] };
}
const { compare }: Comparison = await import(
  new URL("../../scripts/vectors/compare.mjs", import.meta.url).href
);

describe("exceptions", () => {
  const row = { line: 1, text: "" };
  const judgement = { id: "a", agrees: false, verdict: "refused", code: "key_unknown" };
  const exception = { file: "f", id: "a", verdict: "refused", reason: "RFC" };
  const problems = (judgements: object[], exceptions: object[]): string[] => {
    const files = [{ name: "f", rows: judgements.map(() => row) }];
    const run = { file: "f", engine: "rustcrypto", runtime: "node", judgements };
    return compare(files, [run], exceptions).disagreements.map(({ problem }) => problem);
  };

  it("answer for the row they name, with the verdict they name", () => {
    assert.deepEqual(problems([judgement], [exception]), []);
    assert.deepEqual(problems([judgement], []), ["the verdict is not the label's"]);
    assert.deepEqual(problems([judgement, { ...judgement, id: "b" }], [exception]), [
      "the verdict is not the label's",
    ]);
    assert.deepEqual(problems([judgement], [{ ...exception, verdict: "accepted" }]), [
      "the verdict is not the exception's",
    ]);
  });

  it("fail the run once they are not needed, or name nothing", () => {
    assert.deepEqual(problems([{ ...judgement, agrees: true }], [exception]), [
      "the exception is not needed any more",
    ]);
    assert.deepEqual(problems([{ ...judgement, agrees: true }], [{ ...exception, id: "gone" }]), [
      "the exception is for a row that is not there",
    ]);
  });
});
