// `npm run lint`: every linter, each one check. What they allow is in Cargo.toml, tsconfig.json, biome.json and deny.toml.

import { existsSync, realpathSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "./build.mjs";
import { checkCrates } from "./lint/crates.mjs";
import { checkFeatures } from "./lint/features.mjs";
import { checkExternalTypes, checkPublicApi } from "./lint/public-api.mjs";
import { checkRepository } from "./lint/repository.mjs";
import { root, run, searchPath } from "./process.mjs";
import { requireToolchain, selecting } from "./setup/toolchain.mjs";
import { toolDirectories, wasmTarget } from "./setup/versions.mjs";
import { duration, failed, isColourful, passed, runMain, skipped } from "./terminal.mjs";

/** @typedef {{ ok: boolean, output: string, skipped?: string, remark?: string }} Finding */

const advisoriesLimitSeconds = 60;
const refuseWarnings = ["--", "-Dwarnings"];
const allAlgorithms = ["--features", "all-algorithms,rustcrypto"];
const docEnv = { RUSTDOCFLAGS: "-Dwarnings" };
/** The directories that the suites build them in, so that what they depend on is built once. */
const fuzzTarget = ["--target-dir", join(root, "target", "fuzz")];
const judgeTarget = ["--target-dir", join(root, "target", "judge")];
const axumTarget = ["--target-dir", join(root, "target", "axum")];
const benchTarget = ["--target-dir", join(root, "target", "bench-engine")];

/** @param {string[]} command @param {Record<string, string>} [env] @param {number} [limitSeconds] */
function lintWith([program, ...args], env = {}, limitSeconds = undefined) {
  const colour = isColourful ? { CARGO_TERM_COLOR: "always", FORCE_COLOR: "1" } : {};
  const path = searchPath(toolDirectories());
  return run(program, args, { output: "none", path, env: { ...colour, ...env }, limitSeconds });
}

/** @param {string} manifest */
const rustfmt = (manifest) => lintWith(["cargo", "fmt", "--check", "--manifest-path", manifest]);

/** @param {...string} args */
const clippy = (...args) => lintWith(["cargo", "clippy", "--locked", ...args, ...refuseWarnings]);

/** The wasm surface, with the compiler that builds it where that one has clippy. @returns {Promise<Finding>} */
async function clippyWasm() {
  const toolchain = await requireToolchain(wasmTarget);
  const env = selecting(toolchain);
  const tests = ["wasm_node", "wasm_browser"].filter((test) => existsSync(join(root, "tests", `${test}.rs`)));
  const what = [
    "--lib",
    ...tests.flatMap((test) => ["--test", test]),
    "--features",
    "wasm-gate,wasm-verifier,wasm-slim,wasm-client,wasm-machine,wasm-pkce",
  ];
  if ((await lintWith(["cargo", "clippy", "--version"], env)).ok) {
    return lintWith(["cargo", "clippy", "--locked", ...what, "--target", wasmTarget, ...refuseWarnings], env);
  }
  const result = await clippy(
    "--lib",
    "--features",
    "wasm-gate,wasm-verifier,wasm-slim,wasm-client,wasm-machine,wasm-pkce",
  );
  return { ...result, remark: `for the host: ${toolchain.name} has no clippy` };
}

/** @returns {Promise<Finding>} */
async function advisories() {
  const result = await lintWith(["cargo-deny", "check", "advisories"], {}, advisoriesLimitSeconds);
  const unreachable =
    result.timedOut || /failed to (?:fetch|clone|update|open|acquire).*advisory/is.test(result.output);
  return !result.ok && unreachable
    ? { ...result, skipped: "the advisory database can't be fetched here" }
    : result;
}

/** @type {[string, () => Promise<Finding>][]} */
const linters = [
  ["rustfmt", () => lintWith(["cargo", "fmt", "--check", "--all"])],
  ["rustfmt, tests/no_std", () => rustfmt("tests/no_std/Cargo.toml")],
  ["rustfmt, tests/judge", () => rustfmt("tests/judge/Cargo.toml")],
  ["rustfmt, scripts/bench/engine", () => rustfmt("scripts/bench/engine/Cargo.toml")],
  ["rustfmt, examples/axum", () => rustfmt("examples/axum/Cargo.toml")],
  ["rustfmt, fuzz", () => rustfmt("fuzz/Cargo.toml")],
  ["clippy", () => clippy("--all-targets")],
  ["clippy, all algorithms", () => clippy("--all-targets", ...allAlgorithms)],
  ["clippy, no default features", () => clippy("--all-targets", "--no-default-features")],
  ["clippy, combinations of features", () => checkFeatures(clippy)],
  ["clippy, engine", () => clippy("--all-targets", "--package", "edgeward-engine", "--features", "sha512")],
  ["clippy, engine without SHA-512", () => clippy("--lib", "--package", "edgeward-engine")],
  ["clippy, wasm", clippyWasm],
  ["clippy, tests/judge", () => clippy("--manifest-path", "tests/judge/Cargo.toml", ...judgeTarget)],
  [
    "clippy, scripts/bench/engine",
    () => clippy("--manifest-path", "scripts/bench/engine/Cargo.toml", ...benchTarget),
  ],
  ["clippy, examples/axum", () => clippy("--manifest-path", "examples/axum/Cargo.toml", ...axumTarget)],
  ["clippy, fuzz", () => clippy("--all-targets", "--manifest-path", "fuzz/Cargo.toml", ...fuzzTarget)],
  [
    "cargo doc",
    () => lintWith(["cargo", "doc", "--locked", "--no-deps", "--workspace", ...allAlgorithms], docEnv),
  ],
  ["cargo package", () => checkCrates(lintWith)],
  ["public API: types of other crates", checkExternalTypes],
  ["public API: docs/public-api.txt", checkPublicApi],
  ["tsc", () => lintWith(["tsc", "--project", "tsconfig.json"])],
  ["tsc, scripts", () => lintWith(["tsc", "--project", "tsconfig.scripts.json"])],
  ["biome", () => lintWith(["biome", "ci", isColourful ? "--colors=force" : "--colors=off"])],
  [
    "cargo-deny: bans, licences, sources",
    () => lintWith(["cargo-deny", "check", "bans", "licenses", "sources"]),
  ],
  [
    "cargo-deny, examples/axum: licences, sources",
    () =>
      lintWith(["cargo-deny", "--manifest-path", "examples/axum/Cargo.toml", "check", "licenses", "sources"]),
  ],
  ["cargo-deny: advisories", advisories],
  [
    "repository",
    async () => {
      const findings = await checkRepository();
      return { ok: findings.length === 0, output: findings.join("\n") };
    },
  ],
];

export async function lint() {
  const counts = { passed: 0, failed: 0 };
  for (const [name, check] of linters) {
    const started = performance.now();
    const finding = await check();
    const time = duration(performance.now() - started);
    if (finding.skipped) {
      skipped(name, `skipped: ${finding.skipped}`);
    } else if (finding.ok) {
      counts.passed += 1;
      passed(name, [finding.remark, time].filter(Boolean).join(", "));
    } else {
      counts.failed += 1;
      failed(name, time);
      console.log(finding.output.trimEnd());
    }
  }
  return counts;
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  await runMain(async () => {
    await build();
    console.log();
    return (await lint()).failed === 0 ? 0 : 1;
  });
}
