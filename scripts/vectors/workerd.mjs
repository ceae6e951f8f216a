// A workerd with the judge as its Worker, on a port of its own choice, ended with this process at the latest.

import { spawn } from "node:child_process";
import { copyFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { built } from "./build.mjs";

/** A cold start compiles the module; on a busy machine that takes a while. */
const startLimitMilliseconds = 60_000;

/** @returns {Promise<{ origin: string, stop: () => Promise<void> }>} */
export async function startWorkerd() {
  for (const name of ["worker.mjs", "rows.mjs", "workerd.capnp"])
    copyFileSync(fileURLToPath(new URL(name, import.meta.url)), join(built, name));
  // What it listens on comes out of descriptor 3, one event in each line; what goes wrong is shown as it is.
  const child = spawn(binary(), ["serve", "workerd.capnp", "--control-fd=3"], {
    cwd: built,
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
    return { origin: `http://127.0.0.1:${await port(child)}`, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** wrangler brings it, so it is found from there. @returns {string} */
function binary() {
  const wrangler = createRequire(createRequire(import.meta.url).resolve("wrangler/package.json"));
  return wrangler("workerd").default;
}

/** @param {import("node:child_process").ChildProcess} child @returns {Promise<number>} */
function port(child) {
  return new Promise((resolve, reject) => {
    const limit = setTimeout(
      () => reject(new Error("workerd did not start in time")),
      startLimitMilliseconds,
    );
    child.once("error", reject);
    child.once("close", (status) => reject(new Error(`workerd ended with ${status}`)));
    const events = /** @type {import("node:stream").Readable} */ (child.stdio[3]);
    createInterface({ input: events }).on("line", (line) => {
      const event = JSON.parse(line);
      if (event.event !== "listen" || event.socket !== "http") return;
      clearTimeout(limit);
      resolve(event.port);
    });
  });
}
