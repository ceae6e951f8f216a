// src/ → js/wasm/generated/: compiled by cargo, given its JavaScript by wasm-bindgen, made smaller and faster by wasm-opt.

import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { root, run } from "../process.mjs";
import { expectOk } from "../setup/steps.mjs";
import { selecting } from "../setup/toolchain.mjs";
import { wasmTarget } from "../setup/versions.mjs";
import { duration, isColourful, passed, size } from "../terminal.mjs";
import { recordedHash, recordHash } from "./inputs.mjs";
import { moduleFiles, modules } from "./modules.mjs";
import { buildPlainJavaScript } from "./plain-javascript.mjs";
import { wasmTools } from "./wasm-tools.mjs";

/** @typedef {import("./modules.mjs").Module} Module */

export const generated = join(root, "js", "wasm", "generated");
const targetDirectory = process.env.CARGO_TARGET_DIR || join(root, "target");
const stamp = join(targetDirectory, "edgeward-generated.hash");

/** @param {string} name */
const wasmOf = (name) => join(generated, `${name}_bg.wasm`);

/** @param {string} step @param {import("../process.mjs").RunResult} result */
function report(step, result) {
  expectOk(result, `Building the wasm modules failed at ${step}.`);
  passed(step, duration(result.milliseconds));
}

export async function buildWasm() {
  const scripts = ["wasm", "modules", "plain-javascript"].map((name) => `scripts/build/${name}.mjs`);
  const tools = await wasmTools([
    "src",
    "engine",
    "module",
    "Cargo.toml",
    "Cargo.lock",
    "package-lock.json",
    ...scripts,
  ]);
  if (
    recordedHash(
      stamp,
      moduleFiles.map((file) => join(generated, file)),
    ) === tools.hash
  ) {
    for (const { name, inScript } of modules)
      passed(`wasm: ${name}`, `up to date${inScript ? "" : `, ${sizes(name)}`}`);
    return;
  }
  rmSync(generated, { recursive: true, force: true });
  mkdirSync(generated, { recursive: true });
  // Those that share a directory one after another, and the two directories beside each other: linking is the longest part, and takes one core.
  const inTurn = async (/** @type {Module[]} */ queue) => {
    for (const module of queue) await buildModule(module, tools);
  };
  const queues = [modules.filter(({ simd }) => simd), modules.filter(({ simd }) => !simd)];
  // Both to their ends: a failure must leave no compiler at work.
  const outcomes = await Promise.allSettled(queues.map(inTurn));
  for (const outcome of outcomes) if (outcome.status === "rejected") throw outcome.reason;
  recordHash(stamp, tools.hash);
}

/** @param {Module} module @param {Awaited<ReturnType<typeof wasmTools>>} tools */
async function buildModule(module, { toolchain, wasmBindgenProgram }) {
  const { name, features, profile, optLevel, small, simd, inScript, plainJavaScript } = module;
  const ofLibrary = [...features, ...(small ? ["compact-hash"] : [])].map((feature) => `edgeward/${feature}`);
  // A directory for each set of flags, or one build would throw the other's away.
  const target = join(targetDirectory, simd ? "wasm-simd" : "wasm");
  report(
    `cargo build, ${name}`,
    await run(
      "cargo",
      [
        ...["build", "--locked", "--package", "edgeward-module", "--profile", profile],
        ...["--features", [...ofLibrary, ...(small ? ["small-allocator"] : [])].join(",")],
        ...["--target", wasmTarget],
      ],
      {
        env: {
          ...selecting(toolchain),
          ...(isColourful && { CARGO_TERM_COLOR: "always" }),
          ...(simd && { RUSTFLAGS: "-C target-feature=+simd128" }),
          [`CARGO_PROFILE_${profile.toUpperCase().replace("-", "_")}_OPT_LEVEL`]: optLevel,
          CARGO_TARGET_DIR: target,
        },
      },
    ),
  );

  const compiled = join(target, wasmTarget, profile, "edgeward_module.wasm");
  report(
    `wasm-bindgen, ${name}`,
    await run(wasmBindgenProgram, [
      ...["--target", "web", "--omit-default-module-path", "--out-name", name],
      // What js/wasm/instance.ts recovers from a trap by.
      "--experimental-reset-state-function",
      ...["--out-dir", generated, compiled],
    ]),
  );
  // It describes the exports of an instance; what is imported here is a module (js/wasm/*.d.ts).
  rmSync(`${wasmOf(name)}.d.ts`, { force: true });

  // Without flags for features wasm-opt keeps to those the module says it uses.
  const optimisation = optLevel === "z" ? ["-Oz", "--converge"] : ["-O3"];
  const optimised = join(target, `${name}-optimised.wasm`);
  report(`wasm-opt, ${name}`, await run("wasm-opt", [...optimisation, wasmOf(name), "-o", optimised]));
  renameSync(optimised, wasmOf(name));
  passed(`js/wasm/generated/${name}_bg.wasm`, sizes(name));

  if (inScript) writeScript(name);
  if (plainJavaScript !== undefined) {
    const directory = join(target, plainJavaScript);
    const files = { name: plainJavaScript, like: name, compiled, directory, to: generated };
    await buildPlainJavaScript({ ...files, wasmBindgenProgram, report });
  }
}

/** Puts a module into a script, compressed: as base64 of what it is, it could hardly be compressed by a server. @param {string} name */
function writeScript(name) {
  const compressed = gzipSync(readFileSync(wasmOf(name)), { level: 9 }).toString("base64");
  writeFileSync(join(generated, `${name}_wasm.js`), `export const gzip = "${compressed}";\n`);
  writeFileSync(
    join(generated, `${name}_wasm.d.ts`),
    "/** The module, compressed by gzip, as base64. */\nexport declare const gzip: string;\n",
  );
  rmSync(wasmOf(name));
}

/** @param {string} name */
function sizes(name) {
  const bytes = readFileSync(wasmOf(name));
  return `${size(bytes.length)}, gzip ${size(gzipSync(bytes, { level: 9 }).length)}`;
}
