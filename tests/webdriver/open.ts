/** Opens a browser for tests: Chromium, Firefox or WebKit, behind the one interface of WebDriver. */

import { Builder, Capabilities, type WebDriver } from "selenium-webdriver";
import { type BrowserName, type BrowserOptions, installed } from "./browsers.ts";
import { startDriver } from "./driver-process.ts";
import { PATIENCE_MILLISECONDS } from "./page.ts";

export interface OpenBrowser {
  readonly name: BrowserName;
  readonly driver: WebDriver;
  /** Where all that it writes is; gone after `quit`. */
  readonly directory: string;
  /** Ends the browser, its driver and whatever they have started, whatever state they are in. */
  quit(): Promise<void>;
}

/** A new browser with a profile of its own. Whoever opens it ends it by `quit`; with this process it ends anyway. */
export async function open(name: BrowserName, options: BrowserOptions = {}): Promise<OpenBrowser> {
  const browser = await installed(name);
  const started = await startDriver(browser.driver);
  try {
    const capabilities = new Capabilities({
      ...browser.capabilities(options),
      timeouts: { script: PATIENCE_MILLISECONDS, pageLoad: PATIENCE_MILLISECONDS, implicit: 0 },
    });
    // Of a server that is running already, so that the library neither looks for a driver nor downloads one.
    const driver = await new Builder()
      .usingServer(started.origin)
      .withCapabilities(capabilities)
      .disableEnvironmentOverrides()
      .build();
    return {
      name,
      driver,
      directory: started.directory,
      async quit() {
        // Asked to, a browser ends in good order; but one that hangs, or has ended, is no reason to leave others behind.
        await driver.quit().catch(() => undefined);
        await started.stop();
      },
    };
  } catch (error) {
    await started.stop();
    throw error;
  }
}
