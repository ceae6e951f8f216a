// src/ → js/wasm/generated/: compiled by cargo, given its JavaScript by wasm-bindgen, made smaller and faster by wasm-opt.

import { mkdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { root, run } from "../process.mjs";
import { expectOk } from "../setup/steps.mjs";
import { selecting } from "../setup/toolchain.mjs";
import { wasmTarget } from "../setup/versions.mjs";
import { duration, isColourful, passed, size } from "../terminal.mjs";
import { recordedHash, recordHash } from "./inputs.mjs";
import { wasmTools } from "./wasm-tools.mjs";

export const generated = join(root, "js", "wasm", "generated");
export const glue = ["edgeward.js", "edgeward.d.ts", "edgeward_bg.wasm"];
const wasm = join(generated, "edgeward_bg.wasm");
const targetDirectory = process.env.CARGO_TARGET_DIR || join(root, "target");
const stamp = join(targetDirectory, "edgeward-generated.hash");

/** @param {string} step @param {import("../process.mjs").RunResult} result */
function report(step, result) {
  expectOk(result, `Building the wasm module failed at ${step}.`);
  passed(step, duration(result.milliseconds));
}

export async function buildWasm() {
  const inputs = ["src", "Cargo.toml", "Cargo.lock", "package-lock.json", "scripts/build/wasm.mjs"];
  const { toolchain, wasmBindgenProgram, hash } = await wasmTools(inputs);
  if (
    recordedHash(
      stamp,
      glue.map((file) => join(generated, file)),
    ) === hash
  ) {
    passed("wasm", `up to date, ${sizes()}`);
    return;
  }

  report(
    "cargo rustc",
    await run(
      "cargo",
      // The library is no cdylib by itself: that would ask every build without std for a panic handler.
      [
        "rustc",
        "--locked",
        "--lib",
        "--release",
        "--features",
        "wasm-gate,wasm-client,all-algorithms",
        "--target",
        wasmTarget,
        "--crate-type",
        "cdylib",
      ],
      { env: { ...selecting(toolchain), ...(isColourful && { CARGO_TERM_COLOR: "always" }) } },
    ),
  );

  rmSync(generated, { recursive: true, force: true });
  mkdirSync(generated, { recursive: true });
  const compiled = join(targetDirectory, wasmTarget, "release", "edgeward.wasm");
  report(
    "wasm-bindgen",
    await run(wasmBindgenProgram, [
      ...["--target", "web", "--omit-default-module-path"],
      ...["--out-name", "edgeward", "--out-dir", generated, compiled],
    ]),
  );
  // It describes the exports of an instance; what is imported here is a module (js/wasm/*.d.ts).
  rmSync(`${wasm}.d.ts`, { force: true });

  // Without flags for features wasm-opt keeps to those the module says it uses.
  const optimised = join(targetDirectory, "edgeward-optimised.wasm");
  report("wasm-opt", await run("wasm-opt", ["-O3", wasm, "-o", optimised]));
  renameSync(optimised, wasm);
  recordHash(stamp, hash);
  passed("js/wasm/generated/edgeward_bg.wasm", sizes());
}

function sizes() {
  const bytes = readFileSync(wasm);
  return `${size(bytes.length)}, gzip ${size(gzipSync(bytes, { level: 9 }).length)}`;
}
