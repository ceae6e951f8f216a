/** The Worker as `wrangler deploy` would upload it, made with `--dry-run`, and run by itself in workerd with its real stores and objects. */
import { execFile } from "node:child_process";
import { readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import type { Policy } from "../../js/policy.ts";

const require = createRequire(import.meta.url);

/** Bundles the Worker of `wrangler.toml` into a folder below this one, `bundle`, and returns what wrangler said. */
export async function bundleGate(folder: string): Promise<string> {
  const wrangler = join(dirname(require.resolve("wrangler/package.json")), "bin/wrangler.js");
  const flags = ["--config", "wrangler.toml", "--outdir", join(folder, "bundle")];
  const env = {
    ...process.env,
    CI: "true",
    NO_COLOR: "1",
    WRANGLER_SEND_METRICS: "false",
    WRANGLER_LOG_PATH: folder,
  };
  const command = [wrangler, "deploy", "--dry-run", ...flags];
  return (await promisify(execFile)(process.execPath, command, { env })).stdout;
}

/** The names of what was bundled: the script first. */
export function modulesOf(folder: string): string[] {
  return readdirSync(join(folder, "bundle"))
    .filter((name) => /\.(js|wasm)$/.test(name))
    .sort((one, other) => Number(one.endsWith(".wasm")) - Number(other.endsWith(".wasm")));
}

export interface Deployed {
  readonly origin: string;
  stop(): Promise<void>;
}

/** What is used of wrangler's simulator. */
interface Simulator {
  readonly ready: Promise<URL>;
  dispose(): Promise<void>;
}

/** Runs a bundle with the bindings of `wrangler.toml`, a policy and its secrets. What it stores is in the folder, too. */
export async function startBundle(
  folder: string,
  policy: Policy,
  secrets: Readonly<Record<string, string>> = {},
): Promise<Deployed> {
  const { Miniflare, convertV4MiniflareOptions } = createRequire(require.resolve("wrangler/package.json"))(
    "miniflare",
  ) as { Miniflare: new (options: object) => Simulator; convertV4MiniflareOptions(options: object): object };
  const root = join(folder, "bundle");
  const objectOf = (className: string) => ({ className, useSQLite: true });
  const options = {
    host: "127.0.0.1",
    port: 0,
    // No look-up of what country this is.
    cf: false,
    compatibilityDate: "2026-06-01",
    modulesRoot: root,
    modules: modulesOf(folder).map((name) => ({
      type: name.endsWith(".wasm") ? "CompiledWasm" : "ESModule",
      path: join(root, name),
    })),
    bindings: { EDGEWARD_POLICY: JSON.stringify(policy), EDGEWARD_LOG: "none", ...secrets },
    durableObjectsPersist: join(folder, "objects"),
    cachePersist: join(folder, "cache"),
    durableObjects: {
      DPOP_REPLAY: objectOf("DpopReplay"),
      DENY_LIST: objectOf("DenyList"),
      KEY_SETS: objectOf("KeySets"),
    },
  };
  const simulator = new Miniflare(convertV4MiniflareOptions(options));
  return { origin: (await simulator.ready).origin, stop: () => simulator.dispose() };
}
