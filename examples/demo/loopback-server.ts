/**
 * HTTP servers on the loopback interface, started and stopped as one unit.
 *
 * The port is bound before the request handler exists: the authorization server has to know its own
 * address (its issuer) before it can be configured, and so have the others.
 */

import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";

export const LOOPBACK = "127.0.0.1";

/** The demo's forms and notes are a few hundred bytes; nobody needs to send more than this. */
const MAX_BODY_BYTES = 16 * 1024;

export type RequestHandler = (request: IncomingMessage, response: ServerResponse) => void | Promise<void>;

export interface LoopbackServer {
  readonly port: number;
  /** `http://127.0.0.1:port`, without a trailing slash. */
  readonly origin: string;
  /** Starts answering. Requests that arrive earlier wait for it. */
  serve(handler: RequestHandler): void;
  /** Stops listening and drops every connection. */
  close(): Promise<void>;
}

/** Told when a wanted port is taken and another one was picked. */
export type PortTaken = (name: string, wanted: number, got: number) => void;

/** Binds `port` (0 = any free one). A port that is taken is replaced by a free one, and `portTaken` is told. */
export async function openServer(name: string, port: number, portTaken?: PortTaken): Promise<LoopbackServer> {
  const server = createServer();
  const waiting: Array<[IncomingMessage, ServerResponse]> = [];
  const hold = (request: IncomingMessage, response: ServerResponse) => {
    waiting.push([request, response]);
  };
  server.on("request", hold);

  const bound = await bindOrFallBack(server, port);
  if (port !== 0 && bound !== port) portTaken?.(name, port, bound);

  return {
    port: bound,
    origin: `http://${LOOPBACK}:${bound}`,
    serve(handler) {
      const answer = (request: IncomingMessage, response: ServerResponse) => {
        void answerOrFail(name, handler, request, response);
      };
      server.off("request", hold);
      server.on("request", answer);
      for (const [request, response] of waiting.splice(0)) answer(request, response);
    },
    close: () => closeServer(server),
  };
}

/**
 * Finds a free port for a process that binds it itself. Somebody else could take it in between; the
 * process then fails to start and says so, which is why the window is kept this short.
 */
export async function reservePort(name: string, port: number, portTaken?: PortTaken): Promise<number> {
  const server = createServer();
  const bound = await bindOrFallBack(server, port);
  await closeServer(server);
  if (port !== 0 && bound !== port) portTaken?.(name, port, bound);
  return bound;
}

export async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > MAX_BODY_BYTES) throw new BodyTooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

/** Answered with 413 by every server of the demo. */
export class BodyTooLarge extends Error {
  constructor() {
    super(`a request body may have ${MAX_BODY_BYTES} bytes`);
    this.name = "BodyTooLarge";
  }
}

export function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, {
    "content-type": "application/json; charset=utf-8",
    "cache-control": "no-store",
  });
  response.end(`${JSON.stringify(body)}\n`);
}

async function answerOrFail(
  name: string,
  handler: RequestHandler,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  try {
    await handler(request, response);
  } catch (error) {
    const tooLarge = error instanceof BodyTooLarge;
    if (!tooLarge) console.error(`${name}: ${request.method} ${request.url?.split("?")[0]} failed:`, error);
    if (response.headersSent) {
      response.destroy();
    } else {
      // The rest of an oversized body is not read, so the connection can't be used again.
      if (tooLarge) response.setHeader("connection", "close");
      sendJson(response, tooLarge ? 413 : 500, { error: tooLarge ? error.message : "the server failed" });
    }
  }
}

async function bindOrFallBack(server: Server, port: number): Promise<number> {
  try {
    return await bind(server, port);
  } catch (error) {
    const taken = (error as NodeJS.ErrnoException).code === "EADDRINUSE";
    if (!taken || port === 0) throw error;
    return await bind(server, 0);
  }
}

function bind(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, LOOPBACK, () => {
      server.off("error", reject);
      const address = server.address();
      if (address === null || typeof address === "string") reject(new Error("the server has no TCP address"));
      else resolve(address.port);
    });
  });
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
