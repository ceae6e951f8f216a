/** What a runtime is to the matrix: a column. */

import type { Given } from "./given.ts";
import type { Entry } from "./stage.ts";

/** `error` where the case did not hold. */
export interface Outcome {
  readonly name: string;
  readonly error?: string;
}

/** What came of an entry in a runtime, or why it is not there. */
export type Cell = { readonly outcomes: readonly Outcome[] } | { readonly absent: string };

export type Row = Readonly<Record<Entry, Cell>>;

export interface Runtime {
  /** As it is named on the command line. */
  readonly name: string;
  /** Runs the suite there; what it is started by is ended before it returns, however that goes. */
  run(given: Given): Promise<{ readonly version: string; readonly cells: Row }>;
}

export const absent = (why: string): Cell => ({ absent: why });

/** What a runtime has by design, and why it has not the others. */
export const NOT_A_PAGE = "a page's entry";
export const NOT_A_SERVER = "a server's entry";
