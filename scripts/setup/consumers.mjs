// The bundlers and frameworks in which the packed package is used: tests/packages/package.json, installed beside what is built, so that the
// repository's own packages and theirs never meet.

import { createHash } from "node:crypto";
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { hostPath, root, run } from "../process.mjs";
import { expectOk, step } from "./steps.mjs";

const from = join(root, "tests", "packages");
const to = join(root, "target", "packages");
const stamp = join(to, "node_modules", ".edgeward-lock");

const lockHash = () =>
  createHash("sha256")
    .update(readFileSync(join(from, "package-lock.json")))
    .digest("hex");

const present = () =>
  existsSync(stamp) && readFileSync(stamp, "utf8") === lockHash() ? "as its lock file says" : undefined;

async function install() {
  mkdirSync(to, { recursive: true });
  for (const file of ["package.json", "package-lock.json"]) copyFileSync(join(from, file), join(to, file));
  // None of them needs a script of its own to work.
  const quiet = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
  const result = await run("npm", ["ci", ...quiet], { cwd: to, path: hostPath() });
  expectOk(result, "`npm ci` for tests/packages failed: the npm registry has to be reachable.");
  writeFileSync(stamp, lockHash());
}

export const setUpConsumers = () =>
  step("bundlers and frameworks (npm ci in target/packages)", present, install);
