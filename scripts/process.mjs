// Starting other programs: where they are found, where their output goes, and how they end.

import { spawn } from "node:child_process";
import { accessSync, appendFileSync, constants, mkdirSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = dirname(dirname(fileURLToPath(import.meta.url)));
export const onWindows = process.platform === "win32";

/** Everything the quiet commands print goes here; the end of it is shown when one fails. */
export const logFile = join(root, "target", "setup.log");

const binaries = join(root, "node_modules", ".bin");
const rustup = join(process.env.CARGO_HOME || join(homedir(), ".cargo"), "bin");

/** @param {string[]} [first] directories to look in before any other */
export function searchPath(first = []) {
  const inherited = (process.env.PATH || "").split(delimiter).filter((part) => part && part !== binaries);
  // rustup's directory before the system's: a distribution's `cargo` does not know `RUSTUP_TOOLCHAIN`.
  return [...first, binaries, rustup, ...inherited];
}

/** The search path without this repository's own programs, for what replaces them. */
export function hostPath() {
  return searchPath().filter((part) => !part.startsWith(join(root, "node_modules")));
}

/**
 * @param {string} program
 * @param {string[]} [directories]
 * @returns {string | undefined} its full path
 */
export function which(program, directories = searchPath()) {
  const endings = onWindows ? [".exe", ".cmd", ""] : [""];
  for (const directory of directories) {
    for (const ending of endings) {
      const path = join(directory, program + ending);
      try {
        accessSync(path, constants.X_OK);
        if (statSync(path).isFile()) return path;
      } catch {
        // not here: the next directory
      }
    }
  }
  return undefined;
}

/**
 * @typedef {object} RunOptions
 * @property {string} [cwd]
 * @property {Record<string, string | undefined>} [env] added to this process's environment; `undefined` removes
 * @property {string[]} [path] the whole search path
 * @property {"log" | "show" | "none"} [output] to the log file, to the terminal as well, or only into the result
 * @property {number} [limitSeconds] after which the command and what it started are ended
 *
 * @typedef {object} RunResult
 * @property {boolean} ok
 * @property {number | null} status
 * @property {boolean} timedOut
 * @property {string} output stdout and stderr in the order they came
 * @property {number} milliseconds
 */

/** Commands in process groups of their own. @type {Set<import("node:child_process").ChildProcess>} */
const running = new Set();

/** Commands that have the terminal. @type {Set<import("node:child_process").ChildProcess>} */
const attached = new Set();

/** The exit status once a signal has asked for the end and the last command has followed it. */
let interrupted = 0;

/** @param {import("node:child_process").ChildProcess} child @param {NodeJS.Signals} signal */
function signalGroup(child, signal) {
  if (child.pid === undefined) return;
  try {
    if (onWindows) child.kill(signal);
    else process.kill(-child.pid, signal);
  } catch {
    // it has ended already
  }
}

for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"])) {
  process.on(signal, () => {
    for (const child of running) signalGroup(child, signal);
    // A terminal's Ctrl-C has reached the attached ones by itself.
    if (signal !== "SIGINT" || !process.stdin.isTTY) for (const child of attached) child.kill(signal);
    interrupted = signal === "SIGINT" ? 130 : 143;
    // Nobody to wait for: end here as the signal would have ended us.
    if (running.size === 0 && attached.size === 0) process.exit(interrupted);
  });
}

/**
 * @param {string} command
 * @param {string[]} args
 * @param {RunOptions} [options]
 * @returns {Promise<RunResult>}
 */
export function run(command, args, options = {}) {
  const { cwd = root, env = {}, path = searchPath(), output = "log", limitSeconds } = options;
  /** @type {NodeJS.ProcessEnv} */
  const environment = { ...process.env, ...env, PATH: path.join(delimiter) };
  for (const [name, value] of Object.entries(environment)) if (value === undefined) delete environment[name];
  if (output === "log") {
    mkdirSync(dirname(logFile), { recursive: true });
    appendFileSync(logFile, `\n$ ${[command, ...args].join(" ")}\n`);
  }
  const started = performance.now();
  return new Promise((resolve) => {
    let text = "";
    let timedOut = false;
    const child = spawn(which(command, path) ?? command, args, {
      cwd,
      env: environment,
      stdio: ["ignore", "pipe", "pipe"],
      // A group of its own, so that ending it ends what it started too.
      detached: !onWindows,
      shell: onWindows && command.endsWith(".cmd"),
    });
    running.add(child);
    const take = (/** @type {string} */ chunk, /** @type {NodeJS.WriteStream} */ stream) => {
      text += chunk;
      if (output === "show") stream.write(chunk);
      if (output === "log") appendFileSync(logFile, chunk);
    };
    child.stdout.setEncoding("utf8").on("data", (chunk) => take(chunk, process.stdout));
    child.stderr.setEncoding("utf8").on("data", (chunk) => take(chunk, process.stderr));
    const limit =
      limitSeconds &&
      setTimeout(() => {
        timedOut = true;
        signalGroup(child, "SIGTERM");
        setTimeout(() => signalGroup(child, "SIGKILL"), 5_000).unref();
      }, limitSeconds * 1000);
    const end = (/** @type {number | null} */ status) => {
      clearTimeout(limit);
      running.delete(child);
      if (interrupted && running.size === 0) process.exit(interrupted);
      const milliseconds = performance.now() - started;
      resolve({ ok: status === 0 && !timedOut, status, timedOut, output: text, milliseconds });
    };
    child.on("error", (error) => {
      text += `${error.message}\n`;
      end(null);
    });
    child.on("close", end);
  });
}

/**
 * Hands the terminal to a command until it ends, signals included.
 * @param {string} command
 * @param {string[]} args
 * @param {string} [cwd]
 * @returns {Promise<number>} its exit status
 */
export function attach(command, args, cwd = root) {
  const env = { ...process.env, PATH: searchPath().join(delimiter) };
  const child = spawn(command, args, { cwd, env, stdio: "inherit" });
  attached.add(child);
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (status) => {
      attached.delete(child);
      resolve(status ?? 1);
    });
  });
}

/** @param {string} output @param {number} [count] */
export function lastLines(output, count = 15) {
  return output.trimEnd().split("\n").slice(-count).join("\n");
}
