// What runs in workerd, each Worker as one file in target/bench/ with the wasm module of dist/ beside it.

import { copyFileSync, mkdirSync } from "node:fs";
import { basename, join } from "node:path";
import { root } from "../process.mjs";
import { ofWrangler } from "../workerd.mjs";

/** Where the built files are. */
export const built = join(root, "target", "bench");
export const dist = join(root, "dist");

/** The engines alone, which engine.mjs builds. */
export const engineGlue = join(built, "engine.js");
export const engineWasm = join(built, "engine_bg.wasm");

/** The names under which configurations embed the shipped modules. */
export const gateWasm = "gate_bg.wasm";
const otherWasm = ["verifier_bg.wasm", "slim_bg.wasm"];

/**
 * `edgeward-dist/…` and `edgeward-engine` are what was built, wherever it lies; the wasm modules stay outside, because workerd compiles
 * them itself.
 * @type {{ name: string, setup: (build: any) => void }}
 */
const shipped = {
  name: "what is shipped",
  setup(build) {
    build.onResolve({ filter: /^edgeward-dist\// }, (/** @type {{ path: string }} */ { path }) => ({
      path: join(dist, path.slice("edgeward-dist/".length)),
    }));
    build.onResolve({ filter: /^edgeward-engine$/ }, () => ({ path: engineGlue }));
    build.onResolve({ filter: /\.wasm$/ }, (/** @type {{ path: string }} */ { path }) => ({
      path: `./${basename(path)}`,
      external: true,
    }));
  },
};

/** @param {Record<string, string>} entries the path of each Worker by the name its file gets, without an ending */
export async function bundleWorkers(entries) {
  mkdirSync(built, { recursive: true });
  for (const name of [gateWasm, ...otherWasm])
    copyFileSync(join(dist, "wasm", "generated", name), join(built, name));
  await ofWrangler("esbuild").build({
    entryPoints: entries,
    outdir: built,
    outExtension: { ".js": ".mjs" },
    absWorkingDir: root,
    bundle: true,
    format: "esm",
    target: "es2024",
    conditions: ["workerd", "worker", "browser"],
    external: ["node:*"],
    plugins: [shipped],
    logLevel: "warning",
  });
}
