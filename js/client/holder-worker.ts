/**
 * The worker that keeps refresh tokens, as a shared one or as one tab's own. Nothing in it gives a token out.
 *
 * @module
 */

import type { HolderRequest } from "./form-post.ts";
import { KeptTokens } from "./kept-tokens.ts";

const tokens = new KeptTokens();

async function answer({ data, ports: [port] }: MessageEvent<HolderRequest | "ping">): Promise<void> {
  if (port === undefined) return;
  try {
    port.postMessage(data === "ping" ? data : await tokens.post(data));
  } catch {
    // What can't be worked with gets the answer of a server that can't be reached.
    port.postMessage(undefined);
  }
}

addEventListener("message", answer);
addEventListener("connect", (event) => {
  const port = (event as MessageEvent).ports[0];
  if (port) port.onmessage = answer;
});
