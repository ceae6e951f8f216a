/**
 * The command line: which command, with which options, and what it ends with.
 *
 * @module
 */
import { parseArgs } from "node:util";
import { type Checked, check, type PolicyKind } from "./check.ts";
import { explainUsage, runExplain } from "./explain-command.ts";
import { Misuse } from "./misuse.ts";
import { readPolicy, Unreadable } from "./read.ts";
import { asJson, asText, type FileReport } from "./report.ts";
import { revoke, revokeUsage } from "./revoke.ts";

const checkUsage = `edgeward check [--guard | --verifier] [--strict] [--json] FILE...

Checks policies by the core that enforces them. FILE is a JSON document; - is standard input.

  --guard     takes each for the policy of createGuard, which needs no upstream
  --verifier  takes each for the policy of createVerifier, and not for a gate's
  --strict    has a warning make the policy bad
  --json      prints one JSON object
  --help      shows this
  --version   shows which version this is

Exit status: 0 all are good, 1 some policy is bad, 2 misuse or a file that can't be read.`;

const usage = `${checkUsage}

${explainUsage}

${revokeUsage}`;

/**
 * Carries a command line out.
 *
 * @returns the exit status
 */
export async function run(args: string[], version: string): Promise<number> {
  try {
    if (args[0] === "explain") return await runExplain(args.slice(1));
    if (args[0] === "revoke") return await revoke(args.slice(1));
    const { values, positionals } = parse(args);
    const [command, ...files] = positionals;
    if (values.help || command === "help") return print(usage);
    if (values.version) return print(version);
    if (command !== "check") {
      throw new Misuse(command === undefined ? "no command" : "there is no such command");
    }
    if (files.length === 0) throw new Misuse("no file to check");
    if (files.filter((file) => file === "-").length > 1) throw new Misuse("standard input can be read once");
    if (values.guard && values.verifier) throw new Misuse("--guard and --verifier are two kinds of policy");
    const kind = values.guard ? "guard" : values.verifier ? "verifier" : "gate";
    const reports: FileReport[] = [];
    for (const file of files) reports.push(await reportOn(file, kind, values.strict));
    print(values.json ? asJson(reports) : asText(reports));
    if (reports.some(({ isUnreadable }) => isUnreadable)) return 2;
    return reports.every(({ ok }) => ok) ? 0 : 1;
  } catch (error) {
    if (error instanceof Unreadable) {
      process.stderr.write(`edgeward: ${error.message}\n`);
      return 2;
    }
    if (!(error instanceof Misuse)) throw error;
    process.stderr.write(`edgeward: ${error.message}\n\n${usage}\n`);
    return 2;
  }
}

function parse(args: string[]) {
  const off = { type: "boolean", default: false } as const;
  const options = {
    guard: off,
    verifier: off,
    strict: off,
    json: off,
    help: { ...off, short: "h" },
    version: { ...off, short: "v" },
  };
  try {
    return parseArgs({ args, options, allowPositionals: true });
  } catch (error) {
    throw new Misuse(error instanceof Error ? error.message : String(error));
  }
}

async function reportOn(file: string, kind: PolicyKind, isStrict: boolean): Promise<FileReport> {
  const [checked, isUnreadable] = await checkFile(file, kind);
  const isBad = checked.problems.length > 0 || (isStrict && checked.warnings.length > 0);
  return { file, ok: !isBad, isUnreadable, ...checked };
}

async function checkFile(file: string, kind: PolicyKind): Promise<[Checked, isUnreadable: boolean]> {
  try {
    return [check(await readPolicy(file), kind), false];
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    const problems = [{ path: "(file)", problem: error.message }];
    return [{ problems, warnings: [], secrets: [], counted: "" }, true];
  }
}

function print(text: string): number {
  process.stdout.write(`${text}\n`);
  return 0;
}
