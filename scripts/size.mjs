// `npm run size`: what each entry of the package weighs, raw and compressed, beside its budget. Over a budget the exit status is 1.

import { readFileSync, writeFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { build } from "./build.mjs";
import { Misuse, parseCommandLine } from "./command-line.mjs";
import { root } from "./process.mjs";
import { failed, heading, passed, runMain, Stop, size, table } from "./terminal.mjs";
import { ofWrangler } from "./workerd.mjs";

const usage = `npm run size [-- --json FILE]

Bundles and minifies each entry of the package as an application would, and prints what it and its wasm module weigh.

  --json FILE  writes the figures as JSON, in bytes
  --help       shows this

size-budget.json has the greatest gzip size of each. Exit status: 0 within all budgets, 1 over one, 2 misuse.`;

/**
 * @typedef {{ entry: string, file: string, wasm?: string }} Part a file of dist/, and the module that comes with it
 * @typedef {{ entry: string, raw: number, gzip: number, brotli: number, budget: number }} Weight
 */

/** @type {Part[]} */
const parts = [
  { entry: "edgeward (workerd)", file: "workerd.js", wasm: "verifier" },
  { entry: "edgeward (Node)", file: "node.js", wasm: "verifier" },
  { entry: "edgeward (browser)", file: "web.js", wasm: "verifier_scalar" },
  { entry: "edgeward/slim", file: "slim-web.js", wasm: "slim" },
  { entry: "edgeward/worker", file: "worker.js", wasm: "gate" },
  { entry: "edgeward/browser", file: "browser.js", wasm: "client" },
  { entry: "edgeward/browser without WebCrypto", file: "browser.js", wasm: "client_whole" },
  { entry: "edgeward/react, beside edgeward/browser", file: "react.js" },
  { entry: "edgeward/machine", file: "machine-node.js", wasm: "machine" },
  { entry: "edgeward/pkce", file: "pkce-web.js", wasm: "pkce" },
];

const dist = join(root, "dist");

/** @param {string} file @returns {Promise<Buffer>} */
async function bundled(file) {
  const { outputFiles } = await ofWrangler("esbuild").build({
    entryPoints: [join(dist, file)],
    bundle: true,
    minify: true,
    write: false,
    format: "esm",
    target: "es2024",
    external: ["node:*", "*.wasm", "react", ...(file === "react.js" ? ["*/browser.js"] : [])],
    logLevel: "warning",
  });
  return Buffer.from(outputFiles[0].contents);
}

/** @param {Buffer} bytes */
const weigh = (bytes) => ({
  raw: bytes.length,
  gzip: gzipSync(bytes, { level: 9 }).length,
  brotli: brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }).length,
});

/** @returns {Promise<Weight[]>} */
async function weights() {
  const budgets = JSON.parse(readFileSync(join(root, "size-budget.json"), "utf8"));
  /** @param {string} entry @param {Buffer} bytes */
  const weight = (entry, bytes) => {
    const budget = budgets[entry];
    if (typeof budget !== "number") throw new Stop(`size-budget.json has no budget for "${entry}"`);
    return { entry, ...weigh(bytes), budget };
  };
  const modules = [...new Set(parts.flatMap(({ wasm }) => wasm ?? []))];
  const wasm = modules.map((name) =>
    weight(`${name}_bg.wasm`, readFileSync(join(dist, "wasm", "generated", `${name}_bg.wasm`))),
  );
  const files = new Map(parts.map(({ file, entry }) => [file, entry.replace(" without WebCrypto", "")]));
  const scripts = [];
  for (const file of files.keys()) scripts.push(weight(file, await bundled(file)));
  return [...wasm, ...scripts];
}

/** @param {string} [json] a file @returns {Promise<number>} the exit status */
async function checkSizes(json) {
  heading("Size");
  const all = await weights();
  const cells = all.map(({ entry, raw, gzip, brotli, budget }) => [
    ...[entry, size(raw), size(gzip), size(brotli), size(budget)],
    gzip > budget ? "over" : "",
  ]);
  console.log(table(["file", "raw", "gzip", "brotli", "budget (gzip)", ""], cells));
  const of = (/** @type {string} */ name) => all.find(({ entry }) => entry === name);
  const sums = parts.map(({ entry, file, wasm }) => {
    const both = [of(file), wasm && of(`${wasm}_bg.wasm`)].flatMap((part) => part || []);
    const sum = (/** @type {"raw" | "gzip" | "brotli"} */ what) =>
      size(both.reduce((total, part) => total + part[what], 0));
    return [entry, sum("raw"), sum("gzip"), sum("brotli")];
  });
  console.log(`\n${table(["entry: script and module", "raw", "gzip", "brotli"], sums)}`);
  if (json !== undefined) {
    writeFileSync(resolve(json), `${JSON.stringify(all, null, 2)}\n`);
    passed(relative(process.cwd(), resolve(json)) || json);
  }
  const over = all.filter(({ gzip, budget }) => gzip > budget);
  for (const { entry, gzip, budget } of over)
    failed(entry, `${gzip - budget} bytes over its budget of ${budget}`);
  console.log(`${all.length - over.length} of ${all.length} files are within their budgets`);
  return over.length === 0 ? 0 : 1;
}

await runMain(async () => {
  try {
    const { values } = parseCommandLine({
      options: { json: { type: "string" }, help: { type: "boolean", short: "h" } },
    });
    if (values.help) {
      console.log(usage);
      return 0;
    }
    await build();
    return await checkSizes(values.json);
  } catch (error) {
    if (!(error instanceof Misuse)) throw error;
    failed(error.message, usage.split("\n")[0]);
    return 2;
  }
});
