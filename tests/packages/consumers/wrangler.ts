/** wrangler: one Worker with every entry that Workers have, bundled and run in the real workerd. */
import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { runProgram, startServer, warningsIn } from "../command.ts";
import { type Consumer, moduleNames } from "../consumer.ts";
import { ownProgram } from "../installation.ts";
import { askServer } from "./ask-server.ts";

const entries = [
  "edgeward",
  "slim",
  "pkce",
  "machine",
  "gate",
  "worker",
  "hono",
  "durable-objects",
  "*.wasm",
] as const;

export const wrangler: Consumer = {
  name: "wrangler",
  entries,
  hasPages: false,
  async run(stage, check) {
    const directory = join(stage.installation.directory, "wrangler");
    const program = ownProgram("wrangler");
    const said = await runProgram(directory, [program, "deploy", "--dry-run", "--outdir", "out"]);
    assert.deepEqual(warningsIn(said), [], "what the bundler said");
    const shipped = readdirSync(join(directory, "out")).filter((file) => file.endsWith(".wasm"));
    // The gate's own is there once, however often and under whatever name it is imported.
    assert.deepEqual(
      moduleNames(shipped),
      ["gate", "machine", "pkce", "slim", "verifier"],
      "modules that would be uploaded",
    );
    const server = await startServer(directory, [
      program,
      "dev",
      "--local",
      "--ip",
      "127.0.0.1",
      "--port",
      "0",
    ]);
    try {
      await askServer(stage, check, server.origin, entries);
      assert.deepEqual(warningsIn(server.said()), [], "what the server said");
    } finally {
      await server.stop();
    }
  },
};
