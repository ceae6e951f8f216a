// A workerd on ports of its own choice, ended with this process at the latest. wrangler brings it and the bundler, so both are found
// from there.

import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { createInterface } from "node:readline";

/** A cold start compiles the modules; on a busy machine that takes a while. */
const startLimitMilliseconds = 60_000;

/** @param {string} name a package of wrangler's own @returns {any} */
export function ofWrangler(name) {
  return createRequire(createRequire(import.meta.url).resolve("wrangler/package.json"))(name);
}

/**
 * Starts it and waits until every socket listens.
 * @param {string} directory
 * @param {string} configuration a file in it
 * @param {string[]} sockets their names in the configuration
 * @param {string[]} [args]
 * @returns {Promise<{ origins: Map<string, string>, stop: () => Promise<void> }>} origins by the names of the sockets
 */
export async function startWorkerd(directory, configuration, sockets, args = []) {
  // What it listens on comes out of descriptor 3, one event in each line; what goes wrong is shown as it is.
  const child = spawn(ofWrangler("workerd").default, ["serve", configuration, "--control-fd=3", ...args], {
    cwd: directory,
    stdio: ["ignore", "ignore", "inherit", "pipe"],
  });
  const ended = new Promise((resolve) => child.once("close", resolve));
  const endNow = () => child.kill("SIGKILL");
  process.once("exit", endNow);
  const stop = async () => {
    process.off("exit", endNow);
    child.kill();
    await ended;
  };
  try {
    return { origins: await listening(child, sockets), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** @param {import("node:child_process").ChildProcess} child @param {string[]} sockets @returns {Promise<Map<string, string>>} */
function listening(child, sockets) {
  return new Promise((resolve, reject) => {
    const limit = setTimeout(
      () => reject(new Error("workerd did not start in time")),
      startLimitMilliseconds,
    );
    child.once("error", reject);
    child.once("close", (status) => reject(new Error(`workerd ended with ${status}`)));
    /** @type {Map<string, string>} */
    const origins = new Map();
    const events = /** @type {import("node:stream").Readable} */ (child.stdio[3]);
    createInterface({ input: events }).on("line", (line) => {
      const event = JSON.parse(line);
      if (event.event !== "listen") return;
      origins.set(event.socket, `http://127.0.0.1:${event.port}`);
      if (!sockets.every((name) => origins.has(name))) return;
      clearTimeout(limit);
      resolve(origins);
    });
  });
}
