// tests/judge/ and js/webcrypto.ts → target/vectors/: the judge in WebAssembly, without 128-bit vectors and with them, and the host's
// engine as JavaScript.

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { recordedHash, recordHash } from "../build/inputs.mjs";
import { wasmTools } from "../build/wasm-tools.mjs";
import { root, run } from "../process.mjs";
import { expectOk } from "../setup/steps.mjs";
import { selecting } from "../setup/toolchain.mjs";
import { wasmTarget } from "../setup/versions.mjs";
import { dim, duration, passed } from "../terminal.mjs";

/** Where the built files are. */
export const built = join(root, "target", "vectors");
export const webcrypto = join(built, "webcrypto.js");

/**
 * The judge as it is compiled; `flags` are rustc's.
 * @typedef {{ name: string, flags: string, glue: string, wasm: string }} Judge
 */

/** @param {string} name @param {string} flags @returns {Judge} */
const judgeOf = (name, flags) => ({
  ...{ name, flags },
  ...{ glue: join(built, `${name}.js`), wasm: join(built, `${name}_bg.wasm`) },
});

export const judges = {
  scalar: judgeOf("judge", ""),
  simd: judgeOf("judge-simd", "-Ctarget-feature=+simd128"),
};

const targetDirectory = process.env.CARGO_TARGET_DIR || join(root, "target");
const stamp = join(built, "judge.hash");

export async function buildJudge() {
  const crate = [
    "src",
    "engine",
    "Cargo.toml",
    "tests/judge/src",
    "tests/judge/Cargo.toml",
    "tests/judge/Cargo.lock",
  ];
  const inputs = [
    ...crate,
    "js/webcrypto.ts",
    "js/algorithm-name.ts",
    "package-lock.json",
    "scripts/vectors/build.mjs",
  ];
  const { toolchain, wasmBindgenProgram, hash } = await wasmTools(inputs);
  const results = Object.values(judges).flatMap(({ glue, wasm }) => [glue, wasm]);
  if (recordedHash(stamp, [...results, webcrypto]) === hash) {
    passed("judge", "up to date");
    return;
  }

  console.log(dim("… judge, twice, which takes two or three minutes"));
  mkdirSync(built, { recursive: true });
  const started = performance.now();
  for (const { name, flags } of Object.values(judges)) {
    // A directory each: other flags would have everything compiled anew, every time.
    const cargoTarget = join(targetDirectory, name);
    await build(
      "cargo build",
      "cargo",
      [
        ...["build", "--locked", "--release", "--target", wasmTarget],
        ...["--manifest-path", join("tests", "judge", "Cargo.toml")],
      ],
      {
        ...selecting(toolchain),
        CARGO_TARGET_DIR: cargoTarget,
        RUSTFLAGS: [process.env.RUSTFLAGS, flags].filter(Boolean).join(" "),
      },
    );
    const compiled = join(cargoTarget, wasmTarget, "release", "edgeward_judge.wasm");
    await build("wasm-bindgen", wasmBindgenProgram, [
      ...["--target", "web", "--omit-default-module-path", "--no-typescript"],
      ...["--out-name", name, "--out-dir", built, compiled],
    ]);
  }
  await build("tsc", "tsc", [
    ...["js/webcrypto.ts", "--ignoreConfig", "--strict", "--rootDir", "js", "--outDir", built],
    ...["--target", "es2023", "--lib", "es2023,dom", "--module", "nodenext", "--types", ""],
    "--rewriteRelativeImportExtensions",
  ]);
  recordHash(stamp, hash);
  passed("judge", duration(performance.now() - started));
}

/** @param {string} step @param {string} program @param {string[]} args @param {Record<string, string>} [env] */
async function build(step, program, args, env) {
  expectOk(await run(program, args, { env }), `Building the judge failed at ${step}.`);
}
