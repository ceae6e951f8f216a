/**
 * The core of edgeward's browser client, run in Node: the same wasm, with this file in the place of
 * `js/browser.ts`. It makes the addresses, checks what comes back, and never fetches anything itself.
 */

import { gunzipSync } from "node:zlib";
import { ClientCore } from "../../../js/client/core.ts";
import { callsOf } from "../../../js/client/core-calls.ts";
import { verdictNumbers } from "../../../js/steps.ts";
import { ClientPort, initSync } from "../../../js/wasm/generated/client_whole.js";
import { gzip } from "../../../js/wasm/generated/client_whole_wasm.js";
import { API_AUDIENCE } from "../resources.ts";
import type { Stack } from "../stack.ts";
import { throughThePages } from "./sign-in.ts";

/** A sign-in that has come back: the callback's address, and what the client remembered meanwhile. */
export interface PendingSignIn {
  readonly core: ClientCore;
  readonly callback: URL;
  readonly transaction: string;
}

/** A client of the demo's page that has sent ada to sign in and sees her come back. */
export async function startSignIn(stack: Stack): Promise<PendingSignIn> {
  initSync({ module: new WebAssembly.Module(gunzipSync(Buffer.from(gzip, "base64"))) });
  const { client_id, redirect_uri } = stack.clients.page;
  const calls = callsOf(
    new ClientPort(false),
    JSON.stringify({
      issuer: stack.urls.authorizationServer,
      client_id,
      redirect_uri,
      scope: "openid profile data:read",
      resource: API_AUDIENCE,
      api_origins: [stack.urls.gate],
      allow_insecure_loopback: true,
    }),
  );
  const core = new ClientCore(calls);
  core.readMetadata(await fetchFirst(core.metadataUrls()));
  const { url, transaction } = JSON.parse(core.login("{}", now())) as { url: string; transaction: string };
  return { core, callback: await throughThePages(stack, url, "ada"), transaction };
}

/** Checks the callback, and gives the token endpoint's answer to the request that comes of it. */
export async function redeem({ core, callback, transaction }: PendingSignIn): Promise<string> {
  const request = JSON.parse(core.callback(callback.href, transaction, now())) as {
    url: string;
    body: string;
  };
  const response = await fetch(request.url, {
    method: "POST",
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: request.body,
  });
  return await response.text();
}

/** Checks the tokens, and gives the name in the ID token. */
export async function finish(core: ClientCore, tokens: string): Promise<string> {
  core.readKeySet(await fetchFirst([core.readTokens(200, tokens, now()) ?? ""]));
  // The platform was not asked: this module checks signatures itself.
  core.conclude(verdictNumbers.unable, now());
  const { claims } = JSON.parse(core.session() ?? "{}") as { claims?: { name?: string } };
  return claims?.name ?? "nobody";
}

async function fetchFirst(urls: readonly string[]): Promise<string> {
  for (const url of urls) {
    const response = await fetch(url);
    const text = await response.text();
    if (response.ok) return text;
  }
  throw new Error(`nothing at ${urls.join(" or ")}`);
}

const now = () => Date.now() / 1000;
