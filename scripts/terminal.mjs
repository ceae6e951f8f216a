// What the scripts print: short lines, a tick or a cross, a duration. Colour only where a person is looking
// (https://no-color.org, and not into a pipe).

const colourful = process.stdout.isTTY === true && !process.env.NO_COLOR && process.env.TERM !== "dumb";

/** @param {string} code */
const paint = (code) => (/** @type {string} */ text) =>
  colourful ? `\u001b[${code}m${text}\u001b[0m` : text;

export const bold = paint("1");
export const dim = paint("2");
export const red = paint("31");
export const green = paint("32");
export const yellow = paint("33");

export const isColourful = colourful;

/** A reason to stop that is the reader's to act on: printed as one sentence, without a stack trace. */
export class Stop extends Error {}

/** @param {number} milliseconds */
export function duration(milliseconds) {
  const seconds = milliseconds / 1000;
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  return `${Math.floor(seconds / 60)} min ${String(Math.round(seconds % 60)).padStart(2, "0")} s`;
}

/** @param {number} bytes */
export function size(bytes) {
  return `${(bytes / 1024).toFixed(1)} KiB`;
}

/** @param {string} text */
export function heading(text) {
  console.log(`\n${bold(text)}`);
}

/** @param {string} text */
export function note(text) {
  console.log(dim(`  ${text}`));
}

/** @param {string} text @param {string} [remark] */
export function passed(text, remark = "") {
  console.log(`${green("✓")} ${text}${remark && dim(`  ${remark}`)}`);
}

/** @param {string} text @param {string} [remark] */
export function failed(text, remark = "") {
  console.log(`${red("✗")} ${text}${remark && dim(`  ${remark}`)}`);
}

/** @param {string} text @param {string} [remark] */
export function skipped(text, remark = "") {
  console.log(`${yellow("–")} ${text}${remark && dim(`  ${remark}`)}`);
}

/**
 * Lines up rows in columns; numbers to the right.
 * @param {string[]} columns
 * @param {(string | number)[][]} rows
 */
export function table(columns, rows) {
  const widths = columns.map((column, i) =>
    Math.max(column.length, ...rows.map((row) => String(row[i]).length)),
  );
  const line = (/** @type {(string | number)[]} */ cells) =>
    cells
      .map((cell, i) =>
        typeof cell === "number" ? String(cell).padStart(widths[i]) : String(cell).padEnd(widths[i]),
      )
      .join("  ")
      .trimEnd();
  return [bold(line(columns)), ...rows.map(line)].join("\n");
}

/**
 * Runs a script's main function; a `Stop` becomes its sentence and exit status 1.
 * @param {() => Promise<number | void>} main
 */
export async function runMain(main) {
  try {
    process.exitCode = (await main()) || 0;
  } catch (error) {
    if (!(error instanceof Stop)) throw error;
    console.error(`\n${red("✗")} ${error.message}`);
    process.exitCode = 1;
  }
}
