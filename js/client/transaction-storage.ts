import { EdgewardError } from "../errors.ts";

/** Where a sign-in under way is remembered until its callback. Tokens are never stored. */
export interface TransactionStorage {
  /** Keeps a transaction under its `state`. */
  put(state: string, transaction: string): void;
  /** Takes it out: it serves once. */
  take(state: string): string | undefined;
}

const PREFIX = "edgeward.transaction.";

/**
 * The tab's own `sessionStorage`: other tabs don't see it (but a duplicated tab starts with a copy), and it is gone when the
 * tab closes.
 * One tab has at most one sign-in under way, so a new one replaces what was left of the last.
 */
export const tabStorage: TransactionStorage = {
  put: (state, transaction) =>
    inStorage(() => {
      const left = Object.keys(sessionStorage).filter((key) => key.startsWith(PREFIX));
      for (const key of left) sessionStorage.removeItem(key);
      sessionStorage.setItem(PREFIX + state, transaction);
    }),
  take: (state) =>
    inStorage(() => {
      const transaction = sessionStorage.getItem(PREFIX + state) ?? undefined;
      sessionStorage.removeItem(PREFIX + state);
      return transaction;
    }),
};

/** Browsers throw where a person or a policy has blocked storage, even for reading. */
function inStorage<T>(use: () => T): T {
  try {
    return use();
  } catch {
    const message =
      "this tab's session storage can't be used; allow it for this site, or pass a storage of your own";
    throw new EdgewardError("storage_unavailable", message);
  }
}
