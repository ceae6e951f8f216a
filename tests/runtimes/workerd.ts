/** workerd, as Workers are deployed to it: bundled by its condition, with Node's modules and without. */

import { copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { bundle, moduleFile } from "./bundle.ts";
import { ENTRIES_OF_WORKERS, type Outcome, type Runtime, rowOf } from "./runtime.ts";
import { type Entry, stage } from "./stage.ts";

/** The part of a script (plain JavaScript) that is used here. */
interface StartWorkerd {
  startWorkerd(
    directory: string,
    configuration: string,
    sockets: string[],
  ): Promise<{ origins: Map<string, string>; stop: () => Promise<void> }>;
}
const { startWorkerd }: StartWorkerd = await import(
  new URL("../../scripts/workerd.mjs", import.meta.url).href
);

/** wrangler.toml's, so that what is tested is what is deployed. */
const COMPATIBILITY_DATE = "2026-06-01";

/** The bindings' names, and the classes of their objects. */
const OBJECTS = { DENY_LIST: "DenyList", DPOP_REPLAY: "DpopReplay", KEY_SETS: "KeySets" };

const WORKER = `
export { ${Object.values(OBJECTS).join(", ")} } from "edgeward/durable-objects";
export default {
  async fetch(request) {
    const given = await request.json();
    const outcomes = {};
    for (const [entry, run] of Object.entries(suite)) outcomes[entry] = await run(given);
    return Response.json(outcomes);
  },
};
`;

const configuration = (modules: readonly string[], flags: readonly string[]): string => `
using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "suite", worker = .suite),
    (name = "state", disk = (path = "state", writable = true)),
    # The servers of this run alone: all of them listen here.
    (name = "internet", network = (allow = ["local", "private"])),
  ],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "suite")],
);
const suite :Workerd.Worker = (
  compatibilityDate = "${COMPATIBILITY_DATE}",
  compatibilityFlags = [${flags.map((flag) => `"${flag}"`).join(", ")}],
  modules = [
    (name = "worker.js", esModule = embed "worker.js"),
    ${modules.map((name) => `(name = "${name}", wasm = embed "${name}"),`).join("\n    ")}
  ],
  bindings = [${Object.entries(OBJECTS).map(([name, className]) => `(name = "${name}", durableObjectNamespace = "${className}")`)}],
  durableObjectNamespaces = [${Object.values(OBJECTS).map((className) => `(className = "${className}", uniqueKey = "${className}", enableSql = true)`)}],
  durableObjectStorage = (localDisk = "state"),
);
`;

function workerd(name: string, flags: readonly string[]): Runtime {
  return {
    name,
    async run(given) {
      const directory = join(stage, name);
      // What the objects store is in it, and gone with the next stage.
      mkdirSync(join(directory, "state"), { recursive: true });
      const { code, modules } = await bundle({
        conditions: ["workerd", "worker", "browser"],
        format: "esm",
        compiled: "import",
        entries: ENTRIES_OF_WORKERS,
        use: WORKER,
      });
      writeFileSync(join(directory, "worker.js"), code);
      for (const module of modules) copyFileSync(moduleFile(module), join(directory, module));
      writeFileSync(join(directory, "suite.capnp"), configuration(modules, flags));
      const { origins, stop } = await startWorkerd(directory, "suite.capnp", ["http"]);
      try {
        const answer = await fetch(origins.get("http") ?? "", {
          method: "POST",
          body: JSON.stringify(given),
        });
        const text = await answer.text();
        if (answer.status !== 200)
          throw new Error(`${name} answered ${answer.status}: ${text.slice(0, 500)}`);
        const outcomes = JSON.parse(text) as Record<Entry, Outcome[]>;
        const cells = rowOf(ENTRIES_OF_WORKERS, (entry) => ({ outcomes: outcomes[entry] }));
        return { version: workerdVersion(), cells };
      } finally {
        await stop();
      }
    },
  };
}

function workerdVersion(): string {
  const ofWrangler = createRequire(createRequire(import.meta.url).resolve("wrangler/package.json"));
  return (ofWrangler("workerd/package.json") as { version: string }).version;
}

export const workers: Runtime[] = [workerd("workerd", []), workerd("workerd-nodejs", ["nodejs_compat"])];
