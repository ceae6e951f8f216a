/**
 * The web server of the single-page app: static files, strict headers, and the configuration as JSON.
 *
 * The app is on an origin of its own. It talks to the authorization server and to the gate across origins,
 * as a real one would, and its Content-Security-Policy lets it talk to nobody else.
 */

import { readdir, readFile } from "node:fs/promises";
import { extname, join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { type LoopbackServer, sendJson } from "./loopback-server.ts";
import { API_AUDIENCE, API_SCOPES } from "./resources.ts";

export interface PageParts {
  readonly issuer: string;
  readonly clientId: string;
  readonly redirectUri: string;
  readonly gateOrigin: string;
  /** Whether its Content-Security-Policy lets the page compile WebAssembly. */
  readonly allowsWebAssembly: boolean;
}

const PAGE_FILES = fileURLToPath(new URL("./page/", import.meta.url));
/** The built package, as a page would get it from npm. */
const PACKAGE_FILES = fileURLToPath(new URL("../../dist/", import.meta.url));

const TYPES: ReadonlyMap<string, string> = new Map([
  [".html", "text/html; charset=utf-8"],
  [".css", "text/css; charset=utf-8"],
  [".js", "text/javascript; charset=utf-8"],
  [".svg", "image/svg+xml"],
  [".wasm", "application/wasm"],
]);

export function startPage(server: LoopbackServer, parts: PageParts): void {
  const headers = securityHeaders(parts);
  const config = pageConfig(server.origin, parts);

  server.serve(async (request, response) => {
    for (const [name, value] of headers) response.setHeader(name, value);
    if (request.method !== "GET" && request.method !== "HEAD") {
      response.setHeader("allow", "GET, HEAD");
      return sendJson(response, 405, { error: "this server only has files" });
    }
    const { pathname } = new URL(request.url ?? "/", server.origin);
    // A sign-in's window comes back here. With a policy of its own it would be cut off from the page that opened it, and stay open.
    if (pathname === "/callback") response.setHeader("cross-origin-opener-policy", "unsafe-none");
    if (pathname === "/config.json") return sendJson(response, 200, config);

    const file = (await servedFiles()).get(pathname);
    if (file === undefined) return sendJson(response, 404, { error: "no such file" });
    const content = await readFile(file);
    response.writeHead(200, {
      "content-type": TYPES.get(extname(file)) ?? "application/octet-stream",
      // Always asked again: during development the files change under a running demo.
      "cache-control": "no-cache",
    });
    response.end(content);
  });
}

/**
 * Path → file, from what is really there. A path is only ever looked up in this list and never turned into a
 * file name, so there is no `..` to defend against.
 */
async function servedFiles(): Promise<Map<string, string>> {
  const files = new Map<string, string>();
  for (const [prefix, directory] of [
    ["/", PAGE_FILES],
    ["/edgeward/", PACKAGE_FILES],
  ] as const) {
    for (const file of await filesUnder(directory)) {
      files.set(prefix + relative(directory, file).split(sep).join("/"), file);
    }
  }
  const index = join(PAGE_FILES, "index.html");
  // The redirect URI is a page of the app: the same document, which finds a callback waiting for it.
  return files.set("/", index).set("/callback", index);
}

async function filesUnder(directory: string): Promise<string[]> {
  try {
    const entries = await readdir(directory, { recursive: true, withFileTypes: true });
    return entries
      .filter((entry) => entry.isFile() && TYPES.has(extname(entry.name)))
      .map((entry) => join(entry.parentPath, entry.name));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}

function securityHeaders({ issuer, gateOrigin, allowsWebAssembly }: PageParts): Array<[string, string]> {
  const policy = [
    "default-src 'none'",
    // 'wasm-unsafe-eval' allows compiling WebAssembly, and nothing else that "eval" might suggest.
    `script-src 'self'${allowsWebAssembly ? " 'wasm-unsafe-eval'" : ""}`,
    "style-src 'self'",
    "img-src 'self'",
    `connect-src 'self' ${issuer} ${gateOrigin}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    // The client's own, for the address of its worker.
    "trusted-types edgeward",
  ];
  return [
    ["content-security-policy", policy.join("; ")],
    // Nobody who opens this page has a hold on it; what it opens is its own sign-in.
    ["cross-origin-opener-policy", "same-origin-allow-popups"],
    // The callback's address holds the code for a moment; no request may carry it along.
    ["referrer-policy", "no-referrer"],
    ["x-content-type-options", "nosniff"],
  ];
}

function pageConfig(pageOrigin: string, { issuer, clientId, redirectUri, gateOrigin }: PageParts) {
  return {
    client: {
      issuer,
      client_id: clientId,
      redirect_uri: redirectUri,
      post_logout_redirect_uri: `${pageOrigin}/`,
      scope: "openid profile email data:read profile:read notes:read",
      resource: API_AUDIENCE,
      api_origins: [gateOrigin],
      allow_insecure_loopback: true,
    },
    api: gateOrigin,
    scopes: API_SCOPES,
  };
}
