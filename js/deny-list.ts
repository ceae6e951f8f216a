/**
 * The deny list's store, as the policy names it: a Durable Object, or a namespace of Workers KV.
 *
 * @module
 */
import { readText } from "./documents.ts";
import { askObject } from "./durable-object.ts";
import type { DenyListNeed, RequestBodyNeed } from "./needs.ts";
import { within } from "./within.ts";

/** Asks the store; `null` where it fails, is too slow or says too much. */
export type AskDenyList = (need: DenyListNeed) => Promise<string | null>;

/** A namespace of Workers KV, as far as it is needed here. */
interface KvNamespace {
  get(key: string): Promise<string | null>;
  put(key: string, value: string, options: { expiration: number; metadata: unknown }): Promise<void>;
  delete(key: string): Promise<void>;
  list(options: { prefix: string; cursor?: string }): Promise<KvPage>;
}

type KvPage = { keys: { metadata?: unknown }[] } & (
  | { list_complete: true }
  | { list_complete: false; cursor: string }
);

/** The store by its bindings, of which there is one at most. */
export function denyListOf(object: unknown, kv: unknown): AskDenyList {
  // One object has the whole list, so that there is one order in which it is written.
  const ask =
    object === undefined
      ? kvOf(kv as KvNamespace)
      : (need: DenyListNeed) => askObject(object, "deny-list", need, need);
  // Failed and too slow are one: then it can't be said.
  return async (need) => (await within(need.timeout_milliseconds, ask(need))) ?? null;
}

const prefix = "edgeward:deny-list:";

/** Entries written at the same moment do not know of each other, and a list with too many could not be read. */
const spareEntries = 100;

/** Each entry has a key of its own, because KV can't change a value that somebody else may be changing. The entry lies beside the key, where lists show it. */
const kvOf =
  (namespace: KvNamespace): AskDenyList =>
  async (need) => {
    if (need.kind === "deny_list")
      return JSON.stringify({ entries: await entriesOf(namespace, need.max_bytes) });
    const key = `${prefix}${need.id}`;
    const isThere = (await namespace.get(key)) !== null;
    if (need.kind === "deny_list_remove") {
      await namespace.delete(key);
      return isThere ? "removed" : "absent";
    }
    const entries = isThere ? [] : await entriesOf(namespace, need.most_bytes);
    const bytes = JSON.stringify(entries).length;
    if (
      entries.length + spareEntries >= need.most ||
      bytes + need.entry.length * spareEntries >= need.most_bytes
    )
      return "full";
    // No key may end sooner than in a minute.
    const expiration = Math.max(need.expires_at, Math.ceil(Date.now() / 1000) + 61);
    await namespace.put(key, "denied", { expiration, metadata: JSON.parse(need.entry) });
    return "written";
  };

async function entriesOf(namespace: KvNamespace, most_bytes: number): Promise<unknown[]> {
  const entries: unknown[] = [];
  let bytes = 0;
  for (let cursor: string | undefined; ; ) {
    const page = await namespace.list(cursor === undefined ? { prefix } : { prefix, cursor });
    for (const { metadata } of page.keys) {
      entries.push(metadata);
      bytes += JSON.stringify(metadata ?? null).length;
    }
    if (bytes > most_bytes) throw new RangeError("the deny list is too large");
    if (page.list_complete) return entries;
    cursor = page.cursor;
  }
}

/** The body of a request that writes an entry; `null` where it is too long, too slow or no text. */
export async function entryIn(
  { body }: Pick<Request, "body">,
  { max_bytes, timeout_milliseconds }: Pick<RequestBodyNeed, "max_bytes" | "timeout_milliseconds">,
): Promise<string | null> {
  if (body === null) return "";
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(), timeout_milliseconds);
  try {
    // What is not read any more is let go of, and then the reader ends.
    const bounded = body.pipeThrough(new TransformStream<Uint8Array, Uint8Array>(), { signal: limit.signal });
    return (await readText(bounded, max_bytes)) ?? null;
  } catch {
    return null;
  } finally {
    clearTimeout(timer);
  }
}
