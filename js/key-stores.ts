/**
 * The stores where key sets and metadata are kept for other isolates. What is in them is public, and what comes out of them is the core's to
 * judge: here it is moved, within its bounds.
 *
 * @module
 */
import { readText } from "./documents.ts";
import type { StoredNeed, StoreName, StoreWrite } from "./needs.ts";
import { within } from "./within.ts";

/** A runtime's Cache API, as far as it is needed here. */
export interface CacheApi {
  open(name: string): Promise<{
    match(url: string): Promise<Response | undefined>;
    put(url: string, response: Response): Promise<void>;
  }>;
}

/** A KV namespace, as far as it is needed here. */
interface KvNamespace {
  get(key: string, type: "stream"): Promise<ReadableStream<Uint8Array> | null>;
  put(key: string, text: string, options: { expirationTtl: number }): Promise<void>;
}

/** One store. */
interface Store {
  read(key: string): Promise<ReadableStream<Uint8Array> | null | undefined>;
  write(key: string, text: string, seconds: number): Promise<void>;
}

/** A cache of our own, and names in it that no server has (RFC 6761 section 6.4). */
const cacheName = "edgeward-key-sets";
const urlOf = (key: string) => `https://key-sets.invalid/${key}`;

const cacheStoreOf = (caches: CacheApi): Store => ({
  async read(key) {
    const found = await (await caches.open(cacheName)).match(urlOf(key));
    return found?.body;
  },
  async write(key, text, seconds) {
    const response = new Response(text, { headers: { "cache-control": `max-age=${seconds}` } });
    await (await caches.open(cacheName)).put(urlOf(key), response);
  },
});

/** KV keeps nothing shorter. */
const leastKvSeconds = 60;

const kvStoreOf = (namespace: KvNamespace): Store => ({
  read: (key) => namespace.get(key, "stream"),
  write: (key, text, seconds) =>
    namespace.put(key, text, { expirationTtl: Math.max(seconds, leastKvSeconds) }),
});

/** The stores there are. One that fails, or has not answered in time, has nothing. */
export class KeyStores {
  readonly #stores = new Map<StoreName, Store>();

  constructor(caches: CacheApi | undefined, kv: unknown) {
    if (caches !== undefined) this.#stores.set("cache_api", cacheStoreOf(caches));
    if (kv !== undefined) this.#stores.set("kv", kvStoreOf(kv as KvNamespace));
  }

  /** What a store has; `null` where that is nothing, or can't be had. */
  async read({ store, key, max_bytes, timeout_milliseconds }: StoredNeed): Promise<string | null> {
    const read = async () => {
      const body = await this.#stores.get(store)?.read(key);
      return body === undefined || body === null ? undefined : await readText(body, max_bytes);
    };
    return (await within(timeout_milliseconds, read())) ?? null;
  }

  /** Has stores keep a text. It never fails: what is not kept is fetched again. */
  async write({ stores, key, text, seconds }: StoreWrite): Promise<void> {
    await Promise.allSettled(stores.map(async (store) => this.#stores.get(store)?.write(key, text, seconds)));
  }
}
