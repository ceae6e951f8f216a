/**
 * A session in the tab's `sessionStorage`, where the application has chosen so: it survives a reload, and any script of the page can read the
 * tokens there, as can whoever gets at the browser's profile.
 *
 * @module
 */
export interface KeptSession {
  get(): string | undefined;
  put(session: string | undefined): void;
}

export const nothingKept: KeptSession = { get: () => undefined, put: () => undefined };

export function keptInTab(name: string): KeptSession {
  const key = `${name} session`;
  return {
    get: () => quietly(() => sessionStorage.getItem(key)) ?? undefined,
    put: (session) => {
      quietly(() =>
        session === undefined ? sessionStorage.removeItem(key) : sessionStorage.setItem(key, session),
      );
    },
  };
}

/** Where storage is blocked or full the session lasts as long as the page. */
function quietly<T>(use: () => T): T | undefined {
  try {
    return use();
  } catch {
    return undefined;
  }
}
