// What a figure belongs to: the machine, and the versions of everything that was measured.

import { readFileSync } from "node:fs";
import { cpus, loadavg, release, totalmem } from "node:os";
import { join } from "node:path";
import { root } from "../process.mjs";

/** Runnable processes, over 1, 5 and 15 minutes. */
export const loadAverage = () =>
  loadavg()
    .map((value) => value.toFixed(1))
    .join(", ");

const packages = [
  ...["jose", "hono", "@tsndr/cloudflare-worker-jwt", "aws-jwt-verify", "fast-jwt"],
  ...["workerd", "autocannon"],
];

/** @param {string} directory */
const versionIn = (directory) => JSON.parse(readFileSync(join(directory, "package.json"), "utf8")).version;

export function machine() {
  const processors = cpus();
  const versions = packages.map((name) => [name, versionIn(join(root, "node_modules", name))]);
  return {
    processor: `${processors[0]?.model.trim() ?? "unknown"}, ${processors.length} of them`,
    memory: `${Math.round(totalmem() / 2 ** 30)} GiB`,
    system: `${process.platform} ${release()} ${process.arch}`,
    versions: [
      ["edgeward", versionIn(root)],
      ["Node", process.versions.node],
      ["V8 of Node", process.versions.v8],
      ["OpenSSL of Node", process.versions.openssl],
      ...versions,
    ],
  };
}

/** @typedef {ReturnType<typeof machine> & { date: string, rounds: number, busyBefore: string }} About */
