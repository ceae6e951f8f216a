// The crate under combinations of its features: each has to build without a warning.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../process.mjs";

/** The sets of others, and the surface that one target alone has. */
const others = [
  "default",
  "all-algorithms",
  "wasm",
  "wasm-gate",
  "wasm-verifier",
  "wasm-slim",
  "wasm-client",
  "wasm-machine",
  "wasm-pkce",
];

/** The names under `[features]` that are algorithms or engines. */
function independentFeatures() {
  const manifest = readFileSync(join(root, "Cargo.toml"), "utf8");
  const table = manifest.split(/^\[features\]$/m)[1]?.split(/^\[/m)[0] ?? "";
  const names = [...table.matchAll(/^([\w-]+) = /gm)].map(([, name]) => name);
  return names.filter((name) => !others.includes(name));
}

/**
 * None, each alone, all but each, and all: what one brings is missed by none of the others, and what one is missed by shows. Every
 * two as well would take three times as long.
 */
export function combinations() {
  const names = independentFeatures();
  const without = names.map((name) => names.filter((other) => other !== name));
  return [[], ...names.map((name) => [name]), ...without, names];
}

/**
 * @param {(...args: string[]) => Promise<import("../lint.mjs").Finding>} clippy with warnings refused
 * @returns {Promise<import("../lint.mjs").Finding>}
 */
export async function checkFeatures(clippy) {
  const sets = combinations();
  // Silence is not success: a manifest that is written in another way must not leave nothing to check.
  if (sets.length < 4) return { ok: false, output: "no features were found in Cargo.toml" };
  const failures = [];
  for (const features of sets) {
    const result = await clippy("--lib", "--no-default-features", "--features", features.join(","));
    if (!result.ok) failures.push(`with ${features.join(", ") || "no feature"}:\n${result.output.trimEnd()}`);
  }
  return { ok: failures.length === 0, output: failures.join("\n\n"), remark: `${sets.length} combinations` };
}
