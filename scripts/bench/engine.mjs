// scripts/bench/engine/ → target/bench/: the engines alone, compiled and optimised as the shipped module is.

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { recordedHash, recordHash } from "../build/inputs.mjs";
import { wasmTools } from "../build/wasm-tools.mjs";
import { root, run } from "../process.mjs";
import { expectOk } from "../setup/steps.mjs";
import { selecting } from "../setup/toolchain.mjs";
import { wasmTarget } from "../setup/versions.mjs";
import { dim, duration, passed } from "../terminal.mjs";
import { built, engineGlue, engineWasm } from "./build.mjs";

const crate = join("scripts", "bench", "engine");
const cargoTarget = join(process.env.CARGO_TARGET_DIR || join(root, "target"), "bench-engine");
const stamp = join(built, "engine.hash");

export async function buildEngine() {
  const inputs = ["src", "engine", "Cargo.toml", crate, "package-lock.json", "scripts/bench/engine.mjs"];
  const { toolchain, wasmBindgenProgram, hash } = await wasmTools(inputs);
  if (recordedHash(stamp, [engineGlue, engineWasm]) === hash) {
    passed("engines alone", "up to date");
    return;
  }

  console.log(dim("… engines alone, which takes a minute or two"));
  mkdirSync(built, { recursive: true });
  const started = performance.now();
  const step = async (/** @type {string} */ program, /** @type {string[]} */ args, env = {}) =>
    expectOk(await run(program, args, { env }), `Building the engines failed at ${program}.`);
  await step(
    "cargo",
    [
      ...["build", "--locked", "--release", "--target", wasmTarget],
      ...["--manifest-path", join(crate, "Cargo.toml")],
    ],
    { ...selecting(toolchain), CARGO_TARGET_DIR: cargoTarget },
  );
  const compiled = join(cargoTarget, wasmTarget, "release", "edgeward_bench_engine.wasm");
  await step(wasmBindgenProgram, [
    ...["--target", "web", "--omit-default-module-path", "--no-typescript"],
    ...["--out-name", "engine", "--out-dir", built, compiled],
  ]);
  await step("wasm-opt", ["-O3", engineWasm, "-o", engineWasm]);
  recordHash(stamp, hash);
  passed("engines alone", duration(performance.now() - started));
}
