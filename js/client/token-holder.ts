/**
 * Who keeps the refresh token: a worker, where the page's scripts can't read it, or the page itself where there is none. Every POST to the
 * authorization server goes through the holder, which knows the token by a handle.
 *
 * @module
 */
import { type HolderAnswer, type HolderRequest, postForm } from "./form-post.ts";
import { withTrustedAddress } from "./trusted-worker.ts";

export interface TokenHolder {
  /** Nothing where the server can't be reached, is too slow, redirects, or sends too much. */
  post(request: HolderRequest): Promise<HolderAnswer | undefined>;
  /** Whether other tabs of the application have the same holder, so that handles are good there, too. */
  readonly isShared: boolean;
  /** Whether the page's scripts can't read what it keeps. */
  readonly isApart: boolean;
}

/** The page as its own holder: handles are the tokens themselves. */
export const pageHolder: TokenHolder = { post: postForm, isShared: false, isApart: false };

/** Where the worker's script is; `false` has the page keep the refresh token. */
export type WorkerSource = URL | false;

/**
 * Starts the worker: one for all tabs where the browser has shared ones, else one of this tab's own, else none. `milliseconds` is how long one
 * may take.
 */
export async function startHolder(
  source: WorkerSource | undefined,
  name: string,
  milliseconds: number,
): Promise<TokenHolder> {
  if (source === false) return pageHolder;
  const options = { type: "module", name } as const;
  const shared = await answering(() => {
    // Written out, because bundlers look for just these words.
    const worker = withTrustedAddress("SharedWorker", () =>
      source === undefined
        ? new SharedWorker(new URL("./holder-worker.js", import.meta.url), {
            type: "module",
            name: "edgeward",
          })
        : new SharedWorker(source, options),
    );
    worker.port.start();
    return { port: worker.port, events: worker };
  }, milliseconds);
  if (shared) return workerHolder(shared, true);
  const own = await answering(() => {
    const worker = withTrustedAddress("Worker", () =>
      source === undefined
        ? new Worker(new URL("./holder-worker.js", import.meta.url), { type: "module", name: "edgeward" })
        : new Worker(source, options),
    );
    return { port: worker, events: worker };
  }, milliseconds);
  return own ? workerHolder(own, false) : pageHolder;
}

/** What a worker is spoken to through: its port, or itself. */
interface Port {
  postMessage(message: unknown, transfer: Transferable[]): void;
}

/** A worker that has answered once: with it blocked or not found, there would be no answer ever. */
function answering(
  start: () => { port: Port; events: EventTarget },
  milliseconds: number,
): Promise<Port | undefined> {
  return new Promise((resolve) => {
    try {
      const { port, events } = start();
      const { port1, port2 } = new MessageChannel();
      const end = (holder: Port | undefined) => {
        clearTimeout(timer);
        port1.close();
        resolve(holder);
      };
      const timer = setTimeout(() => end(undefined), milliseconds);
      events.addEventListener("error", () => end(undefined), { once: true });
      port1.onmessage = () => end(port);
      port.postMessage("ping", [port2]);
    } catch {
      // No such workers, or a policy of the page's forbids them.
      resolve(undefined);
    }
  });
}

function workerHolder(port: Port, isShared: boolean): TokenHolder {
  const post = (request: HolderRequest) =>
    new Promise<HolderAnswer | undefined>((resolve) => {
      const { port1, port2 } = new MessageChannel();
      const end = (answer: HolderAnswer | undefined) => {
        clearTimeout(timer);
        port1.close();
        resolve(answer);
      };
      // The worker has a bound of its own; it may have been ended meanwhile.
      const timer = setTimeout(() => end(undefined), request.timeout_milliseconds + 1_000);
      port1.onmessage = ({ data }: MessageEvent<HolderAnswer | undefined>) => end(data);
      port.postMessage(request, [port2]);
    });
  return { post, isShared, isApart: true };
}
