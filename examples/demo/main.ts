/**
 * `npm start`: runs the demo until Ctrl-C, or, with `--once`, the walkthrough and nothing else.
 */

import { parseArgs } from "node:util";
import type { ReceivedRequest } from "./api.ts";
import { type Stack, startStack } from "./stack.ts";
import { wantsColour } from "./walkthrough/table.ts";
import { runWalkthrough } from "./walkthrough/walkthrough.ts";
import { welcome } from "./welcome.ts";

const DEFAULT_BASE_PORT = 4000;

const HELP = `Runs edgeward's demo: an authorization server, an API, the gate in front of it, and a page that signs in.

  npm start                    run it until Ctrl-C
  npm start -- --once          run the walkthrough, print its table, exit 0 only if every row came out as expected
  npm start -- --port 5000     use 5000 to 5003 instead of ${DEFAULT_BASE_PORT} to ${DEFAULT_BASE_PORT + 3}
  npm start -- --help          this text
`;

interface CommandLine {
  readonly once: boolean;
  readonly help: boolean;
  readonly basePort: number;
}

try {
  process.exitCode = await main(readCommandLine(process.argv.slice(2)));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}

async function main(commandLine: CommandLine): Promise<number> {
  if (commandLine.help) {
    process.stdout.write(HELP);
    return 0;
  }
  // Asked to stop while still starting: what is up already has to come down as well.
  const interrupted = nextSignal();
  const received: ReceivedRequest[] = [];
  const starting = start(commandLine, received);
  const stack = await Promise.race([starting, interrupted]);
  if (stack === undefined) {
    await (await starting).stop();
    return commandLine.once ? 1 : 0;
  }
  try {
    if (commandLine.once) return (await Promise.race([walk(stack, received), interrupted])) ? 0 : 1;
    console.log(welcome(stack));
    await interrupted;
    console.log("\nStopping.");
    return 0;
  } finally {
    await stack.stop();
  }
}

async function start({ once, basePort }: CommandLine, received: ReceivedRequest[]): Promise<Stack> {
  const startedAt = performance.now();
  const stack = await startStack({
    // The walkthrough never collides with a demo that is already running.
    basePort: once ? 0 : basePort,
    onPortTaken: (name, wanted, got) =>
      console.log(`Port ${wanted} is taken; the ${name} uses ${got} instead.`),
    onProgress: (step) => console.log(`Starting the ${step} …`),
    onApiRequest: (request) => {
      if (once) received.push(request);
    },
  });
  console.log(`Up after ${((performance.now() - startedAt) / 1000).toFixed(1)} s.\n`);
  return stack;
}

async function walk(stack: Stack, received: readonly ReceivedRequest[]): Promise<boolean> {
  const colour = wantsColour(process.stdout, process.env);
  return await runWalkthrough({ stack, received, print: (line) => console.log(line), colour });
}

/**
 * Resolves at the first Ctrl-C or SIGTERM, or when nobody reads the output any more (`npm start | head`).
 * Later ones change nothing: stopping is under way.
 */
function nextSignal(): Promise<undefined> {
  return new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
      process.on(signal, () => resolve(undefined));
    process.stdout.on("error", () => resolve(undefined));
  });
}

function readCommandLine(args: string[]): CommandLine {
  const { values } = parseArgs({
    args,
    options: {
      once: { type: "boolean", default: false },
      help: { type: "boolean", short: "h", default: false },
      port: { type: "string" },
    },
  });
  const basePort = values.port === undefined ? DEFAULT_BASE_PORT : Number(values.port);
  if (!Number.isInteger(basePort) || basePort < 1 || basePort > 65_532) {
    throw new Error(`--port takes a number from 1 to 65532, not "${values.port}"`);
  }
  return { once: values.once, help: values.help, basePort };
}
