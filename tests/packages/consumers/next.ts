/**
 * Next.js: client components, which it renders on the server first, and a route in its edge runtime. Built and served as in production. One project has every
 * entry, and so loads the package by Node on its server; the other has those of pages alone, and is not configured.
 */
import assert from "node:assert/strict";
import { globSync } from "node:fs";
import { join } from "node:path";
import { runProgram, type Server, startServer, warningsIn } from "../command.ts";
import { askPages, type Check, type Consumer, moduleNames, type Stage } from "../consumer.ts";
import { pageEntries, shippedModules } from "../entries.ts";
import { toolProgram } from "../installation.ts";
import { askServer } from "./ask-server.ts";

/** Next.js says that of every build in CI, and of every route with `runtime = "edge"`, whatever is imported. */
const aboutItself = [
  /No build cache found/,
  /The Edge Runtime is deprecated/,
  /Using edge runtime on a page currently disables static generation/,
];

const builds = new Map<string, Promise<string>>();

/** Builds once for both rows. */
function built(directory: string): Promise<string> {
  const build = builds.get(directory) ?? runProgram(directory, [toolProgram("next"), "build"]);
  builds.set(directory, build);
  return build;
}

const project = (stage: Stage, name: string): string => join(stage.installation.directory, name);

async function served(
  stage: Stage,
  name: "next" | "next-plain",
  ask: (server: Server) => Promise<void>,
): Promise<void> {
  const directory = project(stage, name);
  assert.deepEqual(warningsIn(await built(directory), aboutItself), [], "what the build said");
  const server = await startServer(directory, [
    toolProgram("next"),
    "start",
    "--hostname",
    "127.0.0.1",
    "--port",
    "0",
  ]);
  try {
    await ask(server);
    assert.deepEqual(warningsIn(server.said(), aboutItself), [], "what the server said");
  } finally {
    await server.stop();
  }
}

const shippedBy = (stage: Stage, name: string): string[] =>
  moduleNames(globSync(join(project(stage, name), ".next/static/**/*.wasm")));

export const nextClient: Consumer = {
  name: "Next.js, client",
  entries: pageEntries,
  hasPages: true,
  run: (stage: Stage, check: Check) =>
    served(stage, "next", async ({ origin }) => {
      assert.deepEqual(shippedBy(stage, "next"), shippedModules, "modules that were shipped to pages");
      await askPages(stage, check, (script) => `${origin}/${script}`);
    }),
};

const plainEntries = ["browser", "react"] as const;

export const nextPlain: Consumer = {
  name: "Next.js, not configured",
  entries: plainEntries,
  hasPages: true,
  run: (stage: Stage, check: Check) =>
    served(stage, "next-plain", async ({ origin }) => {
      assert.deepEqual(shippedBy(stage, "next-plain"), ["client"], "modules that were shipped to pages");
      const rendered = await (await fetch(`${origin}/react`)).text();
      assert.match(rendered, /<p>One moment<\/p>/, "what the server has rendered");
      await askPages(stage, check, (script) => `${origin}/${script}`, plainEntries);
    }),
};

const edgeEntries = ["edgeward", "slim", "pkce", "machine", "gate"] as const;

export const nextEdge: Consumer = {
  name: "Next.js, edge",
  entries: edgeEntries,
  hasPages: false,
  run: (stage: Stage, check: Check) =>
    served(stage, "next", async ({ origin }) => {
      const shipped = globSync(join(project(stage, "next"), ".next/server/edge/**/*.wasm"));
      assert.deepEqual(
        moduleNames(shipped),
        ["gate", "machine", "pkce", "slim", "verifier"],
        "modules of the route",
      );
      await askServer(stage, check, `${origin}/api/judge`, edgeEntries);
    }),
};
