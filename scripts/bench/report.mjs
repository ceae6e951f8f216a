// What is printed of the figures.

import { heading, note, table, yellow } from "../terminal.mjs";

/** @typedef {import("./rounds.mjs").Row} Row */
/** @typedef {import("./load/load.mjs").LoadRow} LoadRow */

const percent = (/** @type {number} */ share) => `${(share * 100).toFixed(0)} %`;
const factor = (/** @type {number | null} */ value) => (value === null ? "" : value.toFixed(2));

/** Three digits that count. @param {number} value */
export const figure = (value) => value.toFixed(Math.min(2, Math.max(0, 2 - Math.floor(Math.log10(value)))));

const mark = (/** @type {{ lets_through?: string[] }} */ { lets_through }) => (lets_through ? "!" : "");

/** The fastest first within a runtime, an algorithm and a state. @param {Row[]} rows */
export function sorted(rows) {
  const place = (/** @type {Row} */ { runtime, alg, state }) => `${runtime} ${alg} ${state}`;
  return rows.toSorted((a, b) => place(a).localeCompare(place(b)) || a.median_us - b.median_us);
}

/** @param {Row[]} rows */
export function printRows(rows) {
  const states = sorted(rows.filter(({ curve }) => curve === undefined));
  if (states.length > 0) {
    heading("Contenders");
    const columns = ["runtime", "alg", "state", "contender", "µs", "spread", "to jose", ""];
    const cells = states.map((row) => [
      ...[row.runtime, row.alg, row.state, row.contender, figure(row.median_us).padStart(7)],
      ...[percent(row.spread).padStart(6), factor(row.ratio_to_jose).padStart(7), mark(row)],
    ]);
    console.log(table(columns, cells));
  }
  const curves = rows.filter(({ curve }) => curve !== undefined);
  if (curves.length === 0) return;
  heading("Curves");
  const columns = ["runtime", "curve", "alg", "contender", "x", "µs", "spread"];
  const cells = curves.map(({ runtime, curve = "", alg, contender, x = 0, ...row }) => [
    ...[runtime, curve, alg, contender, x],
    ...[figure(row.median_us).padStart(7), percent(row.spread).padStart(6)],
  ]);
  console.log(table(columns, cells));
}

/** @param {LoadRow[]} rows */
export function printLoad(rows) {
  if (rows.length === 0) return;
  heading("Load");
  const columns = ["runtime", "load", "contender", "requests/s", "spread", "to passthrough", ""];
  const cells = rows.map((row) => [
    ...[row.runtime, row.load, row.contender, Math.round(row.requests_per_second)],
    ...[percent(row.spread).padStart(6), factor(row.ratio_to_passthrough).padStart(14), mark(row)],
  ]);
  console.log(table(columns, cells));
}

/** @param {(Row | LoadRow)[]} rows */
export function printLetsThrough(rows) {
  /** @type {Map<string, Set<string>>} */
  const through = new Map();
  for (const { contender, lets_through } of rows)
    for (const what of lets_through ?? [])
      through.set(contender, (through.get(contender) ?? new Set()).add(what));
  if (through.size > 0) heading("! checks less");
  for (const [contender, what] of through)
    note(`${yellow("!")} ${contender} lets through: ${[...what].join(", ")}`);
}
