/**
 * Several Workers in one workerd that share Durable Objects: the deployable gate, bundled as wrangler deploys it, under several names; and
 * others that a test writes.
 */
import { spawn } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import type { Policy } from "../../js/policy.ts";
import { modulesOf } from "./deployed.ts";

const require = createRequire(import.meta.url);
const ofWrangler = createRequire(require.resolve("wrangler/package.json"));

/** A Worker, and whose classes its `DPOP_REPLAY` and its `KEY_SETS` have. */
interface Shared {
  readonly replayOf?: string;
  readonly keySetsOf?: string;
  /** The source of a Worker that is no gate. */
  readonly script?: string;
}

export interface SharedGates {
  /** Where a Worker is reached. */
  origin(name: string): string;
  stop(): Promise<void>;
}

/** Starts Workers. What the objects store stays in the folder. */
export async function startSharedGates(
  folder: string,
  policy: Policy,
  workers: Readonly<Record<string, Shared>>,
): Promise<SharedGates> {
  mkdirSync(join(folder, "state"), { recursive: true });
  const bundled = modulesOf(folder).map((name) => {
    const kind = name.endsWith(".js") ? "esModule" : "wasm";
    return `(name = "${name.endsWith(".js") ? name : `./${name}`}", ${kind} = embed "bundle/${name}")`;
  });
  const workerOf = ([name, { replayOf, keySetsOf, script }]: [string, Shared]) => {
    const objects = [
      { binding: "DPOP_REPLAY", className: "DpopReplay", of: replayOf },
      { binding: "KEY_SETS", className: "KeySets", of: keySetsOf },
    ].filter(({ of }) => of !== undefined);
    const bindings = objects.map(
      ({ binding, className, of }) =>
        `(name = "${binding}", durableObjectNamespace = (className = "${className}", serviceName = "${of}")),`,
    );
    const own = objects
      .filter(({ of }) => of === name)
      .map(
        ({ className }) =>
          `(className = "${className}", uniqueKey = "${name}-${className}", enableSql = true)`,
      );
    const modules =
      script === undefined ? bundled : [`(name = "index.js", esModule = ${JSON.stringify(script)})`];
    return `(name = "${name}", worker = (
      modules = [${modules.join(", ")}],
      compatibilityDate = "2026-06-01",
      bindings = [
        (name = "EDGEWARD_POLICY", text = ${JSON.stringify(JSON.stringify(policy))}),
        (name = "EDGEWARD_LOG", text = "none"),
        ${bindings.join("\n        ")}
      ],
      durableObjectNamespaces = [${own.join(", ")}],
      durableObjectStorage = (localDisk = "state"),
    ))`;
  };
  const names = Object.keys(workers);
  const sockets = names.map(
    (name) => `(name = "${name}", address = "127.0.0.1:0", http = (), service = "${name}")`,
  );
  writeFileSync(
    join(folder, "workerd.capnp"),
    `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    ${Object.entries(workers).map(workerOf).join(",\n    ")},
    (name = "internet", network = (allow = ["private"])),
    (name = "state", disk = (path = "${join(folder, "state")}", writable = true)),
  ],
  sockets = [${sockets.join(", ")}],
);
`,
  );
  return await start(folder, names);
}

async function start(folder: string, names: readonly string[]): Promise<SharedGates> {
  const child = spawn(ofWrangler("workerd").default, ["serve", "workerd.capnp", "--control-fd=3"], {
    cwd: folder,
    stdio: ["ignore", "inherit", "inherit", "pipe"],
  });
  const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));
  const endNow = () => child.kill("SIGKILL");
  process.once("exit", endNow);
  const ports = new Map<string, number>();
  // What it listens on comes out of descriptor 3, an event in each line.
  for await (const line of createInterface({ input: child.stdio[3] as Readable })) {
    const event: { event: string; socket: string; port: number } = JSON.parse(line);
    if (event.event === "listen") ports.set(event.socket, event.port);
    if (ports.size === names.length) break;
  }
  if (ports.size < names.length) throw new Error("workerd did not start");
  return {
    origin: (name) => `http://127.0.0.1:${ports.get(name)}`,
    stop: async () => {
      process.off("exit", endNow);
      child.kill();
      await ended;
    },
  };
}
