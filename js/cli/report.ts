/**
 * What was found, for a person and for a program.
 *
 * @module
 */
import type { Checked } from "./check.ts";
import { plain } from "./plain.ts";

/** What came of one file. */
export interface FileReport extends Checked {
  /** As it was named on the command line. */
  readonly file: string;
  readonly ok: boolean;
  readonly isUnreadable: boolean;
}

/** Colour only where a person is looking (https://no-color.org). */
export function paint(code: string, text: string): string {
  const isColourful = process.stdout.isTTY === true && !process.env.NO_COLOR && process.env.TERM !== "dumb";
  return isColourful ? `\u001b[${code}m${text}\u001b[0m` : text;
}

/** Lines for a person. */
export function asText(reports: readonly FileReport[]): string {
  return reports
    .flatMap(({ file, ok, counted, problems, warnings, secrets }) => {
      const [mark, colour] = ok ? ["✓", "32"] : ["✗", "31"];
      const name = file === "-" ? "(standard input)" : plain(file);
      return [
        `${paint(colour, mark)} ${name}${counted && `: ${counted}`}`,
        ...problems.map(({ path, problem }) => `  ${plain(`${path}: ${problem}`)}`),
        ...warnings.map(({ path, problem }) => `  ${paint("33", "warning")} ${plain(`${path}: ${problem}`)}`),
        ...(secrets.length === 0
          ? []
          : [`  needs the ${secrets.length === 1 ? "secret" : "secrets"}: ${secrets.join(", ")}`]),
      ];
    })
    .join("\n");
}

/** One JSON object. */
export function asJson(reports: readonly FileReport[]): string {
  const files = reports.map(({ file, ok, problems, warnings, secrets }) => ({
    ...{ file, ok, problems, warnings, secrets },
  }));
  return plain(JSON.stringify({ files }));
}
