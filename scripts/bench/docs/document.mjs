// docs/benchmarks/: the plots, and a README with the figures, what they are of, and what they were measured on.

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { figure, sorted } from "../report.mjs";
import { contendersPlot } from "./contenders-plot.mjs";
import { curvePlot } from "./curve-plot.mjs";
import { loadPlot } from "./load-plot.mjs";
import { method } from "./method.mjs";

/** @typedef {import("../rounds.mjs").Row} Row */
/** @typedef {import("../load/load.mjs").LoadRow} LoadRow */

/**
 * @typedef {object} Measured
 * @property {Row[]} rows
 * @property {LoadRow[]} load
 * @property {import("../stand.mjs").Description[]} contenders
 * @property {import("../machine.mjs").About} about
 * @property {boolean} quick
 */

/** @typedef {{ file: string, title: string, svg: string }} Plot */

/** @type {Record<string, string>} */
const runtimeNames = { node: "Node", workerd: "workerd" };
/** @type {Record<string, string>} */
const along = {
  keys: "keys in the set",
  "token bytes": "bytes of the token",
  routes: "routes of the policy",
  "remembered tokens": "tokens that are remembered",
};

/** @param {string} directory @param {Measured} measured @returns {string[]} the files */
export function writeDocuments(directory, measured) {
  mkdirSync(directory, { recursive: true });
  const plots = plotsOf(measured);
  const files = [
    ...plots.map(({ file, svg }) => [file, svg]),
    ["README.md", documentOf(measured, plots)],
    ["figures.json", `${JSON.stringify([...measured.rows, ...measured.load], null, 2)}\n`],
  ];
  return files.map(([file, content]) => {
    const path = join(directory, file);
    writeFileSync(path, content);
    return path;
  });
}

/** @template Item @param {Item[]} items @param {(item: Item) => string} key @returns {[string, Item[]][]} */
const grouped = (items, key) => {
  /** @type {Map<string, Item[]>} */
  const groups = new Map();
  for (const item of items) groups.set(key(item), [...(groups.get(key(item)) ?? []), item]);
  return [...groups];
};

/** @param {string} text */
const fileName = (text) => `${text.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-")}.svg`;

/** @param {Measured} measured @returns {Plot[]} */
function plotsOf({ rows, load }) {
  const contenders = grouped(
    rows.filter(({ curve }) => curve === undefined),
    ({ runtime, alg }) => `${alg} in ${runtimeNames[runtime]}`,
  ).map(([name, own]) => {
    const title = `${name}: microseconds for one operation, less is better`;
    return { file: fileName(name), title, svg: contendersPlot(title, own) };
  });
  const curves = grouped(
    rows.flatMap((row) => (row.curve === undefined || row.x === undefined ? [] : [{ ...row, x: row.x }])),
    ({ runtime, curve = "" }) => `${along[curve]}, in ${runtimeNames[runtime]}`,
  ).map(([name, own]) => {
    const title = `One token against ${name}: microseconds, less is better`;
    return {
      file: fileName(`curve ${own[0].curve} in ${own[0].runtime}`),
      title,
      svg: curvePlot(title, along[own[0].curve ?? ""], own),
    };
  });
  const loads = grouped(load, ({ alg }) => alg).map(([alg, own]) => {
    const title = `${alg} under load in workerd: requests a second, more is better`;
    return { file: fileName(`load ${alg}`), title, svg: loadPlot(title, own) };
  });
  return [...contenders, ...curves, ...loads];
}

/** @param {(string | number)[]} cells */
const line = (cells) => `| ${cells.map((cell) => String(cell).replaceAll("|", "\\|")).join(" | ")} |`;

/** @param {string[]} columns @param {(string | number)[][]} rows */
const table = (columns, rows) => [line(columns), line(columns.map(() => "---")), ...rows.map(line)];

const percent = (/** @type {number} */ share) => `${(share * 100).toFixed(0)} %`;

/** @param {{ lets_through?: string[] }} row */
const through = ({ lets_through = [] }) => lets_through.join(", ");

/** @param {Measured} measured @param {Plot[]} plots */
function documentOf({ rows, load, contenders, about, quick }, plots) {
  const states = sorted(rows.filter(({ curve }) => curve === undefined));
  const lines = [
    "# Benchmarks",
    "",
    `Made by \`npm run bench\` on ${about.date.slice(0, 10)}. Don't edit it by hand.`,
    ...(quick ? ["", "**A try-out with `--quick`: these figures mean little.**"] : []),
    "",
    ...table(
      ["measured on", ""],
      [
        ["processor", about.processor],
        ["memory", about.memory],
        ["system", about.system],
        ["load before (1, 5, 15 minutes)", about.busyBefore],
        ["rounds", about.rounds],
        ...about.versions,
      ],
    ),
    "",
    ...method,
    "",
    "## Plots",
    "",
    ...plots.flatMap(({ file, title }) => [`![${title}](${file})`, ""]),
    "## Figures",
    "",
    ...table(
      ["runtime", "alg", "state", "contender", "median, µs", "spread", "to jose", "lets through"],
      states.map((row) => [
        ...[row.runtime, row.alg, row.state, row.contender, figure(row.median_us), percent(row.spread)],
        ...[row.ratio_to_jose?.toFixed(2) ?? "", through(row)],
      ]),
    ),
    "",
    ...table(
      ["runtime", "load", "contender", "requests/s", "spread", "to passthrough", "lets through"],
      load.map((row) => [
        ...[row.runtime, row.load, row.contender, Math.round(row.requests_per_second), percent(row.spread)],
        ...[row.ratio_to_passthrough?.toFixed(2) ?? "", through(row)],
      ]),
    ),
    "",
    "The points of the curves are in [figures.json](figures.json).",
    "",
    "## What one operation is",
    "",
    ...table(
      ["contender", "states", "operation"],
      contenders.map(({ name, states, what }) => [name, states.join(", "), what]),
    ),
    "",
  ];
  return lines.join("\n");
}
