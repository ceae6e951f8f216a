/** The parts of the set-up script (plain JavaScript) that are used here. */

/** Paths of programs. */
export interface Installed {
  readonly node20: string;
  readonly node22: string;
  readonly node24: string;
  readonly deno: string;
  readonly bun: string;
}

interface SetUp {
  requireRuntimes(): Installed;
  installedRuntimes: string;
}

const setUp: SetUp = await import(new URL("../../scripts/setup/runtimes.mjs", import.meta.url).href);

/** @throws Stop where set-up has not been run */
export const programs = async (): Promise<Installed> => setUp.requireRuntimes();

/** The directory whose `node_modules` they are in. */
export const installedDirectory = setUp.installedRuntimes;
