// Every suite `npm test` knows: what it runs, and how its tests are counted.

import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { lint } from "../lint.mjs";
import { root, run, searchPath } from "../process.mjs";
import { requireChromium } from "../setup/chromium.mjs";
import { node22 } from "../setup/node-modules.mjs";
import { requireToolchain, selecting } from "../setup/toolchain.mjs";
import { toolDirectories, wasmTarget } from "../setup/versions.mjs";
import { dim, isColourful, yellow } from "../terminal.mjs";
import {
  cellCounts,
  filesWithFailures,
  nodeCounts,
  runtimeCounts,
  rustCounts,
  sizeCounts,
  vectorCounts,
  walkthroughCounts,
  withRunner,
} from "./counts.mjs";
import { testNoStd } from "./no-std.mjs";

/** @typedef {import("./counts.mjs").Counts} Counts */

/** Nothing here takes this long; a suite that hangs must not take the others with it. */
const suiteLimitSeconds = 20 * 60;

const colour = isColourful ? { CARGO_TERM_COLOR: "always", FORCE_COLOR: "1" } : {};

/**
 * @param {string[]} command
 * @param {(output: string) => Counts} count
 * @param {Record<string, string>} [env]
 */
async function counted([program, ...args], count, env = {}) {
  console.log(dim(`$ ${[program, ...args].join(" ")}`));
  const result = await run(program, args, {
    output: "show",
    path: searchPath(toolDirectories()),
    env: { ...colour, ...env },
    limitSeconds: suiteLimitSeconds,
  });
  if (result.timedOut) console.log(`ended after ${suiteLimitSeconds / 60} minutes`);
  return withRunner(count(result.output), result.ok);
}

async function core() {
  return [
    await counted(["cargo", "test", "--locked"], rustCounts),
    await counted(
      ["cargo", "test", "--locked", "--package", "edgeward-engine", "--features", "sha512"],
      rustCounts,
    ),
    await counted(["cargo", "test", "--locked", "--features", "all-algorithms,rustcrypto"], rustCounts),
    await counted(["cargo", "test", "--locked", "--no-default-features"], rustCounts),
  ];
}

/** The bodies of the fuzz targets on a fixed number of inputs each; they print how many. */
const fuzz = async () => [
  await counted(
    ["cargo", "test", "--locked", "--manifest-path", join("fuzz", "Cargo.toml"), "--", "--nocapture"],
    rustCounts,
    { CARGO_TARGET_DIR: join(root, "target", "fuzz") },
  ),
];

async function wasm() {
  const toolchain = selecting(await requireToolchain(wasmTarget));
  const browser = await requireChromium();
  const only = (/** @type {string} */ test) => [
    "--",
    "--locked",
    "--features",
    "wasm-gate,wasm-verifier,wasm-client",
    "--test",
    test,
  ];
  const driver = ["--headless", "--chrome", "--chromedriver", browser.chromedriver];
  return [
    await counted(
      ["wasm-pack", "test", "--mode", "no-install", "--node", ...only("wasm_node")],
      rustCounts,
      toolchain,
    ),
    await counted(
      ["wasm-pack", "test", "--mode", "no-install", ...driver, ...only("wasm_browser")],
      rustCounts,
      {
        ...toolchain,
        WASM_BINDGEN_TEST_WEBDRIVER_JSON: capabilities(browser.chrome),
      },
    ),
  ];
}

/** webdriver.json with the browser that was found. @param {string} chrome */
function capabilities(chrome) {
  const json = JSON.parse(readFileSync(join(root, "webdriver.json"), "utf8"));
  json["goog:chromeOptions"].binary = chrome;
  const file = join(root, "target", "webdriver.json");
  writeFileSync(file, JSON.stringify(json));
  return file;
}

const tap = join(root, "target", "node-test.tap");
const tapReport = () => (existsSync(tap) ? readFileSync(tap, "utf8") : "");

/** @param {string[]} files paths or patterns @param {Record<string, string>} [env] */
async function nodeTests(files, env) {
  mkdirSync(join(root, "target"), { recursive: true });
  rmSync(tap, { force: true });
  const reporters = ["--test-reporter=spec", "--test-reporter-destination=stdout"];
  const counting = ["--test-reporter=tap", `--test-reporter-destination=${tap}`];
  // One file after another: each starts servers of its own, and there may be two cores.
  const flags = ["--disable-warning=ExperimentalWarning", "--test", "--test-concurrency=1"];
  const command = [node22, ...flags, ...reporters, ...counting, ...files];
  return [await counted(command, () => nodeCounts(tapReport()), env)];
}

