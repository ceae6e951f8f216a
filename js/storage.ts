/** Where a sign-in under way is remembered until its callback. Tokens are never stored. */
export interface TransactionStorage {
  /** Keeps a transaction under its `state`. */
  put(state: string, transaction: string): void;
  /** Takes it out: it serves once. */
  take(state: string): string | undefined;
}

const PREFIX = "edgeward.transaction.";

/**
 * The tab's own `sessionStorage`: another tab can't answer this one's sign-in, and it is gone when the tab closes.
 * One tab has at most one sign-in under way, so a new one replaces what was left of the last.
 */
export const tabStorage: TransactionStorage = {
  put(state, transaction) {
    const left = Object.keys(sessionStorage).filter((key) => key.startsWith(PREFIX));
    for (const key of left) sessionStorage.removeItem(key);
    sessionStorage.setItem(PREFIX + state, transaction);
  },
  take(state) {
    const transaction = sessionStorage.getItem(PREFIX + state) ?? undefined;
    sessionStorage.removeItem(PREFIX + state);
    return transaction;
  },
};
