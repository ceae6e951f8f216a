// The pieces that every plot is made of: text, lines, scales, and colours for light and dark.

/** One image's width; GitHub shows documents about this wide. */
export const width = 760;

/** Letters of the font are about this wide, in pixels at the size of the labels. */
export const letterWidth = 6.6;

/** @param {string} text */
export const escaped = (text) =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");

/** Pixels to a tenth. @param {number} value */
const pixels = (value) => String(Math.round(value * 10) / 10);

/**
 * @param {string} name
 * @param {Record<string, string | number>} attributes
 * @param {string} [content] markup
 */
export function element(name, attributes, content) {
  const written = Object.entries(attributes).map(
    ([key, value]) => ` ${key}="${typeof value === "number" ? pixels(value) : escaped(value)}"`,
  );
  return `<${name}${written.join("")}${content === undefined ? "/>" : `>${content}</${name}>`}`;
}

/** @param {number} x @param {number} y @param {string} content @param {Record<string, string | number>} [attributes] */
export const text = (x, y, content, attributes = {}) =>
  element("text", { x, y, ...attributes }, escaped(content));

/** @param {number} x1 @param {number} y1 @param {number} x2 @param {number} y2 @param {string} kind a class */
export const line = (x1, y1, x2, y2, kind) => element("line", { x1, y1, x2, y2, class: kind });

/**
 * The background belongs to the image: a page may be dark where the reader's system is light, and the other way round. The colours
 * of the series keep a contrast of 3:1 with their background (WCAG 2.2, 1.4.11).
 */
const style = `
  text { font: 12px system-ui, sans-serif; fill: #1f2328; }
  .page { fill: #ffffff; }
  .title { font-size: 14px; font-weight: 600; }
  .quiet { fill: #59636e; }
  .grid { stroke: #d8dee4; }
  .axis { stroke: #818b98; }
  .reference { stroke: #818b98; stroke-dasharray: 3 3; }
  .own { fill: #0b62c4; }
  .other { fill: #6e7781; }
  .less { fill: #ffffff; stroke: #6e7781; stroke-width: 1.5; }
  .series { fill: none; stroke-width: 2; }
  .dashed { stroke-dasharray: 6 4; }
  .s0 { stroke: #0b62c4; } .s1 { stroke: #b35900; } .s2 { stroke: #1a7f37; } .s3 { stroke: #8250df; }
  .f0 { fill: #0b62c4; } .f1 { fill: #b35900; } .f2 { fill: #1a7f37; } .f3 { fill: #8250df; }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3; }
    .page { fill: #0d1117; }
    .quiet { fill: #9198a1; }
    .grid { stroke: #2a313c; }
    .axis, .reference { stroke: #6e7681; }
    .own { fill: #58a6ff; }
    .other { fill: #9198a1; }
    .less { fill: #0d1117; stroke: #9198a1; }
    .s0 { stroke: #58a6ff; } .s1 { stroke: #e0883a; } .s2 { stroke: #3fb950; } .s3 { stroke: #bc8cff; }
    .f0 { fill: #58a6ff; } .f1 { fill: #e0883a; } .f2 { fill: #3fb950; } .f3 { fill: #bc8cff; }
  }
`;

/** How many colours there are for series. */
export const seriesColours = 4;

/** @param {number} height @param {string} title @param {string[]} parts */
export function image(height, title, parts) {
  const page = element("rect", { class: "page", width, height, rx: 6 });
  const heading = text(16, 26, title, { class: "title" });
  const content = [
    element("title", {}, escaped(title)),
    element("style", {}, style),
    page,
    heading,
    ...parts,
  ];
  const attributes = { xmlns: "http://www.w3.org/2000/svg", width, height, role: "img" };
  return `${element("svg", { ...attributes, viewBox: `0 0 ${width} ${height}` }, `\n${content.join("\n")}\n`)}\n`;
}

/** @typedef {{ at: (value: number) => number, ticks: number[] }} Scale */

/**
 * Equal factors at equal distances, from the first of the ticks to the last.
 * @param {number[]} ticks all above 0, each greater than the one before
 * @param {number} from in pixels
 * @param {number} to
 * @returns {Scale}
 */
export function logarithmic(ticks, from, to) {
  const [low, high] = [Math.log(ticks[0]), Math.log(ticks[ticks.length - 1])];
  return { at: (value) => from + ((Math.log(value) - low) / (high - low || 1)) * (to - from), ticks };
}

/** From the power of ten below the smallest value to the one above the greatest. @param {number[]} values all above 0 */
export function powersOfTen(values) {
  const low = Math.floor(Math.log10(Math.min(...values)));
  const high = Math.max(low + 1, Math.ceil(Math.log10(Math.max(...values))));
  return Array.from({ length: high - low + 1 }, (_, i) => 10 ** (low + i));
}

/**
 * From 0 to a round number above the greatest value.
 * @param {number[]} values
 * @param {number} from in pixels
 * @param {number} to
 * @returns {Scale}
 */
export function linear(values, from, to) {
  const greatest = Math.max(...values);
  const rough = 10 ** Math.floor(Math.log10(greatest));
  const step = [rough / 5, rough / 2, rough, rough * 2].find((size) => greatest / size <= 5) ?? rough * 2;
  const count = Math.ceil(greatest / step);
  const ticks = Array.from({ length: count + 1 }, (_, i) => i * step);
  return { at: (value) => from + (value / (count * step)) * (to - from), ticks };
}

/** A number as it stands beside an axis. @param {number} value */
export const tickText = (value) => value.toLocaleString("en", { maximumFractionDigits: 3 });
