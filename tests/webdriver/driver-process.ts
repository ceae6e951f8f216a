/**
 * A browser's driver (chromedriver, geckodriver, WebKitWebDriver) as a process: started on a port of its own, in a
 * directory of its own for all that it and its browser write, and ended with everything that it has started.
 */

import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A busy machine takes a while to load a browser's libraries for the first time. */
const START_LIMIT_MILLISECONDS = 60_000;

export interface DriverCommand {
  readonly program: string;
  /** Its arguments, where it is to listen on this port of 127.0.0.1. */
  args(port: number): string[];
  readonly env?: Record<string, string>;
}

export interface DriverProcess {
  readonly origin: string;
  /** Where the browser may keep its profile: it is gone when the driver has ended. */
  readonly directory: string;
  /** Ends it and all its descendants, by their own ids. */
  stop(): Promise<void>;
}

export async function startDriver(command: DriverCommand): Promise<DriverProcess> {
  const port = await freePort();
  const directory = mkdtempSync(join(tmpdir(), "edgeward-browser-"));
  const child = spawn(command.program, command.args(port), {
    // Profiles, sockets and caches: none of them beside those of the person who runs the tests.
    env: { ...process.env, TMPDIR: directory, HOME: directory, XDG_RUNTIME_DIR: directory, ...command.env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      said = (said + text).slice(-4_000);
    });
  }
  const ended = new Promise<void>((resolve) => {
    child.once("close", () => resolve());
    child.once("error", (error) => {
      said += error.message;
      resolve();
    });
  });
  const endNow = () => {
    endTree(child);
    rmSync(directory, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  };
  endWithThisProcess(endNow);
  const stop = async (): Promise<void> => {
    process.off("exit", endNow);
    endTree(child);
    await ended;
    endNow();
  };
  const origin = `http://127.0.0.1:${port}`;
  try {
    await isReady(origin, child);
  } catch (error) {
    await stop();
    throw new Error(`${command.program} did not start: ${said.trim()}`, { cause: error });
  }
  return { origin, directory, stop };
}

/** A process that a signal ends tells nobody, unless it is made an end like any other. */
function endWithThisProcess(end: () => void): void {
  process.once("exit", end);
  for (const [signal, number] of [
    ["SIGINT", 2],
    ["SIGTERM", 15],
    ["SIGHUP", 1],
  ] as const)
    if (process.listenerCount(signal) === 0) process.once(signal, () => process.exit(128 + number));
}

/** Not every driver takes 0 for a port and says which it has got. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject).listen(0, "127.0.0.1", resolve);
  });
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string") throw new Error("no port on 127.0.0.1");
  return address.port;
}

/** Asks for its status (W3C WebDriver section 8.3) until it gives one. */
async function isReady(origin: string, child: ChildProcess): Promise<void> {
  const limit = Date.now() + START_LIMIT_MILLISECONDS;
  for (;;) {
    const answer = await fetch(`${origin}/status`).catch(() => undefined);
    if (answer?.ok) return;
    if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null)
      throw new Error("it has ended");
    if (Date.now() > limit) throw new Error("it does not answer");
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

/** Browsers start processes in groups and sessions of their own, so they are found by their parents. */
function endTree(child: ChildProcess): void {
  if (child.pid === undefined) return;
  // First the children: a parent that has gone leaves nobody to find them by.
  for (const pid of [...descendants(child.pid).reverse(), child.pid]) {
    try {
      process.kill(pid, "SIGKILL");
    } catch {
      // it has ended already
    }
  }
}

/** Where there is no /proc (macOS, Windows) the drivers end their browsers themselves. */
function descendants(pid: number): number[] {
  const parents = new Map<number, number>();
  for (const name of processes()) {
    try {
      // "pid (name) state parent …", and the name may hold anything.
      const status = readFileSync(`/proc/${name}/stat`, "utf8");
      parents.set(Number(name), Number(status.slice(status.lastIndexOf(")") + 2).split(" ")[1]));
    } catch {
      // it has ended meanwhile
    }
  }
  const found = [pid];
  // The list grows while it is gone through.
  for (const parent of found) for (const [id, its] of parents) if (its === parent) found.push(id);
  return found.slice(1);
}

function processes(): string[] {
  try {
    return readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  } catch {
    return [];
  }
}
