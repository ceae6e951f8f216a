/**
 * Who keeps the refresh token: a worker, where the page's scripts can't read it, or the page itself where there is none. Every POST to the
 * authorization server goes through the holder, which knows the token by a handle.
 *
 * @module
 */
import { type HolderAnswer, type HolderRequest, postForm } from "./form-post.ts";
import { startWorker } from "./trusted-worker.ts";

export interface TokenHolder {
  /** Nothing where the server can't be reached, is too slow, redirects, or sends too much. */
  post(request: HolderRequest): Promise<HolderAnswer | undefined>;
  /** Whether other tabs of the application have the same holder, so that handles are good there, too. */
  readonly isShared: boolean;
}

/** The page as its own holder: handles are the tokens themselves. */
export const pageHolder: TokenHolder = { post: postForm, isShared: false };

/** Where the worker's script is; `false` has the page keep the refresh token. */
export type WorkerSource = URL | false;

/**
 * Starts the worker: one for all tabs where the browser has shared ones, else one of this tab's own, else none. `milliseconds` is how long one
 * may take.
 */
export async function startHolder(
  source: WorkerSource | undefined,
  milliseconds: number,
): Promise<TokenHolder> {
  if (source === false) return pageHolder;
  // Both written out, because bundlers look for just these words.
  const findShared = () =>
    new SharedWorker(new URL("./holder-worker.js", import.meta.url), { type: "module", name: "edgeward" });
  const findOwn = () =>
    new Worker(new URL("./holder-worker.js", import.meta.url), { type: "module", name: "edgeward" });
  const shared = await answering(() => startWorker("SharedWorker", source, findShared), milliseconds);
  if (shared) return workerHolder(shared, true);
  const own = await answering(() => startWorker("Worker", source, findOwn), milliseconds);
  return own ? workerHolder(own, false) : pageHolder;
}

/** What a worker is spoken to through: its port, or itself. */
interface Port {
  postMessage(message: unknown, transfer: Transferable[]): void;
}

/** A worker that has answered once: with it blocked or not found, there would be no answer ever. */
async function answering(
  start: () => Worker | SharedWorker,
  milliseconds: number,
): Promise<Port | undefined> {
  try {
    const worker = start();
    const port = "port" in worker ? worker.port : worker;
    const failed = new Promise<undefined>((resolve) => {
      worker.addEventListener("error", () => resolve(undefined), { once: true });
    });
    return (await Promise.race([ask<"ping">(port, "ping", milliseconds), failed])) && port;
  } catch {
    // No such workers, or a policy of the page's forbids them.
    return undefined;
  }
}

/** Asks a worker; nothing where it does not answer in time. */
function ask<Answer>(port: Port, message: unknown, milliseconds: number): Promise<Answer | undefined> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    const end = (answer: Answer | undefined) => {
      clearTimeout(timer);
      port1.close();
      resolve(answer);
    };
    const timer = setTimeout(() => end(undefined), milliseconds);
    port1.onmessage = ({ data }: MessageEvent<Answer | undefined>) => end(data);
    port.postMessage(message, [port2]);
  });
}

function workerHolder(port: Port, isShared: boolean): TokenHolder {
  // The worker has a bound of its own; it may have been ended meanwhile.
  const post = (request: HolderRequest) =>
    ask<HolderAnswer>(port, request, request.timeout_milliseconds + 1_000);
  return { post, isShared };
}
