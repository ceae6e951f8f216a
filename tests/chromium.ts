/** The Chromium that tests drive by playwright-core. */

/** The part of the set-up script (plain JavaScript) that is used here. */
interface ChromiumSetUp {
  requireChromium(): Promise<{ chrome: string }>;
}

/** The browser that `npm test` found and named in CHROME; the one the set-up would find where a file is run by itself. */
export async function chromePath(): Promise<string> {
  if (process.env.CHROME) return process.env.CHROME;
  const setUp: ChromiumSetUp = await import(new URL("../scripts/setup/chromium.mjs", import.meta.url).href);
  return (await setUp.requireChromium()).chrome;
}
