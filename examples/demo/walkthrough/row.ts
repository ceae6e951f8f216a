/**
 * One row of the walkthrough: a request, what has to come back, and what did.
 */

import type { ReceivedRequest } from "../api.ts";
import type { Stack } from "../stack.ts";

/** What came back, short enough for a table: `401 invalid_token`, and the reason if the gate gave one. */
export interface Outcome {
  readonly answer: string;
  readonly reason?: string | undefined;
}

export interface Row {
  /** What is special about this request. */
  readonly name: string;
  /** The request itself: `GET /data`. */
  readonly request: string;
  readonly expected: Outcome;
  run(): Promise<Outcome>;
}

export interface Group {
  readonly title: string;
  readonly rows: readonly Row[];
}

export interface FinishedRow {
  readonly row: Row;
  readonly got: Outcome;
  readonly ok: boolean;
}

/** What the rows work with. */
export interface Context {
  readonly stack: Stack;
  /** What the API received, oldest first. */
  readonly received: readonly ReceivedRequest[];
}

/** Runs the rows one after another; a row that throws is a row that came out wrong. */
export async function* runRows(rows: readonly Row[]): AsyncGenerator<FinishedRow> {
  for (const row of rows) {
    const got = await attempt(row);
    yield { row, got, ok: isAsExpected(row.expected, got) };
  }
}

/** The answer has to be the same; the reason too, where the row names one. */
function isAsExpected(expected: Outcome, got: Outcome): boolean {
  return got.answer === expected.answer && (expected.reason === undefined || got.reason === expected.reason);
}

async function attempt(row: Row): Promise<Outcome> {
  try {
    return await row.run();
  } catch (error) {
    return { answer: "failed", reason: error instanceof Error ? error.message : String(error) };
  }
}

/** Runs `make` at the first call only: several rows share one sign-in. A failure is remembered as well. */
export function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
