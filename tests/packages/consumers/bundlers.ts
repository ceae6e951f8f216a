/** Bundlers for pages. Each has its configuration in `fixtures/`, as an application would write it. */
import assert from "node:assert/strict";
import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { runProgram, startServer, warningsIn } from "../command.ts";
import { askPages, type Consumer, expectBundle, pageWith, type Stage } from "../consumer.ts";
import { pageEntries, scriptOf } from "../entries.ts";
import { toolProgram } from "../installation.ts";

const entries = pageEntries;

/** Pages around the scripts of a bundler that writes none. Gives their origin. */
async function servePages(stage: Stage, folder: string): Promise<string> {
  for (const script of entries.map(scriptOf))
    writeFileSync(join(folder, `${script}.html`), pageWith(`/${script}.js`));
  return stage.serve(folder);
}

/** A bundler that is run once, and whose scripts are then served as files. */
const bundler = (name: string, command: (stage: Stage) => [string, ...string[]]): Consumer => ({
  name,
  entries,
  hasPages: true,
  async run(stage, check) {
    const { directory } = stage.installation;
    const said = await runProgram(directory, command(stage));
    const folder = join(directory, "out", name);
    assert.deepEqual(warningsIn(said), [], "what the bundler said");
    expectBundle(folder, "error.js");
    const origin = await servePages(stage, folder);
    await askPages(stage, check, (script) => `${origin}/${script}.html`, entries);
  },
});

export const webpack = bundler("webpack", () => [toolProgram("webpack")]);

export const esbuild = bundler("esbuild", () => ["esbuild.mjs"]);

export const rollup = bundler("rollup", () => [toolProgram("rollup"), "--config"]);

export const viteBuild: Consumer = {
  name: "Vite, build",
  entries,
  hasPages: true,
  async run(stage, check) {
    const { directory } = stage.installation;
    const said = await runProgram(directory, [toolProgram("vite"), "build"]);
    assert.deepEqual(warningsIn(said), [], "what the bundler said");
    const folder = join(directory, "out", "vite");
    const script = readdirSync(join(folder, "assets")).find((file) => /^error-.*\.js$/.test(file)) ?? "";
    expectBundle(folder, join("assets", script));
    const origin = await stage.serve(folder);
    await askPages(stage, check, (page) => `${origin}/html/${page}.html`);
  },
};

/** While one develops, nothing falls away. */
const developed = entries.filter((entry) => entry !== "error");

export const viteDev: Consumer = {
  name: "Vite, dev",
  entries: developed,
  hasPages: true,
  async run(stage, check) {
    const { directory } = stage.installation;
    const command = [toolProgram("vite"), "--host", "127.0.0.1", "--port", "0", "--strictPort"] as const;
    const server = await startServer(directory, [...command]);
    try {
      await askPages(stage, check, (page) => `${server.origin}/html/${page}.html`, developed);
      assert.deepEqual(warningsIn(server.said()), [], "what the server said");
    } finally {
      await server.stop();
    }
  },
};
