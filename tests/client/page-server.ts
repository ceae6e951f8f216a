/** The application's own server: a page that does nothing by itself, the built package, and how the page is served. */

import { readFile } from "node:fs/promises";
import { extname } from "node:path";
import { fileURLToPath } from "node:url";
import type { LoopbackServer } from "../../examples/demo/loopback-server.ts";

const DIST = fileURLToPath(new URL("../../dist/", import.meta.url));
const TYPES: Readonly<Record<string, string>> = { ".js": "text/javascript", ".wasm": "application/wasm" };

export interface PageServer {
  /** As browsers name it: another site than the authorization server's. */
  readonly origin: string;
  /** Every request for a file, as its path, in order. */
  readonly files: string[];
  /** How many seconds the clock of whoever opens a page is wrong. */
  clockOffset: number;
  /** `Content-Security-Policy` of the pages, where there is one. */
  policy: string | undefined;
  /** A script that runs before all others, as a person's settings do what they do before a page begins. */
  before: string;
}

const harness = `
import { createClient } from "/edgeward/browser.js";
const harness = {
  events: [],
  /** By the page's own clock, which a driver's scripts may not have. */
  now: () => Date.now() / 1000,
  /** What a sleep does: clocks go on, timers don't. */
  sleep(seconds) {
    const now = Date.now;
    Date.now = () => now() + seconds * 1000;
  },
  createClient,
  async start(config, options = {}) {
    const client = await createClient(config, options);
    if (harness.client !== client) client.subscribe((event) => harness.events.push(event));
    harness.client = client;
    return { hasCallback: client.hasCallback, user: client.user?.sub };
  },
  /** Takes all memory that the module has left or could get, so that it ends in \`unreachable\` where it needs some. */
  async trapInRenewal() {
    const { initSync } = await import("/edgeward/wasm/generated/client.js");
    const { memory, __wbindgen_malloc } = initSync({ module: new Uint8Array() });
    const isTaken = (take) => {
      try {
        take();
        return true;
      } catch {
        return false;
      }
    };
    for (let pages = 65_536; pages >= 1; pages = Math.floor(pages / 2)) isTaken(() => memory.grow(pages));
    for (let bytes = 2 ** 30; bytes >= 1; bytes /= 2) while (isTaken(() => __wbindgen_malloc(bytes, 1)));
    return await harness.client.renew().then(() => "renewed", (error) => error.code);
  },
  /** What the page of the redirect URI does, after this call has been answered: the window may be gone then. */
  comeBack(config) {
    setTimeout(async () => {
      const client = await createClient(config);
      await client.handleCallback().catch(() => undefined);
    });
  },
};
globalThis.harness = harness;
`;

export function startPages(server: LoopbackServer): PageServer {
  const state: PageServer = {
    origin: `http://localhost:${server.port}`,
    files: [],
    clockOffset: 0,
    policy: undefined,
    before: "",
  };
  server.serve(async (request, response) => {
    const { pathname } = new URL(request.url ?? "/", state.origin);
    state.files.push(pathname);
    const send = (type: string, body: string | Buffer) => {
      response.writeHead(200, { "content-type": type, "cache-control": "no-store" });
      response.end(request.method === "HEAD" ? undefined : body);
    };
    if (pathname === "/harness.js") return send("text/javascript", harness);
    if (pathname === "/before.js") {
      const clock = `const now = Date.now.bind(Date); Date.now = () => now() + ${state.clockOffset * 1000};`;
      // In a block: names of the top level would hide the page's own.
      return send("text/javascript", `{ ${clock}\n${state.before} }`);
    }
    const file = /^\/edgeward\/([\w./-]+)$/.exec(pathname)?.[1];
    if (file !== undefined && !file.includes("..")) {
      return send(TYPES[extname(file)] ?? "text/plain", await readFile(DIST + file));
    }
    if (state.policy !== undefined) response.setHeader("content-security-policy", state.policy);
    response.setHeader("referrer-policy", "no-referrer");
    send(
      "text/html; charset=utf-8",
      `<!doctype html><html lang="en"><title>The application</title><link rel="icon" href="data:,">
       <script src="/before.js"></script><script type="module" src="/harness.js"></script><h1>The application</h1>`,
    );
  });
  return state;
}
