/**
 * The key for proofs of possession (RFC 9449): made once by WebCrypto, never to be read out, and kept in IndexedDB, so that tokens stay good
 * in other tabs and after a reload.
 *
 * @module
 */

import { makeProofKeys, publicJwk, signProof } from "../proof-keys.ts";

const store = "keys";

/** A key that signs and can't be read. */
export class DpopKey {
  readonly #pair: CryptoKeyPair;
  /** The public half: a JWK as JSON text. */
  readonly jwk: string;

  private constructor(pair: CryptoKeyPair, jwk: string) {
    this.#pair = pair;
    this.jwk = jwk;
  }

  /** The key of this name, made if there is none. Where IndexedDB can't be used, it lasts as long as the page. */
  static async named(name: string): Promise<DpopKey> {
    const database = await openDatabase();
    const kept = database && (await inStore(database, "readonly", (keys) => keys.get(name)));
    let pair = isKeyPair(kept) ? kept : undefined;
    if (pair === undefined) {
      const made = await makeProofKeys();
      // Another tab may have been faster: the key that is there first is everybody's.
      pair = (database && (await putFirst(database, name, made))) ?? made;
    }
    database?.close();
    return new DpopKey(pair, await publicJwk(pair));
  }

  /** Signs by ES256: 64 bytes. */
  sign(text: string): Promise<Uint8Array> {
    return signProof(this.#pair.privateKey, text);
  }
}

const isKeyPair = (kept: unknown): kept is CryptoKeyPair =>
  typeof kept === "object" && kept !== null && Reflect.get(kept, "privateKey") instanceof CryptoKey;

function openDatabase(): Promise<IDBDatabase | undefined> {
  return new Promise((resolve) => {
    try {
      const opening = indexedDB.open("edgeward", 1);
      opening.onupgradeneeded = () => opening.result.createObjectStore(store);
      opening.onsuccess = () => resolve(opening.result);
      opening.onerror = () => resolve(undefined);
      opening.onblocked = () => resolve(undefined);
    } catch {
      // Browsers throw where storage is blocked.
      resolve(undefined);
    }
  });
}

/** One step in one transaction; nothing where it fails. */
function inStore(
  database: IDBDatabase,
  mode: IDBTransactionMode,
  use: (keys: IDBObjectStore) => IDBRequest<unknown>,
): Promise<unknown> {
  return new Promise((resolve) => {
    const request = use(database.transaction(store, mode).objectStore(store));
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => resolve(undefined);
  });
}

/** Keeps a pair unless there is one, and gives the one that is there then. */
function putFirst(
  database: IDBDatabase,
  name: string,
  pair: CryptoKeyPair,
): Promise<CryptoKeyPair | undefined> {
  return new Promise((resolve) => {
    const transaction = database.transaction(store, "readwrite");
    const keys = transaction.objectStore(store);
    let kept: CryptoKeyPair | undefined;
    const looking = keys.get(name);
    looking.onsuccess = () => {
      if (isKeyPair(looking.result)) kept = looking.result;
      else {
        kept = pair;
        keys.put(pair, name);
      }
    };
    transaction.oncomplete = () => resolve(kept);
    transaction.onerror = () => resolve(undefined);
    transaction.onabort = () => resolve(undefined);
  });
}
