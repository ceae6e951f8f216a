/** Small servers on 127.0.0.1: files as they lie there, and an authorization server's metadata. */
import { createReadStream, existsSync, statSync } from "node:fs";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join, normalize } from "node:path";

const types: Record<string, string> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".wasm": "application/wasm",
};

export interface Listening {
  origin: string;
  close(): Promise<void>;
}

async function listen(listener: RequestListener): Promise<Listening> {
  const server: Server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Serves a folder. */
export const serveFolder = (folder: string): Promise<Listening> =>
  listen((request, response) => {
    const { pathname } = new URL(request.url ?? "/", "http://127.0.0.1");
    const file = join(folder, normalize(decodeURIComponent(pathname)));
    if (!existsSync(file) || !statSync(file).isFile()) {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, { "content-type": types[extname(file)] ?? "application/octet-stream" });
    createReadStream(file).pipe(response);
  });

/** An authorization server as far as a sign-in needs one before it leaves the page. With `pushes` requests are pushed to it (RFC 9126). */
export async function serveMetadata(pushes = false): Promise<Listening> {
  let origin = "";
  const issuer = await listen((request, response) => {
    const isMetadata = request.url?.startsWith("/.well-known/") ?? false;
    const metadata = {
      issuer: origin,
      authorization_endpoint: `${origin}/authorize`,
      token_endpoint: `${origin}/token`,
      jwks_uri: `${origin}/jwks`,
      response_types_supported: ["code"],
      code_challenge_methods_supported: ["S256"],
      id_token_signing_alg_values_supported: ["ES256", "RS256"],
      subject_types_supported: ["public"],
      ...(pushes && { pushed_authorization_request_endpoint: `${origin}/par` }),
    };
    const pushed = { request_uri: "urn:example:pushed", expires_in: 60 };
    const isPushed = request.method === "POST" && request.url === "/par";
    response.writeHead(isMetadata ? 200 : isPushed ? 201 : 404, {
      "access-control-allow-origin": "*",
      "content-type": "application/json",
    });
    response.end(JSON.stringify(isMetadata ? metadata : isPushed ? pushed : {}));
  });
  origin = issuer.origin;
  return issuer;
}
