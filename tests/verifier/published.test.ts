/** What the package gives beside its modules: the command as it is built, and the schema. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { edgeward, repository, write } from "./edgeward.ts";

const good = {
  issuers: [{ issuer: "https://login.example", audience: "https://api.example" }],
  routes: [{ path: "/data", scope: "data:read" }],
  upstream: { origin: "https://origin.example" },
};

test("--help and --version answer, and so does the command as it is published", async () => {
  const manifest = JSON.parse(readFileSync(join(repository, "package.json"), "utf8"));
  const programs = ["js/cli.ts", manifest.bin.edgeward];
  assert.ok(
    readFileSync(join(repository, manifest.bin.edgeward), "utf8").startsWith("#!/usr/bin/env node\n"),
  );
  for (const program of programs) {
    for (const args of [["--help"], ["help"], ["check", "-h"]]) {
      const { status, stdout, stderr } = await edgeward(args, { program });
      assert.deepEqual([status, stderr], [0, ""]);
      assert.match(stdout, /^edgeward check .*\n\n[\s\S]*Exit status/);
    }
    const { status, stdout } = await edgeward(["--version"], { program });
    assert.deepEqual([status, stdout], [0, `${manifest.version}\n`]);
    assert.equal((await edgeward(["check", write("good.json", good)], { program })).status, 0);
    assert.equal((await edgeward(["check", "--verifier", "good.json"], { program })).status, 1);
  }
  const exported = manifest.exports["./policy.schema.json"];
  assert.equal(JSON.parse(readFileSync(join(repository, exported), "utf8")).title, "edgeward's policy");
  assert.ok(manifest.files.includes("schema") && exported.startsWith("./schema/"));
});

test("the gate starts in Node", async () => {
  const { exports } = JSON.parse(readFileSync(join(repository, "package.json"), "utf8"));
  for (const runtime of ["node", "deno", "bun"]) {
    const { createGate } = await import(pathToFileURL(join(repository, exports["./gate"][runtime])).href);
    const answer: Response = await createGate(good).fetch(new Request("https://gate.example/data"));
    assert.equal(answer.status, 401, runtime);
  }
});
