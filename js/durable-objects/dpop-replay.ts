/**
 * The used DPoP proofs of one key (RFC 9449 section 11.1): a Durable Object, so that all gates ask the same one, one after another.
 *
 * @module
 */

/** The state of an object whose class is among `new_sqlite_classes`, as far as it is needed here. */
export interface DurableObjectState {
  readonly storage: {
    readonly sql: { exec(query: string, ...values: unknown[]): { toArray(): Record<string, unknown>[] } };
    getAlarm(): Promise<number | null>;
    setAlarm(milliseconds: number): Promise<void>;
    deleteAll(): Promise<void>;
  };
}

/** A proof that is used now. */
interface ProofUse {
  proof: string;
  until: number;
  most: number;
}

/** How often proofs that are over are let go of, in seconds. */
const sweepSeconds = 10;

const seconds = (): number => Math.floor(Date.now() / 1000);

/**
 * Remembers proofs in the object's own storage, so that it knows them when it was started again, and answers only when they are there. It
 * forgets none before its time: one that is full takes no more. When all are over it leaves nothing behind.
 */
export class DpopReplay {
  readonly #storage: DurableObjectState["storage"];
  /** How many are remembered; `undefined` until the table was looked at. */
  #count: number | undefined;
  #sweptAt = 0;

  constructor(state: DurableObjectState) {
    this.#storage = state.storage;
  }

  /** Answers a gate: `new`, `used` or `full`. */
  async fetch(request: Request): Promise<Response> {
    const use: ProofUse = await request.json();
    // From here to the alarm nothing is awaited, so of two gates with one proof the second finds it.
    const answer = this.#use(use);
    if (answer === "new" && (await this.#storage.getAlarm()) === null) {
      await this.#storage.setAlarm((use.until + sweepSeconds) * 1000);
    }
    return new Response(answer);
  }

  /** Lets go of what is over; of everything, where that is all. */
  async alarm(): Promise<void> {
    const count = this.#sweep(this.#counted());
    if (count > 0) {
      await this.#storage.setAlarm((this.#last() + sweepSeconds) * 1000);
      return;
    }
    this.#count = undefined;
    await this.#storage.deleteAll();
  }

  #use({ proof, until, most }: ProofUse): "new" | "used" | "full" {
    let count = this.#counted();
    if (this.#sql("SELECT 1 FROM proofs WHERE proof = ?", proof).length > 0) return "used";
    if (count >= most || seconds() - this.#sweptAt >= sweepSeconds) count = this.#sweep(count);
    if (count >= most) return "full";
    this.#sql("INSERT INTO proofs (proof, until) VALUES (?, ?)", proof, until);
    this.#count = count + 1;
    return "new";
  }

  #sweep(count: number): number {
    this.#sweptAt = seconds();
    const over = this.#sql("DELETE FROM proofs WHERE until < ? RETURNING 1", this.#sweptAt).length;
    this.#count = count - over;
    return this.#count;
  }

  #counted(): number {
    if (this.#count === undefined) {
      this.#sql(
        "CREATE TABLE IF NOT EXISTS proofs (proof TEXT PRIMARY KEY, until INTEGER NOT NULL) WITHOUT ROWID",
      );
      this.#sql("CREATE INDEX IF NOT EXISTS proofs_until ON proofs (until)");
      this.#count = Number(this.#sql("SELECT COUNT(*) AS count FROM proofs")[0]?.count);
    }
    return this.#count;
  }

  #last(): number {
    return Number(this.#sql("SELECT MAX(until) AS last FROM proofs")[0]?.last);
  }

  #sql(query: string, ...values: unknown[]): Record<string, unknown>[] {
    return this.#storage.sql.exec(query, ...values).toArray();
  }
}
