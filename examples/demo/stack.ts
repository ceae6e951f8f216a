/**
 * The whole demo as one object: authorization server, API, gate in workerd, single-page app.
 *
 * `npm start` runs it, the walkthrough and the browser tests drive it:
 *
 * ```ts
 * const stack = await startStack();
 * try {
 *   const answer = await fetch(`${stack.urls.gate}/data`);
 * } finally {
 *   await stack.stop();
 * }
 * ```
 */

import type { Policy } from "../../js/policy.ts";
import { type ReceivedRequest, startApi } from "./api.ts";
import type { AccountCredentials } from "./authorization-server/accounts.ts";
import type { DemoClients } from "./authorization-server/clients.ts";
import type { SigningKeys } from "./authorization-server/keys.ts";
import { startAuthorizationServer } from "./authorization-server.ts";
import { type Gate, startGate } from "./gate.ts";
import { createPolicy } from "./gate-policy.ts";
import { type LoopbackServer, openServer, type PortTaken, reservePort } from "./loopback-server.ts";
import { startPage } from "./page.ts";

export interface StackOptions {
  /** The first of four ports: authorization server, gate, API, page. 0, the default, takes any free ones. */
  readonly basePort?: number;
  /** Told when a wanted port was taken and a free one was picked. */
  readonly onPortTaken?: PortTaken;
  /** Told before each part starts, for a person who waits. */
  readonly onProgress?: (step: string) => void;
  /** Sees every request that reaches the API, with the headers it came with. */
  readonly onApiRequest?: (request: ReceivedRequest) => void;
  /** Whether the page's Content-Security-Policy lets it compile WebAssembly; without, it works as well. Default: true. */
  readonly allowsWebAssembly?: boolean;
  /** Gets the demo's policy and returns the one to run with. */
  readonly policy?: (policy: Policy) => Policy;
}

export interface Stack {
  readonly urls: StackUrls;
  readonly clients: DemoClients;
  readonly accounts: readonly AccountCredentials[];
  /** The authorization server's private keys: with these a test mints tokens that are genuine but wrong. */
  readonly signingKeys: SigningKeys;
  /** The policy the gate runs with. */
  readonly policy: Policy;
  /** The last lines of what the gate printed. */
  gateOutput(): string;
  /** Starts one more gate before the same API, with a policy of its own. It stops with the stack. */
  startGate(policy: (policy: Policy) => Policy): Promise<Gate>;
  /** Stops every part and waits until all of them are gone. Calling it twice does no harm. */
  stop(): Promise<void>;
}

/** Origins, without a trailing slash. The authorization server's is its issuer identifier, too. */
export interface StackUrls {
  readonly authorizationServer: string;
  readonly gate: string;
  readonly api: string;
  readonly page: string;
}

export async function startStack(options: StackOptions = {}): Promise<Stack> {
  const { basePort = 0, onPortTaken, onProgress } = options;
  const port = (offset: number) => (basePort === 0 ? 0 : basePort + offset);
  const started: Array<() => Promise<void>> = [];
  const stop = async () => {
    // The gate first, so that it never looks for servers that are gone.
    for (const stopPart of started.splice(0).reverse()) await stopPart();
  };
  const open = async (name: string, offset: number): Promise<LoopbackServer> => {
    const server = await openServer(name, port(offset), onPortTaken);
    started.push(() => server.close());
    return server;
  };

  try {
    const authorizationServer = await open("authorization server", 0);
    const api = await open("API", 2);
    const page = await open("page", 3);
    const gatePort = await reservePort("gate", port(1), onPortTaken);

    onProgress?.("authorization server");
    const { issuer, clients, accounts, signingKeys } = await startAuthorizationServer(
      authorizationServer,
      page.origin,
    );

    onProgress?.("API");
    startApi(api, { onRequest: options.onApiRequest });

    const demoPolicy = createPolicy({
      issuer,
      gateClientId: clients.gate.client_id,
      apiOrigin: api.origin,
      pageOrigin: page.origin,
    });
    const policy = options.policy?.(demoPolicy) ?? demoPolicy;

    const openGate = async (gatePolicy: Policy, wantedPort: number) => {
      const introspectionSecret = clients.gate.client_secret;
      const gate = await startGate({ port: wantedPort, policy: gatePolicy, introspectionSecret });
      started.push(() => gate.stop());
      return gate;
    };
    onProgress?.("gate");
    const gate = await openGate(policy, gatePort);

    onProgress?.("page");
    startPage(page, {
      issuer,
      clientId: clients.page.client_id,
      redirectUri: clients.page.redirect_uri,
      gateOrigin: gate.origin,
      allowsWebAssembly: options.allowsWebAssembly ?? true,
    });

    return {
      urls: { authorizationServer: issuer, gate: gate.origin, api: api.origin, page: page.origin },
      clients,
      accounts,
      signingKeys,
      policy,
      gateOutput: gate.output,
      startGate: async (change) => await openGate(change(policy), await reservePort("gate", 0)),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
