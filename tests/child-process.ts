/** What a command has said and how it has ended. */
import type { ChildProcess } from "node:child_process";

export interface Outcome {
  status: number | null;
  stdout: string;
  stderr: string;
}

/** Waits until the command has ended. */
export function outcomeOf(child: ChildProcess): Promise<Outcome> {
  const outcome: Outcome = { status: null, stdout: "", stderr: "" };
  for (const stream of ["stdout", "stderr"] as const) {
    child[stream]?.setEncoding("utf8").on("data", (text: string) => {
      outcome[stream] += text;
    });
  }
  return new Promise((resolve) => child.on("close", (status) => resolve({ ...outcome, status })));
}
