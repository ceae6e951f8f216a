// Vector files: one JSON object in each line, compressed or not.

import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { gunzipSync } from "node:zlib";
import { Misuse } from "../command-line.mjs";
import { root } from "../process.mjs";

const directory = join(root, "tests", "vectors");

/** @typedef {{ line: number, text: string }} Row */
/** @typedef {{ name: string, rows: Row[] }} VectorFile */
/** @typedef {{ file: string, id: string, verdict: string, reason: string }} Exception */

/** @param {string[]} paths none: the repository's own @returns {VectorFile[]} */
export function readVectorFiles(paths) {
  // A file that is named twice is judged once: its rows would count double.
  const named = paths.length > 0 ? new Map(paths.map((path) => [located(path), path])) : ownFiles();
  return [...named].map(([path, name]) => {
    const rows = readRows(path);
    // Silence would pass for success.
    if (rows.length === 0) throw new Misuse(`${name} holds no rows.`);
    return { name, rows };
  });
}

/** npm starts a script in the directory of package.json, and says in INIT_CWD where it was itself called. @param {string} path */
function located(path) {
  const { npm_lifecycle_event: script, INIT_CWD: calledIn = "" } = process.env;
  return script === "vectors" ? resolve(calledIn, path) : resolve(path);
}

function ownFiles() {
  return readdirSync(directory)
    .filter((name) => /\.jsonl(?:\.gz)?$/.test(name))
    .sort()
    .map((name) => /** @type {const} */ ([join(directory, name), name]));
}

/** @param {string} path @returns {Row[]} */
function readRows(path) {
  try {
    const bytes = readFileSync(path);
    const isCompressed = bytes[0] === 0x1f && bytes[1] === 0x8b;
    const text = (isCompressed ? gunzipSync(bytes) : bytes).toString("utf8").replace(/^\ufeff/, "");
    return text
      .split("\n")
      .map((line, index) => ({ line: index + 1, text: line.trim() }))
      .filter((row) => row.text !== "");
  } catch (error) {
    throw new Misuse(`${path} can't be read: ${error instanceof Error ? error.message : error}`);
  }
}

/** Rows of the repository's own files that are judged otherwise than their label, each with its reason. @returns {Exception[]} */
export function readExceptions() {
  return JSON.parse(readFileSync(join(directory, "exceptions.json"), "utf8"));
}
