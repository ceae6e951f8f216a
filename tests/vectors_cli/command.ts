/** `npm run vectors`, called as a person would, with files of its own to judge. */

import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after } from "node:test";
import { fileURLToPath } from "node:url";
import { type Outcome, outcomeOf } from "../child-process.ts";

export const repository = fileURLToPath(new URL("../../", import.meta.url));
export const directory = mkdtempSync(join(tmpdir(), "edgeward-vectors-"));
after(() => rmSync(directory, { recursive: true }));

export interface Disagreement {
  id: string;
  line: number;
  expected: string;
  problem: string;
  judged: { engine: string; runtime: string; verdict: string; code: string | null }[];
}

export const vectors = (...args: string[]): Promise<Outcome> => run(args, {});

export function run(
  args: string[],
  { env = process.env, cwd = "." }: { env?: NodeJS.ProcessEnv; cwd?: string },
) {
  const command = [join(repository, "scripts", "vectors.mjs"), "--no-setup", ...args];
  const child = spawn(process.execPath, command, { stdio: ["ignore", "pipe", "pipe"], env, cwd });
  return outcomeOf(child);
}

export function write(name: string, content: string | Uint8Array): string {
  const file = join(directory, name);
  writeFileSync(file, content);
  return file;
}

export const lines = (name: string): string[] =>
  readFileSync(join(repository, "tests", "vectors", name), "utf8")
    .trim()
    .split("\n");
export const disagreements = ({ stdout }: Outcome): Disagreement[] =>
  stdout
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Disagreement);

export const quick = ["--engine", "rustcrypto", "--runtime", "node"];
