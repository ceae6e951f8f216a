/** TypeScript: strict projects, which check the package's own declarations too, by the older compiler and by the newer one. */
import { join } from "node:path";
import { runProgram } from "../command.ts";
import type { Consumer } from "../consumer.ts";
import type { Entry } from "../entries.ts";
import { ownProgram, toolProgram } from "../installation.ts";

/** What each project in `fixtures/types/` imports: a page has the DOM, Node its own types, a Worker those of workerd. */
const projects: Record<string, readonly Entry[]> = {
  page: ["edgeward", "slim", "pkce", "browser", "react", "machine", "gate", "worker", "hono"],
  node: ["edgeward", "slim", "pkce", "machine", "gate", "worker", "hono"],
  worker: ["edgeward", "slim", "pkce", "machine", "gate", "worker", "hono", "durable-objects", "*.wasm"],
};

const entries = [...new Set(Object.values(projects).flat())];

const compiling = (moduleResolution: "nodenext" | "bundler"): Consumer => ({
  name: `TypeScript, ${moduleResolution}`,
  entries,
  hasPages: false,
  async run(stage, check) {
    const compilers = [toolProgram("tsc"), ownProgram("tsc")];
    const failures = new Map<string, unknown>();
    for (const project of Object.keys(projects)) {
      const config = join("types", `${project}-${moduleResolution}.json`);
      for (const compiler of compilers) {
        await runProgram(stage.installation.directory, [compiler, "--project", config]).catch(
          (error: unknown) => failures.set(project, error),
        );
      }
    }
    for (const entry of entries) {
      await check(entry, async () => {
        for (const [project, imported] of Object.entries(projects)) {
          if (imported.includes(entry) && failures.has(project)) throw failures.get(project);
        }
      });
    }
  },
});

export const nodenext = compiling("nodenext");
export const bundler = compiling("bundler");
