// `npm run prove:defences`: takes each defence out, one after another, in a copy of the sources, and expects a test to
// go red. A defence that can be taken out without anybody noticing fails the run.

import { cpSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "./build.mjs";
import { defences } from "./defences/list.mjs";
import { root, run } from "./process.mjs";
import { node22 } from "./setup/node-modules.mjs";
import { duration, failed, heading, passed, runMain, Stop } from "./terminal.mjs";

/** @typedef {import("./defences/list.mjs").Defence} Defence */

const copy = join(root, "target", "defences");
const copied = ["Cargo.toml", "Cargo.lock", "README.md", "package.json", "tsconfig.json", "wrangler.toml"];
const copiedFolders = [
  "src",
  "engine",
  "module",
  "js",
  "tests",
  "examples",
  "docs",
  join("fuzz", "corpus-seeds"),
];

function makeCopy() {
  rmSync(copy, { recursive: true, force: true });
  mkdirSync(copy, { recursive: true });
  for (const name of [...copied, ...copiedFolders])
    cpSync(join(root, name), join(copy, name), { recursive: true });
  symlinkSync(join(root, "node_modules"), join(copy, "node_modules"));
}

/** @param {Defence["test"]} test @returns {[string, string[]]} */
function commandOf(test) {
  if (test.endsWith(".ts")) return [node22, ["--disable-warning=ExperimentalWarning", "--test", test]];
  const [binary, ...names] = test.split(" ");
  if (binary !== "engine") return ["cargo", ["test", "--locked", "--test", binary, "--", ...names]];
  const engine = ["test", "--locked", "--package", "edgeward-engine", "--lib", "--features", "sha512"];
  return ["cargo", [...engine, "--", ...names]];
}

/** @param {Defence} defence */
async function goesRed({ file, find, replace, test }) {
  const path = join(copy, file);
  const original = readFileSync(path, "utf8");
  const parts = original.split(find);
  if (parts.length !== 2) throw new Stop(`${file} holds ${parts.length - 1} times, not once: ${find}`);
  writeFileSync(path, parts.join(replace));
  const [program, args] = commandOf(test);
  const env = {
    CARGO_TARGET_DIR: join(root, "target"),
    // Nobody debugs these, and they are linked many times.
    CARGO_PROFILE_DEV_DEBUG: "0",
    RUSTFLAGS: process.env.RUSTFLAGS,
  };
  const result = await run(program, args, { cwd: copy, output: "log", env });
  writeFileSync(path, original);
  // Red must mean that a test said so, not that the edit did not compile.
  const judged = /^test result: FAILED|^# fail [1-9]|ℹ fail [1-9]/m.test(result.output);
  return { red: !result.ok && judged, ran: result.ok || judged, milliseconds: result.milliseconds };
}

/** @param {string[]} wanted parts of names; none for all */
async function main(wanted) {
  const chosen = defences.filter(
    ({ name }) => wanted.length === 0 || wanted.some((part) => name.includes(part)),
  );
  if (chosen.length === 0)
    throw new Stop("no defence has a name like that; they are in scripts/defences/list.mjs");
  // The native tests need none of it.
  if (chosen.some(({ test }) => test.endsWith(".ts"))) await build();
  makeCopy();
  heading("Taking each defence out");
  let unnoticed = 0;
  for (const defence of chosen) {
    const { red, ran, milliseconds } = await goesRed(defence);
    const took = duration(milliseconds);
    if (red) passed(`${defence.name}`, `${defence.test} goes red  ${took}`);
    else
      failed(
        `${defence.name}`,
        ran ? `${defence.test} stays green  ${took}` : "the edit does not build: see target/setup.log",
      );
    if (!red) unnoticed += 1;
  }
  console.log(`\n${chosen.length - unnoticed} passed, ${unnoticed} failed`);
  return unnoticed === 0 ? 0 : 1;
}

await runMain(() => main(process.argv.slice(2)));
