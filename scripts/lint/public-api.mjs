// The crate's public surface: docs/public-api.txt lists it, and no type of another crate is in it that Cargo.toml does not allow.
// Both need rustdoc's JSON, which only a nightly Rust writes, so both are for whoever has the tools.

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root, run } from "../process.mjs";

/** @typedef {import("../lint.mjs").Finding} Finding */

export const listing = join(root, "docs", "public-api.txt");

const features = ["--features", "all-algorithms,rustcrypto"];

/** @param {string} tool the name of a cargo subcommand @returns {Promise<string | undefined>} what is missing */
async function missing(tool) {
  if (!(await run("cargo", ["+nightly", "--version"], { output: "none" })).ok)
    return "there is no nightly Rust";
  const help = await run(`cargo-${tool}`, ["--version"], { output: "none" });
  return help.ok ? undefined : `cargo-${tool} is not installed`;
}

/** A tool and a nightly know each other's JSON by a version number. @param {string} output */
const isMismatch = (output) => /format.version/i.test(output);

/** @param {string} tool @param {string[]} args @returns {Promise<Finding>} */
async function withNightly(tool, args) {
  const lacking = await missing(tool);
  if (lacking) return { ok: true, output: "", skipped: lacking };
  const result = await run("cargo", ["+nightly", tool, ...args], { output: "none" });
  return isMismatch(result.output) && !result.ok
    ? { ...result, skipped: `cargo-${tool} and this nightly Rust do not fit together` }
    : result;
}

/** Types of other crates that are neither allowed nor hidden. */
export const checkExternalTypes = () => withNightly("check-external-types", features);

/** What docs/public-api.txt should say. */
export async function listPublicApi() {
  const result = await withNightly("public-api", ["-sss", "--color=never", ...features]);
  // cargo's own progress comes before the items.
  const items = result.output.split("\n").filter((line) => /^(?:#\[\S|impl|pub )/.test(line));
  return { ...result, items: `${items.join("\n")}\n` };
}

/** @returns {Promise<Finding>} */
export async function checkPublicApi() {
  const listed = await listPublicApi();
  if (listed.skipped || !listed.ok) return listed;
  const written = existsSync(listing) ? readFileSync(listing, "utf8") : "";
  const before = new Set(written.split("\n"));
  const now = new Set(listed.items.split("\n"));
  const added = [...now].filter((line) => !before.has(line)).map((line) => `+ ${line}`);
  const gone = [...before].filter((line) => !now.has(line)).map((line) => `- ${line}`);
  const remark = "run `npm run public-api`, and look at what changed:";
  return { ok: written === listed.items, output: [remark, ...gone, ...added].join("\n") };
}
