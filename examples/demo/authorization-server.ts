/**
 * The demo's authorization server: npm's oidc-provider, with our own login and consent pages.
 *
 * `authorization-server/` has one file per subject: who can sign in (accounts) and how that counts (authentication),
 * who may ask (clients), what is allowed (configuration), and the pages in between (interactions, consent, pages).
 */

import { readFile } from "node:fs/promises";
import type { ServerResponse } from "node:http";
import { Provider } from "oidc-provider";
import { type AccountCredentials, createAccountStore } from "./authorization-server/accounts.ts";
import { createClients, type DemoClients } from "./authorization-server/clients.ts";
import { createConfiguration } from "./authorization-server/configuration.ts";
import { createInteractions } from "./authorization-server/interactions.ts";
import { generateSigningKeys, type SigningKeys } from "./authorization-server/keys.ts";
import type { LoopbackServer } from "./loopback-server.ts";

export interface AuthorizationServer {
  readonly issuer: string;
  readonly clients: DemoClients;
  readonly accounts: readonly AccountCredentials[];
  /** The private keys. Only a test that mints hostile tokens has a use for them. */
  readonly signingKeys: SigningKeys;
}

const FILES: ReadonlyMap<string, string> = new Map([
  ["/style.css", "text/css; charset=utf-8"],
  ["/icon.svg", "image/svg+xml"],
]);

export async function startAuthorizationServer(
  server: LoopbackServer,
  pageOrigin: string,
): Promise<AuthorizationServer> {
  const issuer = server.origin;
  const [keys, accounts] = await Promise.all([generateSigningKeys(), createAccountStore()]);
  const clients = createClients(pageOrigin);
  const provider = new Provider(issuer, createConfiguration({ accounts, clients, keys, pageOrigin }));
  provider.on("server_error", (_ctx, error) => console.error("authorization server:", error));

  const protocol = provider.callback();
  const interactions = createInteractions(provider, accounts, clients);

  server.serve(async (request, response) => {
    const path = new URL(request.url ?? "/", issuer).pathname;
    protectPages(response, pageOrigin);
    const type = FILES.get(path);
    if (type !== undefined) {
      const file = await readFile(new URL(`./authorization-server${path}`, import.meta.url));
      response.writeHead(200, { "content-type": type, "cache-control": "max-age=3600" });
      response.end(file);
    } else if (!(await interactions.handle(request, response, path))) {
      await protocol(request, response);
    }
  });

  return { issuer, clients, accounts: accounts.credentials, signingKeys: keys };
}

/**
 * Nobody may frame the login page, and it runs no script of its own. `form-action` names the page's origin
 * because browsers hold the redirect that follows a form to the same list. oidc-provider adds the hash of the
 * one inline script it needs (the sign-out of somebody who isn't signed in) to `script-src`.
 */
function protectPages(response: ServerResponse, pageOrigin: string): void {
  response.setHeader(
    "content-security-policy",
    `default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; form-action 'self' ${pageOrigin}; ` +
      "base-uri 'none'; frame-ancestors 'none'",
  );
  // Not "no-referrer": that would blank the Origin header of our own forms as well.
  response.setHeader("referrer-policy", "same-origin");
  response.setHeader("x-content-type-options", "nosniff");
}
