/** The origin behind the gate of the load: it keeps what arrived for who asks afterwards, by the number that each request carries. */
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";

export const NUMBER_HEADER = "x-load-number";

export interface Arrival {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly bodyBytes: number;
}

export interface Origin {
  readonly origin: string;
  /** What has arrived with that number; it is then forgotten. */
  taken(number: number): readonly Arrival[];
  close(): Promise<void>;
}

/** What the origin answers: an answer that came to the wrong request would be seen by it. */
export const answerTo = (number: number): string => `answer ${number}`;

export async function startOrigin(): Promise<Origin> {
  const arrivals = new Map<number, Arrival[]>();
  const server = createServer((request, response) => {
    let bodyBytes = 0;
    request.on("data", (chunk: Buffer) => {
      bodyBytes += chunk.length;
    });
    request.on("end", () => {
      const { method = "", url = "", headers } = request;
      const number = Number(headers[NUMBER_HEADER]);
      const arrival = { method, url, headers, bodyBytes };
      arrivals.set(number, [...(arrivals.get(number) ?? []), arrival]);
      response.writeHead(200, { "content-type": "text/plain" }).end(answerTo(number));
    });
  });
  // A connection that Node closes in the moment in which workerd uses it again would be an origin that fails.
  server.keepAliveTimeout = 600_000;
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    taken(number) {
      const found = arrivals.get(number) ?? [];
      arrivals.delete(number);
      return found;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
