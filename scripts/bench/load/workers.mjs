// The Workers of the load in one workerd, each on a socket of its own, all in front of the same origin.

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { startWorkerd } from "../../workerd.mjs";
import { built, bundleWorkers, gateWasm } from "../build.mjs";
import { gateName } from "../contenders/edgeward.mjs";

/** @typedef {{ name: string, file: string, claims?: boolean, wasm?: boolean }} Worker */

export const passthrough = "passthrough";

/** @type {Worker[]} */
export const workers = [
  { name: passthrough, file: "passthrough" },
  { name: gateName, file: "gate", wasm: true },
  { name: `${gateName}, claims as headers`, file: "gate", claims: true, wasm: true },
  { name: "hono jwk", file: "hono" },
  { name: "jose by hand", file: "jose" },
];

/** The text of a string in a configuration: JSON's escapes are Cap'n Proto's. */
const text = JSON.stringify;

/**
 * One service for each Worker; whatever they fetch, wherever it seems to be, comes from the origin.
 * @param {number} originPort
 */
function configuration(originPort) {
  const service = (/** @type {Worker} */ { file, claims, wasm }, /** @type {number} */ index) => `
const worker${index} :Workerd.Worker = (
  compatibilityDate = "2026-06-01",
  globalOutbound = "origin",
  modules = [
    (name = ${text(`${file}.mjs`)}, esModule = embed ${text(`load-${file}.mjs`)}),
    ${wasm ? `(name = ${text(gateWasm)}, wasm = embed ${text(gateWasm)}),` : ""}
  ],
  bindings = [
    (name = "SETTING", json = embed "load-setting.json"),
    ${claims ? `(name = "CLAIM_HEADERS", json = "true"),` : ""}
  ],
);`;
  const services = workers.map(({ name }, i) => `(name = ${text(name)}, worker = .worker${i}),`);
  const sockets = workers.map(
    ({ name }) => `(name = ${text(name)}, address = "127.0.0.1:0", http = (), service = ${text(name)}),`,
  );
  return `using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [
    (name = "origin", external = (address = "127.0.0.1:${originPort}", http = ())),
    ${services.join("\n    ")}
  ],
  sockets = [
    ${sockets.join("\n    ")}
  ],
);
${workers.map(service).join("\n")}
`;
}

/** @param {number} originPort @param {import("./workers/setting.mjs").Setting} setting */
export async function startWorkers(originPort, setting) {
  const source = (/** @type {string} */ file) =>
    fileURLToPath(new URL(`workers/${file}.mjs`, import.meta.url));
  const files = new Set(workers.map(({ file }) => file));
  await bundleWorkers(Object.fromEntries([...files].map((file) => [`load-${file}`, source(file)])));
  writeFileSync(join(built, "load-setting.json"), JSON.stringify(setting));
  writeFileSync(join(built, "load.capnp"), configuration(originPort));
  const names = workers.map(({ name }) => name);
  return startWorkerd(built, "load.capnp", names);
}
