// `npm run size`: what each entry of the package weighs, raw and compressed, beside its budget. Over a budget the exit status is 1.

import { readFileSync, writeFileSync } from "node:fs";
import { basename, join, relative, resolve } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { build } from "./build.mjs";
import { Misuse, parseCommandLine } from "./command-line.mjs";
import { root } from "./process.mjs";
import { failed, heading, passed, runMain, Stop, size, table } from "./terminal.mjs";
import { ofWrangler } from "./workerd.mjs";

const usage = `npm run size [-- --json FILE]

Bundles and minifies each entry of the package as an application would, and prints what it and its wasm module weigh; beside them other
clients for browsers, bundled alike.

  --json FILE  writes the figures as JSON, in bytes
  --help       shows this

size-budget.json has the greatest gzip size of each file, in bytes, and of what the browser's client loads. Exit status: 0 within all budgets, 1 over one, 2 misuse.`;

/**
 * @typedef {{ entry: string, file: string, wasm?: string, later?: string[], without?: string[] }} Part a file of dist/, and what comes with it once it
 *   is used: a module, and scripts that it imports only then; files that are not counted
 * @typedef {{ entry: string, raw: number, gzip: number, brotli: number, budget?: number }} Weight
 * @typedef {{ script: Buffer[], later: Map<string, Buffer> }} Bundle what is loaded at once; and later, by the names of the files
 */

/** @type {Part[]} */
const parts = [
  { entry: "edgeward (workerd)", file: "workerd.js", wasm: "verifier" },
  { entry: "edgeward (Node)", file: "node.js", wasm: "verifier" },
  { entry: "edgeward (browser)", file: "web.js", wasm: "verifier_scalar" },
  { entry: "edgeward/slim", file: "slim-web.js", wasm: "slim" },
  { entry: "edgeward/worker", file: "worker.js", wasm: "gate" },
  { entry: "edgeward/browser before the first sign-in", file: "browser.js" },
  { entry: "edgeward/browser", file: "browser.js", wasm: "client", later: ["client.js"] },
  {
    entry: "edgeward/browser without WebCrypto",
    file: "browser.js",
    later: ["client_whole.js", "client_whole_wasm.js"],
  },
  { entry: "edgeward/browser without WebAssembly", file: "browser.js", later: ["client_plain.js"] },
  { entry: "edgeward/react, beside edgeward/browser", file: "react.js", without: ["*/browser.js"] },
  { entry: "edgeward/machine", file: "machine-node.js", wasm: "machine" },
  { entry: "edgeward/pkce", file: "pkce-web.js", wasm: "pkce" },
];

/** Other clients for browsers: what a page imports of each for signing in. */
const others = {
  "oidc-client-ts": "UserManager",
  "@auth0/auth0-spa-js": "createAuth0Client",
  oauth4webapi:
    "discoveryRequest, processDiscoveryResponse, generateRandomCodeVerifier, generateRandomState, generateRandomNonce, calculatePKCECodeChallenge, validateAuthResponse, authorizationCodeGrantRequest, processAuthorizationCodeResponse, validateApplicationLevelSignature, refreshTokenGrantRequest, processRefreshTokenResponse, protectedResourceRequest, None",
  "keycloak-js": "default",
};

const dist = join(root, "dist");

/** @param {object} entry of esbuild @param {string[]} [without] @returns {Promise<Bundle>} */
async function bundled(entry, without = []) {
  const { outputFiles, metafile } = await ofWrangler("esbuild").build({
    ...entry,
    bundle: true,
    minify: true,
    write: false,
    metafile: true,
    splitting: true,
    outdir: join(root, "target", "size"),
    absWorkingDir: root,
    format: "esm",
    target: "es2024",
    external: ["node:*", "*.wasm", "react", ...without],
    logLevel: "warning",
  });
  /** @type {Map<string, Buffer>} */
  const contents = new Map(
    outputFiles.map((/** @type {{ path: string, contents: Uint8Array }} */ { path, contents }) => [
      relative(root, path),
      Buffer.from(contents),
    ]),
  );
  const [first] = contents.keys();
  /** @type {Set<string>} */
  const atOnce = new Set();
  const take = (/** @type {string} */ path) => {
    if (atOnce.has(path)) return;
    atOnce.add(path);
    for (const { path: other, kind, external } of metafile.outputs[path].imports)
      if (kind === "import-statement" && !external) take(other);
  };
  take(first);
  const later = [...contents].filter(([path]) => !atOnce.has(path));
  return {
    script: [...atOnce].map((path) => contents.get(path) ?? Buffer.of()),
    later: new Map(
      later.map(([path, content]) => [nameOf(metafile.outputs[path].entryPoint, path), content]),
    ),
  };
}

