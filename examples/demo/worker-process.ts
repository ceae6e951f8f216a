/**
 * A Worker in real workerd, started with wrangler's own command, and stopped with everything it started.
 */

import { type ChildProcess, spawn } from "node:child_process";
import { rmSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { LOOPBACK, reservePort } from "./loopback-server.ts";
import { collectOutput } from "./process-output.ts";

export interface WorkerOptions {
  readonly port: number;
  /** Its configuration file, from the root of the repository. */
  readonly config: string;
  /** Variables and secrets: they stand in for those of the configuration file. */
  readonly variables: Readonly<Record<string, string>>;
  /** The directory of what its bindings store, for who starts it again. Default: one that goes when it is stopped. */
  readonly state?: string;
}

export interface Worker {
  readonly origin: string;
  /** What wrangler and the Worker printed so far: the last lines of it. */
  output(): string;
  /** Resolves as soon as what they printed matches. */
  untilOutput(pattern: RegExp): Promise<void>;
  stop(): Promise<void>;
}

const REPOSITORY = fileURLToPath(new URL("../../", import.meta.url));

/** A cold start compiles the Worker and its wasm; on a busy machine that takes a while. */
const START_TIMEOUT_MS = 60_000;
const PROBE_INTERVAL_MS = 100;
/** How long wrangler may take to leave by itself before it is made to. */
const STOP_TIMEOUT_MS = 5_000;

export async function startWorker({ port, config, variables, state }: WorkerOptions): Promise<Worker> {
  const directory = await mkdtemp(join(tmpdir(), "edgeward-worker-"));
  const removeDirectory = () => rm(directory, { recursive: true, force: true });
  try {
    const envFile = join(directory, "worker.env");
    await writeFile(envFile, toEnvFile(variables), { mode: 0o600 });

    const inspectorPort = await reservePort("inspector", 0);
    const child = spawnWrangler(config, port, inspectorPort, envFile, directory, state);
    const output = collectOutput(child);
    const stop = async () => {
      await endProcessGroup(child);
      await removeDirectory();
    };
    const origin = `http://${LOOPBACK}:${port}`;
    try {
      await untilReady(child, origin);
    } catch (error) {
      await stop();
      throw new Error(`the Worker did not start: ${(error as Error).message}\n${output.text()}`);
    }
    return { origin, output: output.text, untilOutput: output.until, stop };
  } catch (error) {
    await removeDirectory();
    throw error;
  }
}

function spawnWrangler(
  config: string,
  port: number,
  inspectorPort: number,
  envFile: string,
  directory: string,
  state = join(directory, "state"),
): ChildProcess {
  const wrangler = join(
    dirname(createRequire(import.meta.url).resolve("wrangler/package.json")),
    "bin/wrangler.js",
  );
  const flags = {
    config,
    ip: LOOPBACK,
    port,
    "inspector-port": inspectorPort,
    "env-file": envFile,
    "persist-to": state,
    "show-interactive-dev-session": false,
  };
  const child = spawn(
    process.execPath,
    [wrangler, "dev", "--local", ...Object.entries(flags).map(([name, value]) => `--${name}=${value}`)],
    {
      cwd: REPOSITORY,
      // Its own process group: wrangler starts workerd and esbuild, and all of them have to go together.
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
      env: {
        ...process.env,
        // Quiet and offline: no questions, no statistics, no look-up of what country this is.
        CI: "true",
        WRANGLER_SEND_METRICS: "false",
        CLOUDFLARE_CF_FETCH_ENABLED: "false",
        WRANGLER_LOG_PATH: join(directory, "logs"),
      },
    },
  );
  // Whatever way this process ends, neither the Worker nor its secrets on disk outlives it.
  const endNow = () => {
    signalGroup(child, "SIGKILL");
    rmSync(directory, { recursive: true, force: true });
  };
  process.once("exit", endNow);
  child.once("exit", () => process.off("exit", endNow));
  return child;
}

/**
 * dotenv's single quotes take everything literally except a single quote, and wrangler expands `$` in
 * values. JSON can write both characters as escapes; a secret that has one would need another file format.
 */
function toEnvFile(variables: Record<string, string>): string {
  return Object.entries(variables)
    .map(([name, value]) => `${name}='${value.replaceAll("'", "\\u0027").replaceAll("$", "\\u0024")}'\n`)
    .join("");
}

/** Ready means: it answers. Any answer will do, so this works for every policy. */
async function untilReady(child: ChildProcess, origin: string): Promise<void> {
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (Date.now() < deadline) {
    if (child.exitCode !== null || child.signalCode !== null) {
      throw new Error(`wrangler ended with ${child.exitCode ?? child.signalCode}`);
    }
    try {
      const response = await fetch(`${origin}/health`, { signal: AbortSignal.timeout(5_000) });
      await response.arrayBuffer();
      return;
    } catch {
      await delay(PROBE_INTERVAL_MS);
    }
  }
  throw new Error(`no answer on ${origin} within ${START_TIMEOUT_MS / 1000} s`);
}

async function endProcessGroup(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) {
    const ended = new Promise<void>((resolve) => {
      child.once("exit", () => resolve());
    });
    signalGroup(child, "SIGTERM");
    const timeout = new AbortController();
    await Promise.race([
      ended,
      delay(STOP_TIMEOUT_MS, undefined, { signal: timeout.signal }).catch(() => undefined),
    ]);
    timeout.abort();
  }
  // wrangler has left, or won't: in both cases nothing of its group may stay behind.
  signalGroup(child, "SIGKILL");
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}
