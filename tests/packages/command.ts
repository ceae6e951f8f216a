/** Other people's commands: run to their end, or started and stopped, with all that they say. */
import { type ChildProcess, spawn } from "node:child_process";
import { outcomeOf } from "../child-process.ts";

/** Long enough for a cold start on two busy cores. */
const PATIENCE_MILLISECONDS = 180_000;

const environment = {
  ...process.env,
  CI: "true",
  NEXT_TELEMETRY_DISABLED: "1",
  WRANGLER_SEND_METRICS: "false",
  CLOUDFLARE_CF_FETCH_ENABLED: "false",
  NO_COLOR: "1",
};

// A variable that is empty says less than one that is not there.
Reflect.deleteProperty(environment, "FORCE_COLOR");

/** Runs a program of a package by this Node. Gives what it said; throws that where it failed. */
export async function runProgram(
  directory: string,
  [program, ...args]: [string, ...string[]],
): Promise<string> {
  const child = spawn(process.execPath, [program, ...args], { cwd: directory, env: environment });
  const limit = setTimeout(() => child.kill(), PATIENCE_MILLISECONDS);
  const { status, stdout, stderr } = await outcomeOf(child);
  clearTimeout(limit);
  const said = stdout + stderr;
  if (status !== 0) throw new Error(`ended with ${status}:\n${said.trim()}`);
  return said;
}

export interface Server {
  origin: string;
  /** What it has said so far. */
  said(): string;
  stop(): Promise<void>;
}

/** Starts a program of a package that serves, and waits until it says where. */
export async function startServer(
  directory: string,
  [program, ...args]: [string, ...string[]],
): Promise<Server> {
  const child = spawn(process.execPath, [program, ...args], {
    cwd: directory,
    env: environment,
    stdio: ["ignore", "pipe", "pipe"],
    // A group of its own, so that ending it ends what it started too.
    detached: true,
  });
  const endNow = () => end(child);
  process.once("exit", endNow);
  const ended = new Promise((resolve) => child.once("close", resolve));
  let said = "";
  const origin = await new Promise<string>((resolve, reject) => {
    const limit = setTimeout(
      () => reject(new Error(`did not start in time:\n${said}`)),
      PATIENCE_MILLISECONDS,
    );
    void ended.then(() => reject(new Error(`ended early:\n${said}`)));
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text: string) => {
        said += text;
        const url = /http:\/\/(?:localhost|127\.0\.0\.1):(\d+)/.exec(said);
        if (url === null) return;
        clearTimeout(limit);
        resolve(`http://127.0.0.1:${url[1]}`);
      });
    }
  }).catch((error: unknown) => {
    endNow();
    throw error;
  });
  return {
    origin,
    said: () => said,
    async stop() {
      process.off("exit", endNow);
      endNow();
      await ended;
    },
  };
}

function end(child: ChildProcess): void {
  try {
    if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
  } catch {
    // It has ended already.
  }
}

/** Lines in which a bundler warns, but for those that `allowed` names. */
export function warningsIn(said: string, allowed: readonly RegExp[] = []): string[] {
  const isWarning = (line: string) => /warn|deprecat|⚠|\(!\)/i.test(line);
  return said.split("\n").filter((line) => isWarning(line) && !allowed.some((pattern) => pattern.test(line)));
}
