// Vector files: one JSON object in each line, compressed or not.

import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { gunzipSync } from "node:zlib";
import { root } from "../process.mjs";
import { Misuse } from "./options.mjs";

const directory = join(root, "tests", "vectors");

/** @typedef {{ line: number, text: string }} Row */
/** @typedef {{ name: string, rows: Row[] }} VectorFile */
/** @typedef {{ file: string, id: string, verdict: string, reason: string }} Exception */

/** @param {string[]} paths none: the repository's own @returns {VectorFile[]} */
export function readVectorFiles(paths) {
  const named = paths.length > 0 ? paths : ownFiles();
  return named.map((path) => {
    const rows = readRows(path);
    // Silence would pass for success.
    if (rows.length === 0) throw new Misuse(`${path} holds no rows.`);
    return { name: paths.length > 0 ? path : relative(directory, path), rows };
  });
}

function ownFiles() {
  return readdirSync(directory)
    .filter((name) => /\.jsonl(?:\.gz)?$/.test(name))
    .sort()
    .map((name) => join(directory, name));
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
