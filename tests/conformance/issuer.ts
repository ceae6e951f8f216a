/**
 * An issuer that can be made to fail: metadata, a key set and an introspection endpoint whose answers a test
 * replaces, with a count of what was fetched. It exists for the faults; good answers are tested against the
 * real authorization server.
 */
import { generateKeyPairSync, type KeyObject } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { accessTokenClaims, type JsonObject, signToken } from "../../examples/demo/tokens.ts";

export type Handler = (request: IncomingMessage, response: ServerResponse) => void;

export interface FaultyIssuer {
  readonly issuer: string;
  /** How often each path was fetched. */
  readonly fetches: Map<string, number>;
  /** Replaces the answer of a path. */
  answer(path: string, handler: Handler): void;
  /** The good answer of the key set's place. */
  readonly sendKeys: Handler;
  /** Back to good answers, and counts from zero. */
  reset(): void;
  /** A new signing key; with `publish`, the key set holds it from now on, and no other. */
  rotate(options: { publish: boolean }): void;
  /** Publishes the current key. */
  publish(): void;
  /** An access token of this issuer's, signed with its current key. */
  token(changes?: JsonObject): string;
  close(): Promise<void>;
}

interface IssuerKey {
  alg: "ES256";
  kid: string;
  privateKey: KeyObject;
  publicKey: KeyObject;
}

export const METADATA = "/.well-known/openid-configuration";
export const KEY_SET = "/jwks";
export const INTROSPECTION = "/introspect";

export async function startIssuer(): Promise<FaultyIssuer> {
  const handlers = new Map<string, Handler>();
  const fetches = new Map<string, number>();
  let key = newKey(1);
  let published = key;
  let issuer = "";

  const good = new Map<string, () => unknown>([
    [
      METADATA,
      () => ({ issuer, jwks_uri: issuer + KEY_SET, introspection_endpoint: issuer + INTROSPECTION }),
    ],
    [KEY_SET, () => ({ keys: [publicJwk(published)] })],
  ]);

  const server = createServer((request, response) => {
    const path = request.url ?? "";
    fetches.set(path, (fetches.get(path) ?? 0) + 1);
    request.resume();
    const handler = handlers.get(path);
    if (handler !== undefined) return handler(request, response);
    const document = good.get(path);
    if (document === undefined) return sendText(404, "not here")(request, response);
    sendJson(document())(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  return {
    issuer,
    fetches,
    answer: (path, handler) => handlers.set(path, handler),
    sendKeys: (request, response) => sendJson({ keys: [publicJwk(published)] })(request, response),
    reset() {
      handlers.clear();
      fetches.clear();
    },
    rotate({ publish }) {
      key = newKey(Number(key.kid) + 1);
      if (publish) published = key;
    },
    publish() {
      published = key;
    },
    token: (changes) => signToken(accessTokenClaims(issuer, changes), key),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

export const sendJson =
  (document: unknown): Handler =>
  (_request, response) => {
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(document));
  };

export const sendText =
  (status: number, text: string, headers: Record<string, string> = {}): Handler =>
  (_request, response) => {
    response.writeHead(status, headers).end(text);
  };

/** Ends the connection without an answer. */
export const hangUp: Handler = (request) => {
  request.socket.destroy();
};

function newKey(number: number): IssuerKey {
  return { alg: "ES256", kid: String(number), ...generateKeyPairSync("ec", { namedCurve: "P-256" }) };
}

function publicJwk({ alg, kid, publicKey }: IssuerKey): object {
  return { ...publicKey.export({ format: "jwk" }), alg, kid, use: "sig" };
}
