/**
 * The package as it is installed (`target/runtimes/node_modules/edgeward`: package.json and what it publishes), with the suite
 * beside it, so that each runtime finds the entries by the package's name and its own conditions.
 */

import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("../../", import.meta.url));
export const stage = join(root, "target", "runtimes");
const suite = fileURLToPath(new URL("suite/", import.meta.url));

/** The entries that the suite has cases for: the name of the file of cases, and of the entry. */
export const ENTRIES = {
  verifier: "edgeward",
  slim: "edgeward/slim",
  pkce: "edgeward/pkce",
  gate: "edgeward/gate",
  machine: "edgeward/machine",
  hono: "edgeward/hono",
  worker: "edgeward/worker",
  "durable-objects": "edgeward/durable-objects",
  browser: "edgeward/browser",
} as const;
export type Entry = keyof typeof ENTRIES;

/** An entry's targets by their conditions: a path, a further choice, or `null` for "not there". */
type Target = string | null | { readonly [condition: string]: Target };

interface Manifest {
  readonly exports: Readonly<Record<string, Target>>;
  readonly files: readonly string[];
}

const manifest = (): Manifest => JSON.parse(readFileSync(join(root, "package.json"), "utf8"));

export function makeStage(): void {
  rmSync(stage, { recursive: true, force: true });
  const installed = join(stage, "node_modules", "edgeward");
  mkdirSync(installed, { recursive: true });
  for (const file of ["package.json", "dist"])
    cpSync(join(root, file), join(installed, file), { recursive: true });
  // The optional peer of `edgeward/hono`.
  cpSync(join(root, "node_modules", "hono"), join(stage, "node_modules", "hono"), { recursive: true });
  cpSync(suite, join(stage, "suite"), { recursive: true });
  const dependencies = { edgeward: "*", hono: "*" };
  const own = { name: "runtimes", private: true, type: "module", dependencies };
  writeFileSync(join(stage, "package.json"), JSON.stringify(own));
}

/**
 * Where an entry is under these conditions, from the package's directory: the first condition in the order of package.json that is among them,
 * as Node and bundlers find it. `undefined` where it is not there.
 */
export function resolveEntry(entry: Entry, conditions: readonly string[]): string | undefined {
  const choose = (target: Target | undefined): string | undefined => {
    if (typeof target === "string") return target;
    if (target === undefined || target === null) return undefined;
    for (const [condition, next] of Object.entries(target)) {
      if (condition !== "default" && !conditions.includes(condition)) continue;
      // `null` ends the search: it says that the entry is not there.
      if (next === null) return undefined;
      const found = choose(next);
      if (found !== undefined) return found;
    }
    return undefined;
  };
  return choose(manifest().exports[ENTRIES[entry].replace("edgeward", ".")]);
}
