/** What a runtime is to the matrix: a column. */

import type { Given } from "./given.ts";
import { ENTRIES, type Entry } from "./stage.ts";

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

/** Whose an entry is that some runtimes have not. The others are everybody's. */
const OWNERS: Readonly<Partial<Record<Entry, string>>> = {
  gate: "a server's entry",
  machine: "a server's entry",
  hono: "a server's entry",
  worker: "a Worker's entry",
  "durable-objects": "a Worker's entry",
  browser: "a page's entry",
};

/** A result in every cell of a runtime that has these entries. */
export function rowOf(entries: readonly Entry[], cellOf: (entry: Entry) => Cell): Row {
  const cells = (Object.keys(ENTRIES) as Entry[]).map((entry) => {
    const owner = OWNERS[entry];
    if (entries.includes(entry)) return [entry, cellOf(entry)] as const;
    if (owner === undefined) throw new Error(`${ENTRIES[entry]} is for every runtime`);
    return [entry, absent(owner)] as const;
  });
  return Object.fromEntries(cells) as Row;
}

/** What runtimes have by design. */
const EVERYWHERE: Entry[] = ["verifier", "slim", "pkce"];
export const ENTRIES_OF_SERVERS: readonly Entry[] = [...EVERYWHERE, "gate", "machine", "hono"];
export const ENTRIES_OF_WORKERS: readonly Entry[] = [...ENTRIES_OF_SERVERS, "worker", "durable-objects"];
export const ENTRIES_OF_PAGES: readonly Entry[] = [...EVERYWHERE, "browser"];
