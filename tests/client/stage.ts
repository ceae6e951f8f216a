/** Authorization server, API and application, and browsers that visit it: all that a test of the client in real browsers needs. */

import { after, before, describe, test } from "node:test";
import { openServer } from "../../examples/demo/loopback-server.ts";
import type { Client, ClientConfig, ClientEvent, ClientOptions } from "../../js/browser.ts";
import { BROWSERS, type BrowserName, type BrowserOptions, whyNot } from "../webdriver/browsers.ts";
import { type OpenBrowser, open } from "../webdriver/open.ts";
import { type Api, startApi } from "./api.ts";
import { type PageServer, startPages } from "./page-server.ts";
import { API_AUDIENCE, type AuthorizationServer, SCOPES, startProvider } from "./provider.ts";

declare global {
  /** What the page of these tests has for them. */
  var harness: {
    client: Client;
    events: ClientEvent[];
    createClient: typeof import("../../js/browser.ts").createClient;
    /** What came of something that a person began, for a test to look for. */
    outcome?: string;
    now(): number;
    sleep(seconds: number): void;
    /** Has the module trap in a renewal, and gives the code of what comes of it. */
    trapInRenewal(): Promise<string>;
    comeBack(config: ClientConfig): void;
    start(config: ClientConfig, options?: ClientOptions): Promise<{ hasCallback: boolean; user?: string }>;
  };
}

export interface Stage {
  readonly server: AuthorizationServer;
  readonly api: Api;
  readonly pages: PageServer;
  config(client_id?: string, more?: Partial<ClientConfig>): ClientConfig;
  close(): Promise<void>;
}

export async function openStage(): Promise<Stage> {
  const [authorization, apiServer, pageServer] = await Promise.all([
    openServer("authorization server", 0),
    openServer("API", 0),
    openServer("page", 0),
  ]);
  const pages = startPages(pageServer);
  const server = await startProvider(authorization, pages.origin);
  const api = startApi(apiServer, server.issuer, pages.origin);
  return {
    server,
    api,
    pages,
    config: (client_id = "app", more = {}) => ({
      issuer: server.issuer,
      client_id,
      redirect_uri: `${pages.origin}/callback`,
      post_logout_redirect_uri: `${pages.origin}/`,
      scope: SCOPES,
      resource: API_AUDIENCE,
      api_origins: [api.origin],
      allow_insecure_loopback: true,
      ...more,
    }),
    async close() {
      await Promise.all([authorization.close(), apiServer.close(), pageServer.close()]);
    },
  };
}

export interface Scene {
  readonly name: BrowserName;
  readonly stage: Stage;
  readonly browser: OpenBrowser;
}

/**
 * The same tests in every browser, each with a stage and a browser of its own. `tests` is called at once, and gets at the scene when it runs. A browser
 * that can't be on this machine says why.
 */
export function inEveryBrowser(
  what: string,
  options: BrowserOptions,
  tests: (scene: () => Scene, name: BrowserName) => void,
  browsers: readonly BrowserName[] = BROWSERS,
): void {
  for (const name of browsers) {
    describe(`${what} (${name})`, async () => {
      const reason = await whyNot(name);
      if (reason !== undefined) {
        test("is not tested here", { skip: reason });
        return;
      }
      let scene: Scene | undefined;
      before(async () => {
        const stage = await openStage();
        scene = { name, stage, browser: await open(name, options) };
      });
      after(async () => {
        await scene?.browser.quit();
        await scene?.stage.close();
      });
      tests(() => {
        if (scene === undefined) throw new Error("the browser was not opened");
        return scene;
      }, name);
    });
  }
}
