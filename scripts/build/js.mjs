// js/ → dist/: JavaScript and declarations by tsc, with the generated wasm glue beside them.

import { copyFileSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { root, run } from "../process.mjs";
import { expectOk } from "../setup/steps.mjs";
import { duration, passed } from "../terminal.mjs";
import { inputHash, recordedHash, recordHash } from "./inputs.mjs";
import { moduleFiles } from "./modules.mjs";
import { keepPublished } from "./published.mjs";
import { generated } from "./wasm.mjs";

const dist = join(root, "dist");
const results = [
  "worker.js",
  "worker.d.ts",
  "browser.js",
  "browser.d.ts",
  "node.js",
  "web.d.ts",
  "gate-node.js",
  "cli.js",
].map((file) => join(dist, file));
const stamp = join(root, "target", "edgeward-dist.hash");

export async function buildJs() {
  const projects = ["tsconfig.build.json", "tsconfig.build-node.json"];
  const inputs = [
    "js",
    "tsconfig.json",
    ...projects,
    "package.json",
    "package-lock.json",
    "scripts/build/js.mjs",
    "scripts/build/published.mjs",
  ];
  const hash = inputHash(inputs.map((path) => join(root, path)));
  if (recordedHash(stamp, results) === hash) {
    passed("dist", "up to date");
    return;
  }
  rmSync(dist, { recursive: true, force: true });
  const started = performance.now();
  for (const project of projects) expectOk(await run("tsc", ["--project", project]), "tsc refused js/.");
  const to = join(dist, "wasm", "generated");
  mkdirSync(to, { recursive: true });
  for (const file of moduleFiles) copyFileSync(join(generated, file), join(to, file));
  const compiledModule = join("wasm", "compiled-module.d.ts");
  copyFileSync(join(root, "js", compiledModule), join(dist, compiledModule));
  keepPublished(dist);
  recordHash(stamp, hash);
  passed("tsc → dist", duration(performance.now() - started));
}
