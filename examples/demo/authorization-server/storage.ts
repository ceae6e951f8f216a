/**
 * What the authorization server remembers (sessions, grants, codes, opaque tokens), in this process's memory.
 *
 * oidc-provider asks for one adapter per kind of record and finds records again by three handles: their
 * id, a session's `uid`, and the grant they belong to (revoking a grant takes its tokens with it).
 */

import type { Adapter, AdapterFactory, AdapterPayload } from "oidc-provider";

/** More records than a demo ever makes; past this the oldest go, so that memory has a bound. */
const MAX_RECORDS = 5_000;

interface StoredRecord {
  readonly payload: AdapterPayload;
  readonly expiresAt: number;
}

export function createStorage(): AdapterFactory {
  // A Map keeps insertion order, which makes "the oldest" its first key.
  const records = new Map<string, StoredRecord>();

  const live = (key: string): AdapterPayload | undefined => {
    const record = records.get(key);
    if (record === undefined) return undefined;
    if (record.expiresAt > Date.now()) return record.payload;
    records.delete(key);
    return undefined;
  };

  const search = (
    kind: string,
    matches: (payload: AdapterPayload) => boolean,
  ): AdapterPayload | undefined => {
    for (const key of records.keys()) {
      if (!key.startsWith(`${kind}:`)) continue;
      const payload = live(key);
      if (payload !== undefined && matches(payload)) return payload;
    }
    return undefined;
  };

  return (kind: string): Adapter => ({
    async upsert(id, payload, expiresIn) {
      const key = `${kind}:${id}`;
      records.delete(key);
      records.set(key, {
        payload,
        expiresAt: expiresIn ? Date.now() + expiresIn * 1000 : Number.POSITIVE_INFINITY,
      });
      for (const oldest of records.keys()) {
        if (records.size <= MAX_RECORDS) break;
        records.delete(oldest);
      }
    },
    async find(id) {
      return live(`${kind}:${id}`);
    },
    async findByUid(uid) {
      return search(kind, (payload) => payload.uid === uid);
    },
    async findByUserCode(userCode) {
      return search(kind, (payload) => payload.userCode === userCode);
    },
    async consume(id) {
      const payload = live(`${kind}:${id}`);
      if (payload !== undefined) payload.consumed = Math.floor(Date.now() / 1000);
    },
    async destroy(id) {
      records.delete(`${kind}:${id}`);
    },
    async revokeByGrantId(grantId) {
      for (const [key, { payload }] of records) {
        if (key.startsWith(`${kind}:`) && payload.grantId === grantId) records.delete(key);
      }
    },
  });
}
