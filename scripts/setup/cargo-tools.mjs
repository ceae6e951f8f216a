// Cargo's tools, built once per version into the user's cache.

import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { onWindows, run } from "../process.mjs";
import { expectOk, step } from "./steps.mjs";
import { cacheDirectory, toolRoot } from "./versions.mjs";

// Compiled to be there soon, not to run fast: each of them works for seconds, and compiling takes minutes.
const quickToCompile = {
  CARGO_PROFILE_DEV_OPT_LEVEL: "0",
  CARGO_PROFILE_DEV_DEBUG: "0",
  CARGO_PROFILE_DEV_STRIP: "debuginfo",
  CARGO_INCREMENTAL: "0",
};

/** @param {import("./versions.mjs").CargoTool} tool */
const executable = (tool) => join(toolRoot(tool), "bin", tool.program + (onWindows ? ".exe" : ""));

/** @param {import("./versions.mjs").CargoTool[]} tools */
export async function setUpCargoTools(tools) {
  // Shared while they are built, for the dependencies they have in common; of no use afterwards.
  const target = join(cacheDirectory(), "build");
  for (const tool of tools) {
    await step(
      `${tool.name} ${tool.version}`,
      () => (existsSync(executable(tool)) ? toolRoot(tool) : undefined),
      async () => {
        const args = [
          "install",
          tool.name,
          "--version",
          `=${tool.version}`,
          "--debug",
          "--root",
          toolRoot(tool),
        ];
        if (tool.locked) args.push("--locked");
        const result = await run("cargo", args, { env: { ...quickToCompile, CARGO_TARGET_DIR: target } });
        expectOk(
          result,
          `${tool.name} ${tool.version} could not be built; it needs the crates.io index and a C compiler.`,
        );
      },
    );
  }
  rmSync(target, { recursive: true, force: true });
}
