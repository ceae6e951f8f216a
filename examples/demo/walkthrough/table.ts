/**
 * Prints the walkthrough as a table: what was sent → what had to come back → why it did, or what came instead.
 */

import type { FinishedRow, Group, Outcome, Row } from "./row.ts";

const MAX_COLUMNS = 120;
const GAP = "  ";
const MARK_COLUMNS = 2;

export interface TablePrinter {
  group(group: Group): void;
  row(finished: FinishedRow): void;
  summary(finished: readonly FinishedRow[]): void;
}

/** Colours are for terminals, and for people who didn't ask to be spared them (no-color.org). */
export function wantsColour(stream: { isTTY?: boolean }, environment: NodeJS.ProcessEnv): boolean {
  return stream.isTTY === true && !environment.NO_COLOR && environment.TERM !== "dumb";
}

/** The widths are known before the first row runs, so every row can be printed as soon as it is done. */
export function createTable(
  groups: readonly Group[],
  print: (line: string) => void,
  colour: boolean,
): TablePrinter {
  const rows = groups.flatMap((group) => group.rows);
  const widest = (cell: (row: Row) => string) => Math.max(...rows.map((row) => cell(row).length));
  const widths = {
    name: widest((row) => row.name),
    request: widest((row) => row.request),
    expected: widest((row) => row.expected.answer),
  };
  const before = MARK_COLUMNS + widths.name + widths.request + widths.expected + 3 * GAP.length;
  const paint = colour ? painter : plain;
  const cells = (name: string, request: string, expected: string, got: string) =>
    [name.padEnd(widths.name), request.padEnd(widths.request), expected.padEnd(widths.expected), got]
      .join(GAP)
      .trimEnd();

  print(paint.dim(`${" ".repeat(MARK_COLUMNS)}${cells("", "request", "expected, and got", "reason")}`));

  return {
    group({ title }) {
      print("");
      print(paint.bold(title));
    },
    row({ row, got, ok }) {
      const mark = ok ? paint.green("✓") : paint.red("✗");
      // What came is said again only where it is not what had to come.
      const outcome = clip(ok ? (got.reason ?? "") : describe(got), MAX_COLUMNS - before);
      print(
        `${mark} ${cells(row.name, row.request, row.expected.answer, ok ? outcome : paint.red(outcome))}`,
      );
      if (!ok) {
        print(`  ${paint.dim("expected")} ${describe(row.expected)}`);
        print(`  ${paint.dim("got     ")} ${describe(got)}`);
      }
    },
    summary(finished) {
      const wrong = finished.filter(({ ok }) => !ok).length;
      print("");
      print(
        wrong === 0
          ? paint.green(`All ${finished.length} rows came out as expected.`)
          : paint.red(`${wrong} of ${finished.length} rows did not come out as expected.`),
      );
    },
  };
}

/** `401 invalid_token token_expired` */
function describe({ answer, reason }: Outcome): string {
  return reason === undefined ? answer : `${answer} ${reason}`;
}

function clip(text: string, columns: number): string {
  const line = text.replaceAll(/\s+/g, " ");
  return line.length <= columns ? line : `${line.slice(0, columns - 1)}…`;
}

const painter = {
  bold: (text: string) => `\u001b[1m${text}\u001b[22m`,
  dim: (text: string) => `\u001b[2m${text}\u001b[22m`,
  green: (text: string) => `\u001b[32m${text}\u001b[39m`,
  red: (text: string) => `\u001b[31m${text}\u001b[39m`,
};

const plain: typeof painter = {
  bold: (text) => text,
  dim: (text) => text,
  green: (text) => text,
  red: (text) => text,
};
