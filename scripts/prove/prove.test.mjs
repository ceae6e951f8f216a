// What `npm run prove` makes of its command line, and of what a round prints.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { Misuse } from "../command-line.mjs";
import { parseOptions } from "./options.mjs";
import { judge, kindsIn, roundsOf } from "./rounds.mjs";

const command = fileURLToPath(new URL("../prove.mjs", import.meta.url));
const prove = (/** @type {string[]} */ ...args) =>
  spawnSync(process.execPath, [command, ...args], { encoding: "utf8" });

describe("the command line", () => {
  it("asks for ten million cases, as long as they take, from another seed each time", () => {
    const [one, other] = [parseOptions([]), parseOptions([])];
    assert.deepEqual([one.cases, one.minutes, one.checked], [10_000_000, Number.POSITIVE_INFINITY, false]);
    assert.ok(Number.isSafeInteger(one.seed) && one.processes >= 1);
    assert.notEqual(one.seed, other.seed);
  });

  it("takes what it is given", () => {
    const given = [
      "--cases",
      "12",
      "--minutes",
      "0.5",
      "--seed",
      "0",
      "--processes",
      "3",
      "--checked",
      "--json",
      "a.json",
    ];
    assert.deepEqual(
      { ...parseOptions(given) },
      { cases: 12, minutes: 0.5, seed: 0, processes: 3, checked: true, json: "a.json", help: false },
    );
  });

  for (const args of [
    ["--cases", "0"],
    ["--cases", "1e6"],
    ["--cases", ""],
    ["--seed", "-1"],
    ["--seed", "1.5"],
    ["--seed", "281474976710657"],
    ["--minutes", "0"],
    ["--minutes", "soon"],
    ["--processes", "0"],
    ["--fast"],
    ["more"],
  ]) {
    it(`does not take ${args.join(" ")}`, () => {
      assert.throws(() => parseOptions(args), Misuse);
    });
  }

  it("ends with 2 where it can't be read, and says why before anything is built", () => {
    const { status, stdout, stderr } = prove("--cases", "many");
    assert.deepEqual([status, stdout], [2, ""]);
    assert.match(stderr, /^--cases takes a whole number .+\n\nnpm run prove/);
  });

  it("shows what it can do with --help", () => {
    const { status, stdout } = prove("--help");
    assert.equal(status, 0);
    for (const option of ["--cases", "--minutes", "--seed", "--processes", "--checked", "--json"])
      assert.ok(stdout.includes(option));
  });
});

describe("rounds", () => {
  it("come to all cases, from a seed each", () => {
    const rounds = roundsOf(120_001, 7);
    assert.deepEqual(
      rounds.map(({ cases }) => cases),
      [50_000, 50_000, 20_001],
    );
    assert.deepEqual(
      rounds.map(({ seed }) => seed),
      [7, 8, 9],
    );
  });

  it("tell how many cases of each kind they had", () => {
    const output = "test one ... \nproved: 12 ES256: some\nok\ntest two ... \nproved: 3 RSA: others\nok\n";
    assert.deepEqual(
      [...kindsIn(output)],
      [
        ["ES256: some", 12],
        ["RSA: others", 3],
      ],
    );
  });

  it("have failed where a program says nothing of its cases, or ends with another status than 0", async () => {
    // Node takes the filter for a file that is not there; `true` would be silent.
    assert.ok((await judge(process.execPath, { seed: 1, cases: 1 })).failure);
    assert.match(
      (await judge("true", { seed: 1, cases: 1 })).failure ?? "",
      /^only 0 of 1 cases were judged/,
    );
  });
});
