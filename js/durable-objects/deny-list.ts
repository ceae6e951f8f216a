/**
 * The deny list: a Durable Object that all gates of a deployment share, so that what is written once is read by every one of them.
 *
 * @module
 */
import type { DenyListNeed } from "../needs.ts";
import type { DurableObjectState } from "./dpop-replay.ts";

/**
 * Keeps the entries in the object's own storage and answers only when they are there. It forgets none before its time: one that is full takes
 * no more.
 */
export class DenyList {
  readonly #storage: Pick<DurableObjectState["storage"], "sql">;
  #hasTable = false;

  constructor(state: { readonly storage: Pick<DurableObjectState["storage"], "sql"> }) {
    this.#storage = state.storage;
  }

  /** Answers a gate: the list, or what became of an entry. */
  async fetch(request: Request): Promise<Response> {
    const need: DenyListNeed = await request.json();
    return new Response(this.#answer(need));
  }

  #answer(need: DenyListNeed): string {
    const now = Math.floor(Date.now() / 1000);
    if (need.kind === "deny_list") {
      const entries = this.#sql("SELECT entry FROM entries WHERE until >= ? ORDER BY until", now);
      return `{"entries":[${entries.map(({ entry }) => String(entry)).join()}]}`;
    }
    if (need.kind === "deny_list_remove") {
      return this.#sql("DELETE FROM entries WHERE id = ? RETURNING 1", need.id).length > 0
        ? "removed"
        : "absent";
    }
    this.#sql("DELETE FROM entries WHERE until < ?", now);
    const [others] = this.#sql(
      "SELECT COUNT(*) AS count, TOTAL(LENGTH(CAST(entry AS BLOB)) + 1) AS bytes FROM entries WHERE id <> ?",
      need.id,
    );
    const bytes = Number(others?.bytes) + new TextEncoder().encode(need.entry).byteLength + envelopeBytes;
    if (Number(others?.count) >= need.most || bytes > need.most_bytes) return "full";
    this.#sql(
      "INSERT OR REPLACE INTO entries (id, entry, until) VALUES (?, ?, ?)",
      need.id,
      need.entry,
      need.expires_at,
    );
    return "written";
  }

  #sql(query: string, ...values: unknown[]): Record<string, unknown>[] {
    const { sql } = this.#storage;
    if (!this.#hasTable) {
      sql.exec(
        "CREATE TABLE IF NOT EXISTS entries (id TEXT PRIMARY KEY, entry TEXT NOT NULL, until INTEGER NOT NULL) WITHOUT ROWID",
      );
      this.#hasTable = true;
    }
    return sql.exec(query, ...values).toArray();
  }
}

/** What the list has around its entries. */
const envelopeBytes = '{"entries":[]}'.length;
