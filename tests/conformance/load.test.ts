/** The load of `npm run load`, short: by a number of requests, so that a slow machine takes longer and finds the same. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { GROWTH_PERCENT, judged, LEAST_SAMPLES } from "../load/memory.ts";
import { failures } from "../load/report.ts";
import { run } from "../load/run.ts";

const SEED = 5;
const REQUESTS = 3_000;
/** Of those that the spoilt gate is sent, some lack the scope that it does not ask for. */
const REQUESTS_TO_THE_SPOILT = 300;

test("mixed traffic of every kind: each answer is the right one, none is from 500 on, and nothing refused reaches the origin", async () => {
  const outcome = await run({ seed: SEED, bound: { requests: REQUESTS } });
  assert.deepEqual(outcome.findings, []);
  assert.deepEqual(failures(outcome), []);
  assert.equal(outcome.requests, REQUESTS);
  for (const kind of [
    "good: known",
    "good: introspected",
    "DPoP: good",
    "DPoP: replayed",
    "bad: unknown kid",
  ])
    assert.ok((outcome.kinds.get(kind) ?? 0) > 0, kind);
});

test("a gate that asks for less than its policy should say is found out, by the answer and by the origin", async () => {
  const outcome = await run({ seed: SEED, bound: { requests: REQUESTS_TO_THE_SPOILT }, spoilt: true });
  assert.equal(outcome.wrong, outcome.kinds.get("bad: scope missing"));
  assert.ok(outcome.wrong > 0);
  for (const finding of outcome.findings)
    assert.match(finding, /bad: scope missing: status: 200, not 403; arrivals at the origin: 1, not 0/);
  assert.match(failures(outcome).join(), /answers were not what they had to be/);
});

test("memory that grows is told from memory that goes up and down", () => {
  const samples = Array.from({ length: 3 * LEAST_SAMPLES }, (_, second) => second);
  const verdict = (kibibytes: (second: number) => number) => judged(samples.map(kibibytes)).verdict;
  assert.equal(
    verdict(() => 100_000),
    "flat",
  );
  assert.equal(
    verdict((second) => 100_000 + (second % 20) * 5_000),
    "flat",
  );
  assert.equal(
    verdict((second) => 100_000 + second * 100),
    "grows",
  );
  assert.equal(
    verdict((second) => 100_000 * (1 + ((GROWTH_PERCENT + 1) / 100) * Number(second > 110))),
    "grows",
  );
  assert.equal(judged([1, 2, 3]).verdict, "too short to say");
});
