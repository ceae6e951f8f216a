/** What came of it: a line for each runtime, with a result in every cell, and after it what did not hold. */

import type { Cell, Outcome, Row } from "./runtime.ts";
import { ENTRIES, type Entry } from "./stage.ts";

export interface Result {
  readonly runtime: string;
  readonly version: string;
  /** `undefined` where the runtime itself could not be run: then nothing of it passed. */
  readonly cells: Row | undefined;
  readonly error?: string;
  readonly milliseconds: number;
}

const NAMES = Object.keys(ENTRIES) as Entry[];

const failures = (outcomes: readonly Outcome[]): Outcome[] =>
  outcomes.filter(({ error }) => error !== undefined);

/** An entry without a single case has proved nothing. */
export const isRed = (cell: Cell | undefined): boolean =>
  cell === undefined ||
  ("outcomes" in cell && (cell.outcomes.length === 0 || failures(cell.outcomes).length > 0));

export function counts(results: readonly Result[]): { passed: number; failed: number } {
  let passed = 0;
  let failed = 0;
  for (const { cells } of results) {
    if (cells === undefined) failed += 1;
    for (const cell of Object.values(cells ?? {})) {
      if (!("outcomes" in cell)) continue;
      const wrong = failures(cell.outcomes).length;
      failed += wrong;
      passed += cell.outcomes.length - wrong;
      if (cell.outcomes.length === 0) failed += 1;
    }
  }
  return { passed, failed };
}

function cellText(cell: Cell | undefined): string {
  if (cell === undefined) return "FAILED";
  if ("absent" in cell) return "not there";
  const wrong = failures(cell.outcomes).length;
  if (isRed(cell)) return `${wrong} of ${cell.outcomes.length} FAILED`;
  return `${cell.outcomes.length} passed`;
}

export function matrix(results: readonly Result[]): string {
  const rows = [
    ["runtime", "version", ...NAMES.map((entry) => ENTRIES[entry]), "seconds"],
    ...results.map(({ runtime, version, cells, milliseconds }) => [
      runtime,
      version,
      ...NAMES.map((entry) => cellText(cells?.[entry])),
      (milliseconds / 1000).toFixed(1),
    ]),
  ];
  const widths = rows[0]?.map((_, i) => Math.max(...rows.map((row) => row[i]?.length ?? 0))) ?? [];
  const lines = rows.map((row) =>
    row
      .map((text, i) => text.padEnd(widths[i] ?? 0))
      .join("  ")
      .trimEnd(),
  );
  return [...lines, "", ...absences(results), ...faults(results)].join("\n");
}

/** Each reason once, with where it holds. */
function absences(results: readonly Result[]): string[] {
  const places = new Map<string, string[]>();
  for (const { runtime, cells } of results)
    for (const entry of NAMES) {
      const cell = cells?.[entry];
      if (cell !== undefined && "absent" in cell)
        places.set(cell.absent, [...(places.get(cell.absent) ?? []), `${ENTRIES[entry]} in ${runtime}`]);
    }
  return [...places].map(([why, where]) => `not there, ${why}: ${where.join(", ")}`);
}

function faults(results: readonly Result[]): string[] {
  return results.flatMap(({ runtime, cells, error }) => [
    ...(error === undefined ? [] : [`${runtime}: ${error}`]),
    ...NAMES.flatMap((entry) => {
      const cell = cells?.[entry];
      if (cell === undefined || "absent" in cell) return [];
      return failures(cell.outcomes).map(
        (outcome) => `${runtime}, ${ENTRIES[entry]}: ${outcome.name}\n    ${outcome.error}`,
      );
    }),
  ]);
}
