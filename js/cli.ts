#!/usr/bin/env node
/**
 * The command `edgeward`, for Node.
 *
 * @module
 */
import { readFileSync } from "node:fs";
import { run } from "./cli/command.ts";

const { version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));
process.exitCode = await run(process.argv.slice(2), version);