/** @param {string | undefined} entryPoint @param {string} path */
const nameOf = (entryPoint, path) => basename(entryPoint ?? path);

/** @param {Buffer} bytes */
const weigh = (bytes) => ({
  raw: bytes.length,
  gzip: gzipSync(bytes, { level: 9 }).length,
  brotli: brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }).length,
});

/** Each file is compressed by itself, as servers do. @param {Pick<Weight, "raw" | "gzip" | "brotli">[]} weights */
const sum = (weights) =>
  weights.reduce(
    (all, { raw, gzip, brotli }) => ({
      raw: all.raw + raw,
      gzip: all.gzip + gzip,
      brotli: all.brotli + brotli,
    }),
    { raw: 0, gzip: 0, brotli: 0 },
  );

/** @returns {Promise<{ files: Weight[], entries: Weight[] }>} */
async function weights() {
  /** @type {Record<string, number>} */
  const budgets = JSON.parse(readFileSync(join(root, "size-budget.json"), "utf8"));
  /** @type {Map<string, Weight>} */
  const files = new Map();
  /** @param {string} entry @param {() => Pick<Weight, "raw" | "gzip" | "brotli">} weight */
  const file = (entry, weight) => {
    const known = files.get(entry);
    if (known) return known;
    const budget = budgets[entry];
    if (typeof budget !== "number") throw new Stop(`size-budget.json has no budget for "${entry}"`);
    const one = { entry, ...weight(), budget };
    files.set(entry, one);
    return one;
  };
  /** @type {Map<string, Bundle>} */
  const bundles = new Map();
  const entries = [];
  for (const { entry, file: path, wasm, later = [], without } of parts) {
    const bundle = bundles.get(path) ?? (await bundled({ entryPoints: [join(dist, path)] }, without));
    bundles.set(path, bundle);
    const needed = [file(path, () => sum(bundle.script.map(weigh)))];
    if (wasm !== undefined)
      needed.push(
        file(`${wasm}_bg.wasm`, () =>
          weigh(readFileSync(join(dist, "wasm", "generated", `${wasm}_bg.wasm`))),
        ),
      );
    for (const name of later) {
      const content = bundle.later.get(name);
      if (content === undefined) throw new Stop(`${path} does not import ${name} later`);
      needed.push(file(name, () => weigh(content)));
    }
    const weight = { entry, ...sum(needed) };
    entries.push(budgets[entry] === undefined ? weight : { ...weight, budget: budgets[entry] });
  }
  for (const [entry, names] of Object.entries(others)) {
    const stdin = { contents: `export { ${names} } from "${entry}";`, resolveDir: root };
    entries.push({ entry, ...sum((await bundled({ stdin })).script.map(weigh)) });
  }
  return { files: [...files.values()], entries };
}

/** @param {string} [json] a file @returns {Promise<number>} the exit status */
async function checkSizes(json) {
  heading("Size");
  const { files, entries } = await weights();
  const row = (/** @type {Weight} */ { entry, raw, gzip, brotli, budget }) => [
    ...[entry, size(raw), size(gzip), size(brotli), budget === undefined ? "" : size(budget)],
    gzip > (budget ?? Infinity) ? "over" : "",
  ];
  console.log(table(["file", "raw", "gzip", "brotli", "budget (gzip)", ""], files.map(row)));
  const head = [
    "what a page or program loads, and other clients",
    "raw",
    "gzip",
    "brotli",
    "budget (gzip)",
    "",
  ];
  console.log(`\n${table(head, entries.map(row))}`);
  const all = [...files, ...entries];
  if (json !== undefined) {
    writeFileSync(resolve(json), `${JSON.stringify(all, null, 2)}\n`);
    passed(relative(process.cwd(), resolve(json)) || json);
  }
  let [within, over] = [0, 0];
  for (const { entry, gzip, budget } of all) {
    if (budget === undefined) continue;
    if (gzip <= budget) within += 1;
    else {
      over += 1;
      failed(entry, `${gzip - budget} bytes over its budget of ${budget}`);
    }
  }
  console.log(`${within} of ${within + over} files are within their budgets`);
  return over === 0 ? 0 : 1;
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
