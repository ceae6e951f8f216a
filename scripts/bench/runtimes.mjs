// The runtimes that have a stand: this Node, and workerd. Each is started once and ended afterwards.

import * as nodeCryptoModule from "node:crypto";
import { copyFileSync, readFileSync } from "node:fs";
import { registerHooks } from "node:module";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { startWorkerd } from "../workerd.mjs";
import { built, bundleWorkers, dist, engineGlue, engineWasm } from "./build.mjs";
import { awsJwtVerifySync } from "./contenders/aws-jwt-verify.mjs";
import { everywhere } from "./contenders/everywhere.mjs";
import { fastJwtContenders } from "./contenders/fast-jwt.mjs";
import { nodeCrypto } from "./contenders/primitives.mjs";
import { wasmEngines } from "./contenders/wasm-engine.mjs";
import { makeStand } from "./stand.mjs";

/** @typedef {import("./stand.mjs").Stand} Stand */
/** @typedef {{ stand: Stand, stop: () => Promise<void> }} Running */

export const runtimes = /** @type {const} */ (["node", "workerd"]);

/** @typedef {(typeof runtimes)[number]} Runtime */

/** @param {string} file @returns {Promise<any>} */
const shipped = (file) => import(pathToFileURL(join(dist, file)).href);

/** @returns {Promise<Running>} */
async function inNode() {
  // As workerd does: what is imported is the module, compiled and not yet instantiated.
  const source = `import { readFileSync } from "node:fs";
    export default new WebAssembly.Module(readFileSync(new URL(import.meta.url)));`;
  const hooks = registerHooks({
    load: (url, context, next) =>
      url.endsWith(".wasm") ? { format: "module", shortCircuit: true, source } : next(url, context),
  });
  const { createGate } = await shipped("worker.js");
  hooks.deregister();
  const { createVerifier } = await shipped("node.js");
  const { createVerifier: createSlim } = await shipped("slim-node.js");
  const { EngineKey, initSync } = await import(pathToFileURL(engineGlue).href);
  initSync({ module: readFileSync(engineWasm) });
  /** @type {import("./contenders/edgeward.mjs").Edgeward} */
  const edgeward = { createGate, createVerifier, createSlim, engines: ["wasm", "webcrypto", "node"] };
  const contenders = [
    ...everywhere(edgeward),
    awsJwtVerifySync,
    ...fastJwtContenders,
    ...wasmEngines({ EngineKey }),
    nodeCrypto(nodeCryptoModule),
  ];
  return { stand: makeStand(contenders), stop: async () => undefined };
}

/** @returns {Promise<Running>} */
async function inWorkerd() {
  const here = (/** @type {string} */ name) => fileURLToPath(new URL(name, import.meta.url));
  await bundleWorkers({ stand: here("worker.mjs") });
  copyFileSync(here("workerd.capnp"), join(built, "workerd.capnp"));
  const { origins, stop } = await startWorkerd(built, "workerd.capnp", ["http"]);
  const ask = async (/** @type {string} */ path, /** @type {string} */ body = "") => {
    const answer = await fetch(`${origins.get("http")}/${path}`, { method: "POST", body });
    if (!answer.ok) throw new Error(`the stand in workerd answered ${answer.status} to ${path}`);
    return /** @type {Promise<any>} */ (answer.json());
  };
  const about = (/** @type {string} */ id) => `id=${encodeURIComponent(id)}`;
  /** @type {Stand} */
  const stand = {
    contenders: () => ask("contenders"),
    pool: (name, tokens) => ask(`pool?${about(name)}`, JSON.stringify(tokens)),
    prepare: (id, entry) => ask(`prepare?${about(id)}`, JSON.stringify(entry)),
    takes: (id, token) => ask(`takes?${about(id)}`, token),
    run: (id, operations) => ask(`run?${about(id)}&operations=${operations}`),
  };
  return { stand, stop };
}

/** @type {Record<Runtime, () => Promise<Running>>} */
export const start = { node: inNode, workerd: inWorkerd };
