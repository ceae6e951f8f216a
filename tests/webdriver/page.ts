/** What tests do in a page that a driver holds, the same in every browser. */

import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { error as driverError, type WebDriver } from "selenium-webdriver";

/** Long enough for two busy cores; what has not come by then is not going to. */
export const PATIENCE_MILLISECONDS = 20_000;

/** Between two looks at a condition. */
const POLL_MILLISECONDS = 25;

/** What a function threw in the page: its name and message, and its `code` where it had one. */
export class PageError extends Error {
  readonly code: string | undefined;

  constructor({ name, message, code }: Thrown) {
    super(message);
    this.name = name;
    this.code = code;
  }
}

interface Thrown {
  readonly name: string;
  readonly message: string;
  readonly code?: string;
}

type Answer<Value> = { readonly value?: Value } | { readonly thrown: Thrown };

/**
 * Runs a function in the page and gives what it gives, a promise's value included. It takes and gives what JSON can say, and
 * sees nothing of the file that it is written in. Throws a `PageError` for what it throws.
 */
export async function inPage<Args extends readonly unknown[], Value>(
  driver: WebDriver,
  run: (...args: Args) => Value | Promise<Value>,
  ...args: Args
): Promise<Value> {
  const answer = await driver.executeAsyncScript<Answer<Value> | null>(
    `const done = arguments[arguments.length - 1];
     const thrown = (error) => ({
       name: String(error?.name ?? typeof error),
       message: String(error?.message ?? error),
       ...(error?.code === undefined ? {} : { code: String(error.code) }),
     });
     (async () => (${run})(...Array.prototype.slice.call(arguments, 0, -1)))().then(
       (value) => done({ value }),
       (error) => done({ thrown: thrown(error) }),
     );`,
    ...args,
  );
  // Firefox has nothing to say of a page that was left before it answered.
  if (answer === null) throw new driverError.WebDriverError("the page was left before it answered");
  if ("thrown" in answer) throw new PageError(answer.thrown);
  // A driver has null where there was nothing.
  return (answer.value ?? undefined) as Value;
}

/** Runs a function that leaves the page, or closes it: whether the driver hears of its end before the page is gone is a matter of chance. */
export async function leavePage<Args extends readonly unknown[]>(
  driver: WebDriver,
  run: (...args: Args) => void,
  ...args: Args
): Promise<void> {
  try {
    await inPage(driver, run, ...args);
  } catch (error) {
    if (!(error instanceof driverError.WebDriverError)) throw error;
  }
}

/**
 * Asks until the answer is there, and gives it: anything but `undefined`, `null`, `false`, zero and the empty text. What a driver says
 * while one page makes room for the next counts as no answer. Throws what it was waiting for, with the last such error.
 */
export async function waitUntil<Value>(
  what: string,
  ask: () => Value | Promise<Value>,
  limitMilliseconds = PATIENCE_MILLISECONDS,
): Promise<NonNullable<Value>> {
  const limit = Date.now() + limitMilliseconds;
  for (;;) {
    let cause: unknown;
    try {
      const answer = await ask();
      if (answer) return answer;
    } catch (error) {
      if (!(error instanceof driverError.WebDriverError)) throw error;
      cause = error;
    }
    if (Date.now() > limit)
      throw new Error(`waited in vain for: ${what}`, cause === undefined ? {} : { cause });
    await new Promise((resolve) => setTimeout(resolve, POLL_MILLISECONDS));
  }
}

/** `waitUntil` with a function that is run in the page. */
export async function waitInPage<Args extends readonly unknown[], Value>(
  driver: WebDriver,
  what: string,
  ask: (...args: Args) => Value | Promise<Value>,
  ...args: Args
): Promise<NonNullable<Value>> {
  return await waitUntil(what, () => inPage(driver, ask, ...args));
}

/** Opens a tab, goes to it, and gives its handle. */
export async function newTab(driver: WebDriver, url?: string): Promise<string> {
  await driver.switchTo().newWindow("tab");
  if (url !== undefined) await driver.get(url);
  return await driver.getWindowHandle();
}

export async function switchTab(driver: WebDriver, handle: string): Promise<void> {
  await driver.switchTo().window(handle);
}

/** Closes the tab that the driver is in, and goes to another. */
export async function closeTab(driver: WebDriver, goTo: string): Promise<void> {
  await driver.close();
  await driver.switchTo().window(goTo);
}

/** Does something that opens a window or a tab, and gives the new one's handle. The driver stays where it was. */
export async function windowOpenedBy(driver: WebDriver, act: () => Promise<unknown>): Promise<string> {
  const before = await driver.getAllWindowHandles();
  await act();
  return await waitUntil("a new window", async () =>
    (await driver.getAllWindowHandles()).find((handle) => !before.includes(handle)),
  );
}

/** Keeps a picture of what the window shows, as PNG. */
export async function keepPicture(driver: WebDriver, file: string): Promise<void> {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, await driver.takeScreenshot(), "base64");
}
