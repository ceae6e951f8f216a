// The crate under combinations of its features: each has to build without a warning.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root, run } from "../process.mjs";

/** Not algorithms: the sets of others, and the surface that one target alone has. */
const others = ["default", "all-algorithms", "wasm"];

/** The names under `[features]` that are algorithms. */
function algorithmFeatures() {
  const manifest = readFileSync(join(root, "Cargo.toml"), "utf8");
  const table = manifest.split(/^\[features\]$/m)[1]?.split(/^\[/m)[0] ?? "";
  const names = [...table.matchAll(/^([\w-]+) = /gm)].map(([, name]) => name);
  return names.filter((name) => !others.includes(name));
}

/** None, each alone, every two, and all: where two features can get in each other's way, some two of them do. */
export function combinations() {
  const names = algorithmFeatures();
  const pairs = names.flatMap((one, i) => names.slice(i + 1).map((other) => [one, other]));
  return [[], ...names.map((name) => [name]), ...pairs, names];
}

/** @returns {Promise<import("../lint.mjs").Finding>} */
export async function checkFeatures() {
  const sets = combinations();
  // Silence is not success: a manifest that is written in another way must not leave one combination to check.
  if (sets.length < 4) return { ok: false, output: "no features were found in Cargo.toml" };
  const failures = [];
  for (const features of sets) {
    const args = ["check", "--locked", "--lib", "--quiet", "--no-default-features", "--features", features.join(",")];
    const result = await run("cargo", args, {
      output: "none",
      // Only this crate's warnings: those of dependencies are capped whatever is said here.
      env: { RUSTFLAGS: "-Dwarnings", CARGO_TARGET_DIR: join(root, "target", "features") },
    });
    if (!result.ok) failures.push(`with ${features.join(", ") || "no feature"}:\n${result.output.trimEnd()}`);
  }
  return { ok: failures.length === 0, output: failures.join("\n\n"), remark: `${sets.length} combinations` };
}
