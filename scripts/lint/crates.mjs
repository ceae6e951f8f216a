// What `cargo publish` would send: it compiles by itself, and cargo has nothing to warn of.

import { join } from "node:path";
import { root } from "../process.mjs";

/** The tests stay in the repository, and cargo says so of each; that is how it has to be. */
const isExpected = (/** @type {string} */ line) => /^warning: ignoring test `\w+` as /.test(line);

/**
 * @param {(command: string[]) => Promise<import("../lint.mjs").Finding>} lintWith
 * @returns {Promise<import("../lint.mjs").Finding>}
 */
export async function checkCrates(lintWith) {
  // Dirty, because what is linted before a commit is not committed yet.
  const which = ["--workspace", "--exclude", "edgeward-module", "--allow-dirty"];
  const target = ["--target-dir", join(root, "target", "package-check")];
  const result = await lintWith(["cargo", "package", "--locked", "--color=never", ...which, ...target]);
  const warnings = result.output
    .split("\n")
    .filter((line) => line.startsWith("warning") && !isExpected(line));
  return warnings.length === 0 ? result : { ...result, ok: false };
}
