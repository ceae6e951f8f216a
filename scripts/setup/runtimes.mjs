// The runtimes that the published package is tested in: Node 20 and 24, Deno, Bun, and Vercel's edge runtime. They have a package.json of
// their own, because nobody else needs their 500 MB.

import { createHash } from "node:crypto";
import { chmodSync, copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { hostPath, onWindows, root, run } from "../process.mjs";
import { Stop } from "../terminal.mjs";
import { node22 } from "./node-modules.mjs";
import { expectOk, step } from "./steps.mjs";

const pinned = join(root, "tests", "runtimes", "installed");

/** Where they are installed: not among the sources, which are copied now and then. */
export const installedRuntimes = join(root, "target", "installed-runtimes");
const modules = join(installedRuntimes, "node_modules");
const stamp = join(modules, ".edgeward-lock");
const platform = `${process.platform}-${process.arch}`;
const exe = onWindows ? ".exe" : "";

/** Their packages' names for platforms are not Node's. */
const bunArch = process.arch === "arm64" ? "aarch64" : process.arch;
const bunPlatform = onWindows ? "windows" : process.platform;
const denoLibrary = process.platform === "linux" ? "-glibc" : "";

const programs = {
  node20: join(modules, `node20-${platform}`, "bin", `node${exe}`),
  node22,
  node24: join(modules, `node24-${platform}`, "bin", `node${exe}`),
  deno: join(modules, "@deno", `${platform}${denoLibrary}`, `deno${exe}`),
  bun: join(modules, "@oven", `bun-${bunPlatform}-${bunArch}`, "bin", `bun${exe}`),
};

const lockHash = () =>
  createHash("sha256")
    .update(readFileSync(join(pinned, "package-lock.json")))
    .digest("hex");

const missing = () => Object.entries(programs).find(([, path]) => !existsSync(path))?.[0];

function present() {
  if (!existsSync(stamp) || readFileSync(stamp, "utf8") !== lockHash()) return undefined;
  return missing() === undefined ? "Node 20 and 24, Deno, Bun, edge-runtime" : undefined;
}

/** @returns {typeof programs} their paths */
export function requireRuntimes() {
  if (!present()) throw new Stop("The runtimes are not set up here: run `npm run setup -- runtimes` first.");
  return programs;
}

export const setUpRuntimes = () =>
  step("runtimes (npm ci of tests/runtimes/installed)", present, async () => {
    mkdirSync(installedRuntimes, { recursive: true });
    for (const file of ["package.json", "package-lock.json", ".npmrc"])
      copyFileSync(join(pinned, file), join(installedRuntimes, file));
    const args = ["ci", "--ignore-scripts", "--loglevel=error"];
    const result = await run("npm", args, { cwd: installedRuntimes, path: hostPath() });
    expectOk(result, "`npm ci` of the runtimes failed: the npm registry has to be reachable.");
    const name = missing();
    if (name !== undefined) throw new Stop(`There is no ${name} for ${platform} among the npm packages.`);
    // Without their install scripts they may lack the permission to be run.
    if (!onWindows) for (const path of [programs.deno, programs.bun]) chmodSync(path, 0o755);
    writeFileSync(stamp, lockHash());
  });
