// What has to be there before anything can be set up, because nothing here can install it.

import { run, which } from "../process.mjs";
import { passed, Stop } from "../terminal.mjs";

const oldestNode = 20;

export async function checkHost() {
  const major = Number(process.versions.node.split(".")[0]);
  if (major < oldestNode) {
    throw new Stop(
      `Node ${process.versions.node} is too old: install Node ${oldestNode} or newer, with npm.`,
    );
  }
  if (!which("git")) throw new Stop("git is missing: install it with your system's package manager.");
  if (!which("npm")) throw new Stop(`npm is missing: install Node ${oldestNode} or newer together with npm.`);
  if (!which("cargo") || !which("rustc")) {
    throw new Stop("Rust is missing: install it with rustup (https://rustup.rs), then run this again.");
  }
  if (!which("rustup")) {
    throw new Stop(
      "rustup is missing, and Rust without it can't switch targets: install it (https://rustup.rs).",
    );
  }
  const rustc = await run("rustc", ["--version"], { output: "none" });
  if (!rustc.ok)
    throw new Stop("rustup has no toolchain to use: run `rustup default stable`, then this again.");
  if (process.platform === "linux" && !which("cc")) {
    throw new Stop(
      "A C linker is missing: install gcc or clang (Debian: `apt-get install build-essential`).",
    );
  }
  passed("host", `Node ${process.versions.node}, ${rustc.output.trim().split(" (")[0]}`);
}
