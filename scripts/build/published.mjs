// What is published of dist/: what an entry or the command needs to run, and what its types name. Declarations of everything else would only be
// checked by strict projects, which then need types of all the platforms that the package runs on.

import { readdirSync, readFileSync, rmSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { root } from "../process.mjs";

/** The files that a script or a declaration imports, or starts as a worker. @param {string} file @returns {string[]} */
function importsOf(file) {
  const specifiers = readFileSync(file, "utf8").matchAll(/\b(?:from|import|new URL)[ (]*"(\.[^"]+)"/g);
  const paths = [...specifiers].map(([, specifier]) => resolve(dirname(file), specifier));
  return file.endsWith(".d.ts") ? paths.map((path) => path.replace(/\.[jt]s$/, ".d.ts")) : paths;
}

/** What is named under `exports` or `bin`. @param {unknown} target @returns {string[]} */
const filesOf = (target) =>
  typeof target === "string" ? [target] : Object.values(target ?? {}).flatMap(filesOf);

/** The scripts and declarations that are reached from what package.json names. @returns {Set<string>} */
function published() {
  const { exports, bin } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const isRead = (/** @type {string} */ file) => /\.(?:js|d\.ts)$/.test(file);
  const named = filesOf([exports, bin]).filter((file) => isRead(file) && !file.includes("*"));
  const reached = new Set(named.map((file) => join(root, file)));
  for (const file of reached) for (const path of importsOf(file)) if (isRead(path)) reached.add(path);
  return reached;
}

/** Deletes the others. @param {string} dist */
export function keepPublished(dist) {
  const kept = published();
  for (const name of readdirSync(dist, { recursive: true, encoding: "utf8" })) {
    const file = join(dist, name);
    if (/\.(?:js|d\.ts)$/.test(name) && !kept.has(file)) rmSync(file);
  }
}
