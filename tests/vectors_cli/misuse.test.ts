/** What `npm run vectors` says to who calls it in a way that it can't follow. */

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { repository, vectors, write } from "./command.ts";

describe("misuse", () => {
  for (const [name, args] of [
    ["an unknown option", ["--fast"]],
    ["an unknown engine", ["--engine", "openssl"]],
    ["an unknown runtime", ["--runtime", "browser"]],
    ["an option without its value", ["--engine"]],
    ["a file that is not there", ["missing.jsonl"]],
    ["a directory", [repository]],
    ["a file without rows", [write("empty.jsonl", "\n")]],
    ["a file that is no gzip after all", [write("broken.jsonl.gz", Uint8Array.of(0x1f, 0x8b, 0, 0))]],
  ] as const) {
    it(`ends with 2 and says why: ${name}`, async () => {
      const outcome = await vectors(...args);
      assert.equal(outcome.status, 2);
      assert.equal(outcome.stdout, "");
      assert.match(outcome.stderr, /^.+\n\nnpm run vectors/);
    });
  }

  it("shows what it can do with --help, and ends with 0", async () => {
    const outcome = await vectors("--help");
    assert.equal(outcome.status, 0);
    for (const option of ["--engine", "--runtime", "--json"]) assert.ok(outcome.stdout.includes(option));
  });
});
