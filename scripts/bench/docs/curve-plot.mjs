// One curve: how the time of an operation grows with the number of keys or routes, or the size of the token.

import {
  element,
  image,
  letterWidth,
  line,
  logarithmic,
  powersOfTen,
  seriesColours,
  text,
  tickText,
  width,
} from "./svg.mjs";

/** @typedef {import("../rounds.mjs").Row & { x: number }} Point */

const height = 340;
const left = 80;
const top = 52;
const bottom = height - 56;

/** @param {string} title @param {string} along what x is @param {Point[]} points */
export function curvePlot(title, along, points) {
  const names = [...new Set(points.map(nameOf))];
  const engines = [...new Set(points.map(({ contender }) => contender))];
  const right = width - 24 - Math.max(...names.map((name) => name.length)) * letterWidth;
  const places = [...new Set(points.map(({ x }) => x))].toSorted((a, b) => a - b);
  const across = logarithmic(places, left, right);
  const up = logarithmic(powersOfTen(points.map(({ median_us }) => median_us)), bottom, top);
  const parts = [
    ...up.ticks.flatMap((tick) => [
      line(left, up.at(tick), right, up.at(tick), "grid"),
      text(left - 8, up.at(tick) + 4, `${tickText(tick)} µs`, { class: "quiet", "text-anchor": "end" }),
    ]),
    line(left, bottom, right, bottom, "axis"),
    ...across.ticks.flatMap((x) => [
      line(across.at(x), bottom, across.at(x), bottom + 5, "axis"),
      text(across.at(x), bottom + 20, tickText(x), { class: "quiet", "text-anchor": "middle" }),
    ]),
    text((left + right) / 2, height - 14, along, { class: "quiet", "text-anchor": "middle" }),
  ];
  /** @type {Label[]} */
  const labels = [];
  for (const name of names) {
    const own = points.filter((point) => nameOf(point) === name).toSorted((a, b) => a.x - b.x);
    const dots = own.map(({ x, median_us }) => [across.at(x), up.at(median_us)]);
    const path = dots.map(([x, y]) => `${x.toFixed(1)},${y.toFixed(1)}`).join(" ");
    // An engine has a colour, an algorithm a kind of line.
    const colour = engines.indexOf(own[0].contender) % seriesColours;
    const dashed = own[0].alg === "ES256" ? " dashed" : "";
    parts.push(element("polyline", { points: path, class: `series s${colour}${dashed}` }));
    for (const [cx, cy] of dots) parts.push(element("circle", { cx, cy, r: 3.5, class: `f${colour}` }));
    labels.push({ name, y: dots[dots.length - 1][1], colour });
  }
  return image(height, title, [...parts, ...spaced(labels, right + 10)]);
}

/** @param {Point} point */
const nameOf = ({ alg, contender }) => `${alg}, ${contender}`;

/** @typedef {{ name: string, y: number, colour: number }} Label */

/** Names at the ends of their lines, moved apart where they would lie on each other. @param {Label[]} labels @param {number} x */
function spaced(labels, x) {
  let lowest = 0;
  return labels
    .toSorted((a, b) => a.y - b.y)
    .map(({ name, y, colour }) => {
      lowest = Math.max(y, lowest + 16);
      return text(x, lowest + 4, name, { class: `f${colour}` });
    });
}