/**
 * A browser on a machine that is short of time now and then loses a page or an answer, and no fault of ours has been found in it.
 * So the files in which a test failed are run once more, for all to see; what fails again has failed.
 */
async function browser() {
  const { chrome, chromedriver } = await requireChromium();
  const env = { CHROME: chrome, CHROMEDRIVER: chromedriver };
  const [first] = await nodeTests(["tests/browser/*.test.ts"], env);
  const files = filesWithFailures(tapReport());
  if (first.failed === 0 || files.length === 0) return [first];
  console.log(yellow(`\n${first.failed} failed; once more: ${files.join(", ")}`));
  const [second] = await nodeTests(files, env);
  const failed = second.passed + second.failed === 0 ? first.failed : second.failed;
  if (failed === 0) console.log(yellow(`${first.failed} failed the first time and passed the second`));
  return [{ passed: first.passed + first.failed - failed, failed }];
}

/** That Chromium, Firefox and WebKit do what tests ask of them. */
const webdriver = () => nodeTests(["tests/webdriver/*.test.ts"]);

/** The client in every browser. */
const client = () => nodeTests(["tests/client/*.test.ts"]);

/** Each case counts once in each runtime. First that a red one is seen. */
const runtimes = async () => [
  ...(await nodeTests(["tests/runtimes/*.test.ts"])),
  await counted([node22, "--disable-warning=ExperimentalWarning", "tests/runtimes/main.ts"], runtimeCounts),
];

/** The example in axum, compiled like an application of somebody else's, then asked the same as the Worker. */
async function examples() {
  const build = ["cargo", "build", "--locked", "--manifest-path", join("examples", "axum", "Cargo.toml")];
  console.log(dim(`$ ${build.join(" ")}`));
  const [program, ...args] = [...build, "--target-dir", join(root, "target", "axum")];
  const result = await run(program, args, {
    output: "show",
    path: searchPath(toolDirectories()),
    env: colour,
    limitSeconds: suiteLimitSeconds,
  });
  return result.ok ? nodeTests(["tests/examples/*.test.ts"]) : [{ passed: 0, failed: 1 }];
}

const demo = async () => [
  await counted(
    [node22, "--disable-warning=ExperimentalWarning", "examples/demo/main.ts", "--once"],
    walkthroughCounts,
  ),
];

/** What is in the package, then the package in use. */
async function packages() {
  const { chrome } = await requireChromium();
  return [
    ...(await nodeTests(["tests/packages/*.test.ts"])),
    await counted([node22, "--disable-warning=ExperimentalWarning", "tests/packages/main.ts"], cellCounts, {
      CHROME: chrome,
    }),
  ];
}

/** The judge first, because the vectors prove nothing if it can't tell right from wrong. */
const vectors = async () => [
  ...(await nodeTests(["tests/vectors_cli/*.test.ts"])),
  await counted([process.execPath, "scripts/vectors.mjs", "--no-setup"], vectorCounts),
];

/** The arithmetic alone: a benchmark is no test. */
const bench = () => nodeTests(["scripts/bench/*.test.mjs"]);

/** The command alone: the core's tests have a few cases of each kind. */
const prove = () => nodeTests(["scripts/prove/*.test.mjs"]);

/**
 * In the order they run, the quickest answer first. `built` ones need `npm run build`.
 * @type {Record<string, { built: boolean, run: () => Promise<Counts[]> }>}
 */
export const suites = {
  lint: { built: true, run: async () => [await lint()] },
  core: { built: false, run: core },
  fuzz: { built: false, run: fuzz },
  bench: { built: false, run: bench },
  prove: { built: false, run: prove },
  "no-std": { built: false, run: async () => [await testNoStd()] },
  wasm: { built: false, run: wasm },
  vectors: { built: false, run: vectors },
  size: {
    built: true,
    run: async () => [await counted([process.execPath, "scripts/size.mjs"], sizeCounts)],
  },
  verifier: { built: true, run: () => nodeTests(["tests/verifier/*.test.ts"]) },
  workerd: { built: true, run: () => nodeTests(["tests/conformance/*.test.ts"]) },
  webdriver: { built: false, run: webdriver },
  runtimes: { built: true, run: runtimes },
  browser: { built: true, run: browser },
  client: { built: true, run: client },
  demo: { built: true, run: demo },
  packages: { built: true, run: packages },
  examples: { built: true, run: examples },
};
