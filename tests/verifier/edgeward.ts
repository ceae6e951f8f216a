/** The command `edgeward`, called as a person would, with files of its own. */
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after } from "node:test";
import { fileURLToPath } from "node:url";
import { type Outcome, outcomeOf } from "../child-process.ts";

export const repository = fileURLToPath(new URL("../../", import.meta.url));
export const directory = mkdtempSync(join(tmpdir(), "edgeward-check-"));
after(() => rmSync(directory, { recursive: true }));

/** Writes a file, and says what it is called in the directory in which the command runs. */
export function write(name: string, content: object | string | Uint8Array): string {
  const isText = typeof content === "string" || content instanceof Uint8Array;
  writeFileSync(join(directory, name), isText ? content : JSON.stringify(content));
  return name;
}

/** What the command gets besides its arguments. */
interface Surroundings {
  /** The file that is run. */
  program?: string;
  input?: string;
  /** Has the input go on until the command closes it. */
  isEndless?: boolean;
  env?: NodeJS.ProcessEnv;
}

export function edgeward(args: string[], surroundings: Surroundings = {}): Promise<Outcome> {
  const { program = "js/cli.ts", input = "", isEndless = false, env = {} } = surroundings;
  const command = ["--disable-warning=ExperimentalWarning", join(repository, program), ...args];
  const child = spawn(process.execPath, command, { cwd: directory, env: { ...process.env, ...env } });
  const outcome = outcomeOf(child);
  const block = " ".repeat(65_536);
  const goOn = (): void => {
    if (child.stdin.writable) child.stdin.write(block, goOn);
  };
  // The command closes it when it has read enough.
  child.stdin.on("error", () => child.stdin.destroy());
  child.stdin.write(input);
  if (isEndless) goOn();
  else child.stdin.end();
  return outcome;
}
