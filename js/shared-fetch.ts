/**
 * Asks the Durable Object that fetches a document for all isolates of a data centre.
 *
 * @module
 */
import { readText } from "./documents.ts";
import type { SharedNeed } from "./needs.ts";

/** A namespace of Durable Objects, as far as it is needed here. */
interface Namespace {
  idFromName(name: string): unknown;
  get(id: unknown): { fetch(url: string, init: RequestInit): Promise<Response> };
}

/** Has a document fetched; `null` where the object can't be asked, or says nothing in time. */
export type ShareFetch = (need: SharedNeed, colo: string) => Promise<string | null>;

/** Makes what asks the objects of a namespace: there is one for each document and data centre (`colo`), so that it is near. */
export function shareFetchOf(binding: unknown): ShareFetch {
  const namespace = binding as Namespace;
  return async ({ kind: _, timeout_milliseconds, ...asked }, colo) => {
    try {
      const object = namespace.get(namespace.idFromName(`${colo} ${asked.url}`));
      const response = await object.fetch("https://key-sets.invalid/", {
        method: "POST",
        body: JSON.stringify(asked),
        signal: AbortSignal.timeout(timeout_milliseconds),
      });
      if (response.status !== 200 || response.body === null) return null;
      return (await readText(response.body, asked.max_bytes)) ?? null;
    } catch {
      // Failed and too slow are one: then the server is asked directly.
      return null;
    }
  };
}
