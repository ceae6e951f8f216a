/** `npm run test:runtimes`: one suite against the published entries, in every runtime that they are for. */

import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { startMachineServer } from "../verifier/machine-server.ts";
import { browsers } from "./browsers.ts";
import { edgeLight } from "./edge-light.ts";
import { authorizationServer, type Given, makeGiven, serve } from "./given.ts";
import { counts, matrix, type Result } from "./matrix.ts";
import type { Runtime } from "./runtime.ts";
import { servers } from "./servers.ts";
import { makeStage } from "./stage.ts";
import { workers } from "./workerd.ts";

const runtimes: Runtime[] = [...servers, ...workers, edgeLight, ...browsers];
const names = runtimes.map(({ name }) => name);

const help = `npm run test:runtimes -- [--only RUNTIME]… [--json FILE]

Runs the cases of tests/runtimes/suite/ against the built package, imported by its name, in each runtime, and prints a matrix. Ends with
1 where one did not hold, and with 2 where it was not asked properly.

  --only RUNTIME   this one; may be given several times: ${names.join(", ")}
  --json FILE      writes every outcome as JSON as well
  --help           this text`;

async function main(): Promise<number> {
  let options: { only?: string[]; json?: string; help?: boolean };
  try {
    options = parseArgs({
      options: {
        only: { type: "string", multiple: true },
        json: { type: "string" },
        help: { type: "boolean" },
      },
    }).values;
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    return 2;
  }
  if (options.help) {
    console.log(help);
    return 0;
  }
  const unknown = options.only?.find((name) => !names.includes(name));
  if (unknown !== undefined) {
    console.error(`There is no runtime called "${unknown}": ${names.join(", ")}.`);
    return 2;
  }
  makeStage();
  let given: Given | undefined;
  const server = await serve(authorizationServer(() => given));
  const machines = await startMachineServer();
  try {
    given = await makeGiven(server.url, machines);
    const results: Result[] = [];
    // One after another: there may be two cores.
    for (const runtime of runtimes.filter(({ name }) => options.only?.includes(name) ?? true))
      results.push(await resultOf(runtime, given));
    console.log(matrix(results));
    if (options.json !== undefined) writeFileSync(options.json, `${JSON.stringify(results, null, 2)}\n`);
    const { passed, failed } = counts(results);
    console.log(`\n${passed} cases passed, ${failed} failed, in ${results.length} runtimes`);
    return failed === 0 && passed > 0 ? 0 : 1;
  } finally {
    await Promise.all([server.stop(), machines.close()]);
  }
}

async function resultOf(runtime: Runtime, given: Given): Promise<Result> {
  const started = performance.now();
  const took = () => performance.now() - started;
  try {
    const { version, cells } = await runtime.run(given);
    return { runtime: runtime.name, version, cells, milliseconds: took() };
  } catch (error) {
    const told = error instanceof Error ? error.message : String(error);
    return { runtime: runtime.name, version: "", cells: undefined, error: told, milliseconds: took() };
  }
}

// Not `exitCode`: a script in the edge runtime may leave timers behind.
process.exit(await main());
