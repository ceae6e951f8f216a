// Contenders side by side: a dot for each on a scale of powers of ten, in one panel for each state.

import { figure } from "../report.mjs";
import { element, image, line, logarithmic, powersOfTen, text, tickText, width } from "./svg.mjs";

/** @typedef {import("../rounds.mjs").Row} Row */

/** @type {Record<Row["state"], string>} */
const titles = {
  cold: "cold: tokens not seen before",
  warm: "warm: one token again and again",
  verify: "verify: the signature alone",
};

const rowHeight = 22;
const left = 290;
const right = width - 70;

/** @param {string} title @param {Row[]} rows of one runtime and one algorithm */
export function contendersPlot(title, rows) {
  const scale = logarithmic(powersOfTen(rows.map(({ median_us }) => median_us)), left, right);
  const parts = [];
  let y = 52;
  for (const state of /** @type {Row["state"][]} */ (Object.keys(titles))) {
    const own = rows.filter((row) => row.state === state).toSorted((a, b) => a.median_us - b.median_us);
    if (own.length === 0) continue;
    parts.push(text(16, y, titles[state], { class: "quiet" }));
    const top = y + 10;
    const bottom = top + own.length * rowHeight;
    for (const tick of scale.ticks) {
      parts.push(line(scale.at(tick), top, scale.at(tick), bottom, "grid"));
      parts.push(
        text(scale.at(tick), bottom + 14, `${tickText(tick)} µs`, {
          class: "quiet",
          "text-anchor": "middle",
        }),
      );
    }
    const jose = own.find(({ contender }) => contender === "jose");
    if (jose) parts.push(line(scale.at(jose.median_us), top, scale.at(jose.median_us), bottom, "reference"));
    own.forEach((row, i) => {
      parts.push(dot(row, top + (i + 0.5) * rowHeight, scale.at(row.median_us)));
    });
    y = bottom + 44;
  }
  return image(y - 16, title, parts);
}

/** @param {Row} row @param {number} y @param {number} x */
function dot({ contender, median_us, lets_through }, y, x) {
  const colour = contender.startsWith("edgeward") ? "own" : "other";
  const name = lets_through ? `${contender} (checks less)` : contender;
  return [
    text(left - 12, y + 4, name, { "text-anchor": "end" }),
    line(left, y, x, y, "grid"),
    element("circle", { cx: x, cy: y, r: 5, class: lets_through ? "less" : colour }),
    text(x + 10, y + 4, figure(median_us)),
  ].join("");
}
