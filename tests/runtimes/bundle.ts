/** The suite in one file, for runtimes that have no package's names: bundled as applications for them are, by their conditions. */

import { createRequire } from "node:module";
import { basename, join } from "node:path";
import { type Entry, stage } from "./stage.ts";

/** The parts of esbuild that are used here; wrangler brings it. */
interface Esbuild {
  build(options: object): Promise<{ outputFiles: { text: string }[] }>;
}
interface PluginBuild {
  onResolve(which: { filter: RegExp }, then: (found: { path: string }) => object): void;
  onLoad(which: { filter: RegExp; namespace: string }, then: (found: { path: string }) => object): void;
}

const ofWrangler = createRequire(createRequire(import.meta.url).resolve("wrangler/package.json"));
const esbuild: Esbuild = ofWrangler("esbuild");

/** Where a module that was compiled beforehand comes from: its name is that of its file. */
export type CompiledModule =
  /** The runtime's own import of it. */
  | "import"
  /** A global object, which whoever starts the script fills. */
  | { readonly global: string };

export interface Bundle {
  readonly code: string;
  /** The files of the compiled modules that it names. */
  readonly modules: readonly string[];
}

export interface BundleOptions {
  readonly conditions: readonly string[];
  readonly format: "esm" | "iife";
  readonly compiled: CompiledModule;
  readonly entries: readonly Entry[];
  /** What is done with `suite`, an object of functions that take what is given and promise outcomes, by their entries' names. */
  readonly use: string;
}

export async function bundle({ conditions, format, compiled, entries, use }: BundleOptions): Promise<Bundle> {
  const modules = new Set<string>();
  const contents = `
import { run } from "./suite/run.mjs";
${entries.map((entry, i) => `import * as cases${i} from "./suite/${entry}.mjs";`).join("\n")}
const suite = {
${entries.map((entry, i) => `  "${entry}": (given) => run(async () => cases${i}, given),`).join("\n")}
};
${use}
`;
  const wasm = {
    name: "compiled modules",
    setup(build: PluginBuild) {
      build.onResolve({ filter: /\.wasm(?:\?module)?$/ }, ({ path }) => {
        const name = basename(path.replace("?module", ""));
        modules.add(name);
        return compiled === "import" ? { path: name, external: true } : { path: name, namespace: "compiled" };
      });
      build.onLoad({ filter: /./, namespace: "compiled" }, ({ path }) => ({
        contents: `export default globalThis[${JSON.stringify(typeof compiled === "object" ? compiled.global : "")}][${JSON.stringify(path)}];`,
      }));
    },
  };
  const { outputFiles } = await esbuild.build({
    stdin: { contents, resolveDir: stage, sourcefile: "runner.mjs" },
    bundle: true,
    write: false,
    platform: "neutral",
    target: "es2022",
    format,
    conditions,
    external: ["node:*", "cloudflare:*"],
    plugins: [wasm],
    logLevel: "error",
  });
  return { code: outputFiles[0]?.text ?? "", modules: [...modules] };
}

/** Where the compiled modules lie in the staged package. */
export const moduleFile = (name: string): string =>
  join(stage, "node_modules", "edgeward", "dist", "wasm", "generated", name);
