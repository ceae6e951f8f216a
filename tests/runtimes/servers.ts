/** Node, Deno and Bun: each a process that imports the suite by the package's name, and prints what came of it. */

import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { outcomeOf } from "../child-process.ts";
import type { Given } from "./given.ts";
import { type Installed, programs } from "./installed.ts";
import { ENTRIES_OF_SERVERS, type Outcome, type Runtime, rowOf } from "./runtime.ts";
import { type Entry, stage } from "./stage.ts";

/** A run takes seconds; one that hangs must not hold up the others. */
const LIMIT_MILLISECONDS = 120_000;

/** After what the runtime itself may print. */
const MARK = "outcomes:";

const runner = (given: Given): string => `
import { run } from "./suite/run.mjs";
const outcomes = {
${ENTRIES_OF_SERVERS.map((entry) => `  "${entry}": await run(() => import("./suite/${entry}.mjs"), ${JSON.stringify(given)}),`).join("\n")}
};
console.log("${MARK}" + JSON.stringify(outcomes));
`;

interface Command {
  readonly program: keyof Installed;
  readonly args: readonly string[];
  /** Its version's number in what `--version` prints. */
  readonly version: RegExp;
}

function server(name: string, { program, args, version }: Command): Runtime {
  return {
    name,
    async run(given) {
      const path = (await programs())[program];
      const said = await ended(path, ["--version"]);
      const file = join(stage, `${name}.mjs`);
      writeFileSync(file, runner({ ...given, hasNodeCrypto: true }));
      const output = await ended(path, [...args, file]);
      const line = output.split("\n").find((text) => text.startsWith(MARK));
      if (line === undefined)
        throw new Error(`${name} said nothing of the outcomes: ${output.slice(-2_000)}`);
      const outcomes = JSON.parse(line.slice(MARK.length)) as Record<Entry, Outcome[]>;
      const cells = rowOf(ENTRIES_OF_SERVERS, (entry) => ({ outcomes: outcomes[entry] }));
      return { version: said.match(version)?.[1] ?? "?", cells };
    },
  };
}

/** What a command has printed when it has ended. */
async function ended(program: string, args: readonly string[]): Promise<string> {
  const child = spawn(program, args, {
    cwd: stage,
    env: {
      ...process.env,
      NO_COLOR: "1",
      // Nothing is looked up, downloaded or kept outside of target/.
      DENO_DIR: join(stage, "deno"),
      DENO_NO_UPDATE_CHECK: "1",
      BUN_INSTALL: join(stage, "bun"),
      DO_NOT_TRACK: "1",
    },
    stdio: ["ignore", "pipe", "pipe"],
    timeout: LIMIT_MILLISECONDS,
    killSignal: "SIGKILL",
  });
  const endNow = () => child.kill("SIGKILL");
  process.once("exit", endNow);
  const failed = new Promise<never>((_, reject) => child.once("error", reject));
  const { status, stdout, stderr } = await Promise.race([outcomeOf(child), failed]);
  process.off("exit", endNow);
  if (status !== 0) throw new Error(`${program} ended with ${status}: ${(stderr || stdout).slice(-2_000)}`);
  return stdout + stderr;
}

const nodeVersion = /^v(\S+)/m;
const node = (major: 20 | 22 | 24): Runtime =>
  server(`node${major}`, { program: `node${major}`, args: [], version: nodeVersion });

export const servers: Runtime[] = [
  node(20),
  node(22),
  node(24),
  server("deno", {
    program: "deno",
    args: [
      "run",
      "--no-remote",
      "--no-lock",
      "--node-modules-dir=manual",
      "--allow-read=.",
      "--allow-net=127.0.0.1",
    ],
    version: /^deno (\S+)/m,
  }),
  server("bun", { program: "bun", args: ["run", "--no-install"], version: /^(\d\S+)/m }),
];
