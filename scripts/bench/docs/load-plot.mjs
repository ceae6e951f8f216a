// Requests a second, a bar for each Worker, in one panel for each load.

import { element, image, line, linear, text, tickText, width } from "./svg.mjs";

/** @typedef {import("../load/load.mjs").LoadRow} LoadRow */

const rowHeight = 24;
const left = 200;
const right = width - 130;

/** @param {string} title @param {LoadRow[]} rows */
export function loadPlot(title, rows) {
  const scale = linear(
    rows.map(({ requests_per_second }) => requests_per_second),
    left,
    right,
  );
  const parts = [];
  let y = 52;
  for (const load of new Set(rows.map((row) => row.load))) {
    const own = rows.filter((row) => row.load === load);
    parts.push(text(16, y, load, { class: "quiet" }));
    const top = y + 10;
    const bottom = top + own.length * rowHeight;
    for (const tick of scale.ticks) {
      parts.push(line(scale.at(tick), top, scale.at(tick), bottom, "grid"));
      parts.push(
        text(scale.at(tick), bottom + 14, tickText(tick), { class: "quiet", "text-anchor": "middle" }),
      );
    }
    own.forEach((row, i) => {
      parts.push(bar(row, top + i * rowHeight, scale.at(row.requests_per_second)));
    });
    y = bottom + 44;
  }
  return image(y - 16, title, parts);
}

/** @param {LoadRow} row @param {number} y @param {number} end */
function bar({ contender, requests_per_second, ratio_to_passthrough }, y, end) {
  const colour = contender.startsWith("edgeward") ? "own" : "other";
  const share = ratio_to_passthrough === null ? "" : ` (${(ratio_to_passthrough * 100).toFixed(0)} %)`;
  return [
    text(left - 12, y + 16, contender, { "text-anchor": "end" }),
    element("rect", { x: left, y: y + 4, width: end - left, height: rowHeight - 8, rx: 3, class: colour }),
    text(end + 8, y + 16, `${tickText(Math.round(requests_per_second))}/s${share}`),
  ].join("");
}
