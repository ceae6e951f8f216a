/** What each browser is started with, and how it is told what a test wants of it. */

import type { DriverCommand } from "./driver-process.ts";

export const BROWSERS = ["chromium", "firefox", "webkit"] as const;
export type BrowserName = (typeof BROWSERS)[number];

/** What a test may want of any of them. */
export interface BrowserOptions {
  /** Cookies of another site than the page's are neither stored nor sent. WebKit never takes them. */
  readonly blocksThirdPartyCookies?: boolean;
  /** Whether pages may open windows without a click. By default they may. */
  readonly allowsPopups?: boolean;
  /** More of the browser's own arguments. */
  readonly args?: readonly string[];
  /** More of the browser's own preferences. WebKit has none: its settings are arguments. */
  readonly prefs?: Readonly<Record<string, unknown>>;
}

/** A browser that is there: its driver, and the capabilities of a new session (W3C WebDriver section 7). */
export interface InstalledBrowser {
  readonly driver: DriverCommand;
  capabilities(options: BrowserOptions): Record<string, unknown>;
}

/** The parts of the set-up scripts (plain JavaScript) that are used here. */
interface SetUp {
  chromium: { requireChromium(): Promise<{ chrome: string; chromedriver: string }> };
  firefox: { requireFirefox(): Promise<{ firefox: string; geckodriver: string }> };
  webkit: {
    findWebKit(): { driver: string; browser: string; session: string; screen: string } | undefined;
    whyNoWebKit: string;
  };
}

async function setUp<Name extends keyof SetUp>(name: Name): Promise<SetUp[Name]> {
  return await import(new URL(`../../scripts/setup/${name}.mjs`, import.meta.url).href);
}

/** Why a browser can't be tested in on this machine. Chromium and Firefox have to be there. */
export async function whyNot(name: BrowserName): Promise<string | undefined> {
  if (name !== "webkit") return undefined;
  const { findWebKit, whyNoWebKit } = await setUp("webkit");
  return findWebKit() === undefined ? whyNoWebKit : undefined;
}

export async function installed(name: BrowserName): Promise<InstalledBrowser> {
  if (name === "chromium") return await chromium();
  if (name === "firefox") return await firefox();
  return await webkit();
}

const CHROMIUM_ARGUMENTS = [
  "--headless=new",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-dev-shm-usage",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--no-first-run",
];

async function chromium(): Promise<InstalledBrowser> {
  const { chrome, chromedriver } = await (await setUp("chromium")).requireChromium();
  return {
    driver: { program: chromedriver, args: (port) => [`--port=${port}`] },
    capabilities: ({ blocksThirdPartyCookies = false, allowsPopups = true, args = [], prefs = {} }) => ({
      browserName: "chrome",
      "goog:chromeOptions": {
        binary: chrome,
        args: [...CHROMIUM_ARGUMENTS, ...args],
        // chromedriver lets windows open, unless it is told to leave this switch of its own out.
        excludeSwitches: allowsPopups ? [] : ["disable-popup-blocking"],
        prefs: {
          // CookieControlsMode: 0 is off, 1 is block those of third parties.
          "profile.cookie_controls_mode": blocksThirdPartyCookies ? 1 : 0,
          ...prefs,
        },
      },
    }),
  };
}

/** What Firefox would ask the internet for by itself. */
const FIREFOX_PREFERENCES = {
  "app.update.enabled": false,
  "network.captive-portal-service.enabled": false,
  "network.connectivity-service.enabled": false,
  "services.settings.server": "data:,",
  "dom.ipc.processPrelaunch.enabled": false,
};

async function firefox(): Promise<InstalledBrowser> {
  const { firefox: binary, geckodriver } = await (await setUp("firefox")).requireFirefox();
  return {
    driver: { program: geckodriver, args: (port) => ["--host", "127.0.0.1", "--port", String(port)] },
    capabilities: ({ blocksThirdPartyCookies = false, allowsPopups = true, args = [], prefs = {} }) => ({
      browserName: "firefox",
      "moz:firefoxOptions": {
        binary,
        args: ["-headless", ...args],
        prefs: {
          ...FIREFOX_PREFERENCES,
          // 0 takes all, 1 none of third parties. The default (5) would keep them apart by site instead.
          "network.cookie.cookieBehavior": blocksThirdPartyCookies ? 1 : 0,
          "dom.disable_open_during_load": !allowsPopups,
          ...prefs,
        },
      },
    }),
  };
}

const WEBKIT_ENVIRONMENT = {
  // Root in a container has no namespaces to build the sandbox of; what it loads here is our own.
  WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: "1",

  LIBGL_ALWAYS_SOFTWARE: "1",
  // Without it GTK would start the services of a desktop.
  NO_AT_BRIDGE: "1",
  GSETTINGS_BACKEND: "memory",
};

async function webkit(): Promise<InstalledBrowser> {
  const { findWebKit, whyNoWebKit } = await setUp("webkit");
  const found = findWebKit();
  if (found === undefined) throw new Error(whyNoWebKit);
  return {
    driver: {
      program: found.session,
      args: (port) => ["--", found.screen, "-a", found.driver, "--host=127.0.0.1", `--port=${port}`],
      env: WEBKIT_ENVIRONMENT,
    },
    capabilities: ({ blocksThirdPartyCookies = false, allowsPopups = true, args = [] }) => ({
      browserName: "MiniBrowser",
      "webkitgtk:browserOptions": {
        binary: found.browser,
        args: [
          "--automation",
          `--cookies-policy=${blocksThirdPartyCookies ? "no-third-party" : "always"}`,
          `--javascript-can-open-windows-automatically=${allowsPopups ? "TRUE" : "FALSE"}`,
          ...args,
        ],
      },
    }),
  };
}
