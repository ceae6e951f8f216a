// Whether a result is still that of its inputs: one hash over every file and version it was made from.

import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { root } from "../process.mjs";

/** @param {string} path a file, or a directory with everything below it @returns {string[]} */
export function filesBelow(path) {
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path)
    .sort()
    .flatMap((name) => filesBelow(join(path, name)));
}

/** @param {string[]} paths @param {string[]} [versions] of the tools involved */
export function inputHash(paths, versions = []) {
  const hash = createHash("sha256").update(JSON.stringify(versions));
  for (const file of paths.flatMap(filesBelow)) {
    hash.update(`\0${relative(root, file)}\0`).update(readFileSync(file));
  }
  return hash.digest("hex");
}

/** @param {string} stamp @param {string[]} results */
export function recordedHash(stamp, results) {
  try {
    for (const result of results) statSync(result);
    return readFileSync(stamp, "utf8");
  } catch {
    return undefined;
  }
}

/** @param {string} stamp @param {string} hash */
export function recordHash(stamp, hash) {
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, hash);
}
