/**
 * Sign-in for single-page apps: authorization code, PKCE, `state` and `nonce`, with every check in the Rust core. Tokens live in memory, the
 * refresh token in a worker where the browser has one.
 *
 * @module
 */

import { takeCallback } from "./client/callback.ts";
import { Client } from "./client/client.ts";
import type { ClientOptions } from "./client/options.ts";
import type { ClientConfig } from "./client/types.ts";

export type { Client } from "./client/client.ts";
export type { ClientEvent, ClientListener } from "./client/events.ts";
export type { ClientOptions } from "./client/options.ts";
export type { SignedIn } from "./client/sign-in.ts";
export type { TransactionStorage } from "./client/transaction-storage.ts";
export type { ClientConfig, IdTokenClaims, LoginOptions } from "./client/types.ts";
export type { Problem } from "./errors.ts";
export { EdgewardError } from "./errors.ts";

/** The clients of this page, by their configuration. */
const clients = new Map<string, { options: ClientOptions; client: Promise<Client> }>();

/**
 * Makes a client. Before anything else it takes an authorization response out of the address bar, so call it first thing
 * on the page of the redirect URI. Called again with the same configuration and options, as a component does that is mounted twice, it gives the
 * same client. What it needs for signing in is loaded then: {@link Client.ready} has it loaded before, and tells what is wrong with the configuration.
 */
export function createClient(config: ClientConfig, options: ClientOptions = {}): Promise<Client> {
  const name = JSON.stringify(config);
  const known = clients.get(name);
  if (known !== undefined && areSame(known.options, options)) return known.client;
  const callback = takeCallback(config.redirect_uri);
  const client = started(new Client(config, options, callback));
  clients.set(name, { options, client });
  // What has failed is tried anew.
  client.catch(() => clients.delete(name));
  return client;
}

async function started(client: Client): Promise<Client> {
  // Whoever comes back from signing in has a session in a moment, and it is not the one from before.
  if (!client.hasCallback) await client.restore();
  return client;
}

function areSame(one: ClientOptions, other: ClientOptions): boolean {
  const names = new Set([...Object.keys(one), ...Object.keys(other)]) as Set<keyof ClientOptions>;
  return [...names].every((name) => one[name] === other[name]);
}
