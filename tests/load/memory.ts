/** What a process holds of the machine's memory, and when that counts as flat. */
import { execFile } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { promisify } from "node:util";

/** The child of this process with that name; `ps` says it on Linux and on macOS alike. */
export async function childCalled(name: string): Promise<number> {
  for (const line of await processes("pid=,ppid=,comm=")) {
    const [pid, parent, ...command] = line.trim().split(/\s+/);
    if (Number(parent) === process.pid && command.join(" ").endsWith(name)) return Number(pid);
  }
  throw new Error(`this process has no child called ${name}`);
}

/** Resident memory in KiB: of Linux from `/proc`, which costs no process, else from `ps`. */
export async function residentKibibytes(pid: number): Promise<number> {
  if (process.platform === "linux") {
    const status = readFileSync(`/proc/${pid}/status`, "utf8");
    return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? Number.NaN);
  }
  const { stdout } = await promisify(execFile)("ps", ["-o", "rss=", "-p", String(pid)]);
  return Number(stdout.trim());
}

async function processes(columns: string): Promise<string[]> {
  if (process.platform !== "linux") {
    const { stdout } = await promisify(execFile)("ps", ["-A", "-o", columns]);
    return stdout.split("\n");
  }
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        const [, command = "", parent = ""] =
          /\((.*)\) \S (\d+)/s.exec(readFileSync(`/proc/${pid}/stat`, "utf8")) ?? [];
        return [`${pid} ${parent} ${command}`];
      } catch {
        return []; // It has ended meanwhile.
      }
    });
}

/** How much more the last third may hold than the first. */
export const GROWTH_PERCENT = 10;
/** Fewer samples than this after the warm-up say nothing. */
export const LEAST_SAMPLES = 60;

export interface Memory {
  /** Medians of the first and the last third of the samples, in KiB. */
  readonly first: number;
  readonly last: number;
  readonly most: number;
  readonly verdict: "flat" | "grows" | "too short to say";
}

/**
 * Flat: the median of the last third of the samples is not more than `GROWTH_PERCENT` above that of the first. Medians, because a collector
 * of garbage makes saw-teeth; thirds, because what grows without end is then seen twice over.
 */
export function judged(samples: readonly number[]): Memory {
  const third = Math.floor(samples.length / 3);
  const first = median(samples.slice(0, third));
  const last = median(samples.slice(samples.length - third));
  const most = samples.reduce((one, other) => Math.max(one, other), 0);
  if (samples.length < LEAST_SAMPLES) return { first, last, most, verdict: "too short to say" };
  return { first, last, most, verdict: last <= first * (1 + GROWTH_PERCENT / 100) ? "flat" : "grows" };
}

function median(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? Number.NaN;
}

/** The samples as a line of blocks, from nothing up to the most: what grows is seen to grow. */
export function plotted(samples: readonly number[], width = 60): string {
  const blocks = "▁▂▃▄▅▆▇█";
  const most = samples.reduce((one, other) => Math.max(one, other), 1);
  const columns = Math.min(width, samples.length);
  return Array.from({ length: columns }, (_, column) => {
    const from = Math.floor((column * samples.length) / columns);
    const part = samples.slice(from, Math.floor(((column + 1) * samples.length) / columns));
    return blocks[Math.min(blocks.length - 1, Math.floor((median(part) / most) * blocks.length))];
  }).join("");
}
