// Links tests/no_std for a target that has no standard library, and runs it where the host can.

import { join } from "node:path";
import { root, run } from "../process.mjs";
import { requireToolchain, selecting } from "../setup/toolchain.mjs";
import { bareTarget } from "../setup/versions.mjs";
import { failed, passed } from "../terminal.mjs";

export async function testNoStd() {
  const toolchain = await requireToolchain(bareTarget);
  const target = join(root, "target", "no_std");
  const build = await run(
    "cargo",
    ["build", "--locked", "--manifest-path", join("tests", "no_std", "Cargo.toml"), "--target", bareTarget],
    {
      output: "show",
      // A fixed address: there is no loader that would relocate it.
      env: { ...selecting(toolchain), CARGO_TARGET_DIR: target, RUSTFLAGS: "-Crelocation-model=static" },
    },
  );
  if (!build.ok) {
    failed(`the core does not link for ${bareTarget}`);
    return { passed: 0, failed: 1 };
  }
  const canRun = process.platform === "linux" && process.arch === "x64";
  if (canRun) {
    const program = join(target, bareTarget, "debug", "edgeward-no-std");
    const result = await run(program, [], { output: "none", limitSeconds: 60 });
    if (!result.ok) {
      failed(`linked for ${bareTarget}, but it ended with status ${result.status}`);
      return { passed: 0, failed: 1 };
    }
  }
  passed(`the core links for ${bareTarget}${canRun ? ", and verifies a token there" : ""}`);
  return { passed: 1, failed: 0 };
}
