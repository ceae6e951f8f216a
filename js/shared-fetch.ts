/**
 * Asks the Durable Object that fetches a document for all isolates of a data centre.
 *
 * @module
 */
import { askObject } from "./durable-object.ts";
import type { SharedNeed } from "./needs.ts";

/** Has a document fetched; `null` where the object can't be asked, or says nothing in time. */
export type ShareFetch = (need: SharedNeed, colo: string) => Promise<string | null>;

/** Makes what asks the objects of a namespace: there is one for each document and data centre (`colo`), so that it is near. */
export function shareFetchOf(binding: unknown): ShareFetch {
  // Failed and too slow are one: then the server is asked directly.
  return async ({ kind: _, timeout_milliseconds, ...asked }, colo) =>
    await askObject(binding, `${colo} ${asked.url}`, asked, {
      max_bytes: asked.max_bytes,
      timeout_milliseconds,
    });
}
