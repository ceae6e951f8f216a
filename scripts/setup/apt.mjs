// Debian's and Ubuntu's packages, where this process may install them.

import { readFileSync } from "node:fs";
import { run, which } from "../process.mjs";
import { Stop } from "../terminal.mjs";

/** @typedef {(command: string, args: string[], env?: Record<string, string>) => Promise<import("../process.mjs").RunResult>} AsRoot */

/** @returns {Promise<AsRoot | undefined>} how to run a command as root without asking anybody */
export async function asRoot() {
  if (process.getuid?.() === 0) return (command, args, env) => run(command, args, { env });
  if (!which("sudo") || !(await run("sudo", ["-n", "true"], { output: "none" })).ok) return undefined;
  return (command, args, env = {}) => {
    const assignments = Object.entries(env).map(([name, value]) => `${name}=${value}`);
    return run("sudo", ["-n", "env", ...assignments, command, ...args]);
  };
}

/** Whether this is a Debian or something built on it, whose packages have Debian's names. */
export function isDebianLike() {
  if (process.platform !== "linux" || !which("apt-get")) return false;
  try {
    return /^ID(_LIKE)?=.*\b(debian|ubuntu)\b/m.test(readFileSync("/etc/os-release", "utf8"));
  } catch {
    return false;
  }
}

/**
 * One apt call for all of them; the package lists are fetched only where they don't answer.
 * @param {string[]} packages
 * @param {string} purpose what stays impossible without them, for the sentence where it can't be done
 */
export async function installPackages(packages, purpose) {
  const root = await asRoot();
  const list = packages.join(" ");
  if (!root)
    throw new Stop(
      `${purpose} needs Debian packages and root: run \`sudo apt-get install ${list}\`, then this again.`,
    );
  const install = () =>
    root("apt-get", ["install", "--yes", "--no-install-recommends", ...packages], {
      DEBIAN_FRONTEND: "noninteractive",
    });
  const first = await install();
  if (first.ok) return;
  const update = await root("apt-get", ["update"]);
  const second = await install();
  if (second.ok) return;
  const why = (update.ok ? second : update).output.match(/^E: .*$/m)?.[0] ?? "apt-get failed";
  throw new Stop(`${purpose} needs the Debian packages ${list}, which could not be installed (${why}).`);
}
