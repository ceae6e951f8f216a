/** The last lines that a child process printed, to show when it fails and to wait for. */

import type { ChildProcess } from "node:child_process";
import { stripVTControlCharacters } from "node:util";

const LINES = 200;
/** What a process says about a request comes after the answer, a moment later. */
const WAIT_MS = 10_000;

export interface ProcessOutput {
  text(): string;
  /** Resolves as soon as what was printed matches; rejects with all of it when that doesn't come. */
  until(pattern: RegExp): Promise<void>;
}

export function collectOutput(child: ChildProcess): ProcessOutput {
  let lines: string[] = [];
  const text = () => lines.join("\n");
  const watchers = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding("utf8").on("data", (chunk: string) => {
      const printed = stripVTControlCharacters(chunk).split("\n");
      lines = [...lines, ...printed.filter((line) => line.trim() !== "")].slice(-LINES);
      for (const watcher of watchers) watcher();
    });
  }
  return {
    text,
    until: (pattern) =>
      new Promise((resolve, reject) => {
        const end = (settle: () => void) => {
          clearTimeout(timeout);
          watchers.delete(look);
          settle();
        };
        const look = () => {
          if (pattern.test(text())) end(resolve);
        };
        const timeout = setTimeout(() => {
          end(() => reject(new Error(`nothing printed matches ${pattern}:\n${text()}`)));
        }, WAIT_MS);
        watchers.add(look);
        look();
      }),
  };
}
