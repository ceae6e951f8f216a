/** Vercel's edge runtime: a script, not a module, in a realm of its own, which is given modules that were compiled outside, as Next.js gives them. */

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { bundle, moduleFile } from "./bundle.ts";
import type { Given } from "./given.ts";
import { installedDirectory, programs } from "./installed.ts";
import { type Cell, ENTRIES_OF_SERVERS, type Outcome, type Runtime, rowOf } from "./runtime.ts";
import type { Entry } from "./stage.ts";

/** The part of the package that is used here. */
interface EdgeRuntimePackage {
  EdgeRuntime: new (options: {
    extend: (context: Record<string, unknown>) => Record<string, unknown>;
  }) => { evaluate(code: string): unknown };
}

const SCRIPT = `
globalThis.outcomesOf = async (text) => JSON.stringify(await Object.values(suite)[0](JSON.parse(text)));
`;

export const edgeLight: Runtime = {
  name: "edge-light",
  async run(given) {
    await programs();
    const require = createRequire(join(installedDirectory, "package.json"));
    const { EdgeRuntime }: EdgeRuntimePackage = require("edge-runtime");
    const { version }: { version: string } = require("edge-runtime/package.json");
    const cell = async (entry: Entry): Promise<Cell> => {
      try {
        return { outcomes: await outcomesOf(EdgeRuntime, entry, given) };
      } catch (error) {
        // An entry that can't be bundled for it is that entry's fault alone.
        return { outcomes: [{ name: "is bundled and started", error: String(error) }] };
      }
    };
    const cells = new Map<Entry, Cell>();
    for (const entry of ENTRIES_OF_SERVERS) cells.set(entry, await cell(entry));
    return { version, cells: rowOf(ENTRIES_OF_SERVERS, (entry) => cells.get(entry) ?? { outcomes: [] }) };
  },
};

async function outcomesOf(
  EdgeRuntime: EdgeRuntimePackage["EdgeRuntime"],
  entry: Entry,
  given: Given,
): Promise<Outcome[]> {
  const { code, modules } = await bundle({
    conditions: ["edge-light", "worker"],
    format: "iife",
    compiled: { global: "compiledModules" },
    entries: [entry],
    use: SCRIPT,
  });
  const compiledModules = Object.fromEntries(
    modules.map((name) => [name, new WebAssembly.Module(readFileSync(moduleFile(name)))]),
  );
  const runtime = new EdgeRuntime({ extend: (context) => Object.assign(context, { compiledModules }) });
  runtime.evaluate(code);
  const answer = runtime.evaluate(`outcomesOf(${JSON.stringify(JSON.stringify(given))})`);
  return JSON.parse(await (answer as Promise<string>));
}
