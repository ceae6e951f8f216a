// node_modules, as package-lock.json has it, and Node 22 in it for the TypeScript this repository runs.

import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { hostPath, onWindows, root, run } from "../process.mjs";
import { Stop } from "../terminal.mjs";
import { expectOk, step } from "./steps.mjs";

export const node22 = join(root, "node_modules", ".bin", onWindows ? "node.cmd" : "node");
const stamp = join(root, "node_modules", ".edgeward-lock");

const lockHash = () =>
  createHash("sha256")
    .update(readFileSync(join(root, "package-lock.json")))
    .digest("hex");

async function present() {
  if (!existsSync(stamp) || readFileSync(stamp, "utf8") !== lockHash()) return undefined;
  const node = await run(node22, ["--version"], { output: "none" });
  return node.ok ? `Node ${node.output.trim().slice(1)} for the TypeScript` : undefined;
}

async function install() {
  // On the host's Node: the one in node_modules is about to be replaced.
  const result = await run("npm", ["ci", "--loglevel=error"], { path: hostPath() });
  expectOk(result, "`npm ci` failed: the npm registry has to be reachable.");
  const node = await run(node22, ["--version"], { output: "none" });
  if (!node.ok) {
    throw new Stop(
      `No Node 22 came with node_modules for ${process.platform} ${process.arch}: check that \`npm config get omit\` does not say "optional".`,
    );
  }
  writeFileSync(stamp, lockHash());
}

export const setUpNodeModules = () => step("npm packages (npm ci)", present, install);
