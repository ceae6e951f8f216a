/**
 * The command line of `edgeward explain`.
 *
 * @module
 */
import { parseArgs } from "node:util";
import { type DocumentRequest, fetchDocument } from "../documents.ts";
import { EdgewardError } from "../errors.ts";
import type { DocumentNeed } from "../needs.ts";
import { GatePolicy } from "../wasm/gate-node.ts";
import { type Documents, decide, type Question } from "./explain.ts";
import { explanationAsJson, explanationAsText } from "./explain-report.ts";
import { explanationOf } from "./explanation.ts";
import { Misuse } from "./misuse.ts";
import { plain } from "./plain.ts";
import { readBounded } from "./read.ts";

export const explainUsage = `edgeward explain --policy FILE --request "GET /x" [--token -] [OPTION...]

Has the core decide about one request, and prints what it compared with what.

  --policy FILE         the policy of a gate or a guard
  --request "GET /x"    method and path
  --token -             takes the token from standard input; there is no other way, see below
  --key-set FILE        the issuer's keys (a JWK set); else they are fetched from where the policy says
  --introspection FILE  what the issuer says of the token (RFC 7662); explain never asks
  --at TIME             the moment that counts: seconds since the epoch, or 2026-01-31T12:00:00Z
  --json                prints one JSON object

Tokens on a command line are seen by other users of the machine and kept in the shell's history.
Nothing that is printed holds the token or its signature; claims are printed.

Exit status: 0 allowed, 1 refused, 2 misuse, or a document is missing that the decision hangs on.`;

/** Carries it out. @returns the exit status */
export async function runExplain(args: string[]): Promise<number> {
  const { values, positionals } = parse(args);
  if (values.help) {
    process.stdout.write(`${explainUsage}\n`);
    return 0;
  }
  // Whatever stands here may be a token, so it is not shown.
  if (positionals.length > 0)
    throw new Misuse("explain takes options alone; a token comes from standard input (--token -)");
  const { policy: file, request, token, json } = values;
  if (file === undefined || request === undefined) throw new Misuse("explain needs --policy and --request");
  if (token !== undefined && token !== "-") {
    throw new Misuse(
      'the token is taken from standard input alone ("--token -"): command lines are seen by other users of the machine, and kept in shell histories',
    );
  }
  const most = GatePolicy.maxBytes();
  if ([file, token, values["key-set"], values.introspection].filter((name) => name === "-").length > 1) {
    throw new Misuse("standard input can be read once");
  }
  const question: Question = {
    policy: await readBounded(file, most, "a policy"),
    ...requestOf(request),
    token: token === undefined ? undefined : tokenOf(await readBounded("-", most, "a token")),
    at: values.at === undefined ? Math.floor(Date.now() / 1000) : momentOf(values.at),
  };
  try {
    const decided = await decide(question, documentsOf(values["key-set"], values.introspection));
    const explanation = explanationOf(question, decided);
    const print = json ? explanationAsJson : explanationAsText;
    // Without the query, in which somebody may have written a token.
    const asked = [question.method, question.path].join(" ");
    process.stdout.write(`${print(asked, explanation)}\n`);
    return { allowed: 0, refused: 1, undecided: 2 }[explanation.outcome];
  } catch (error) {
    if (!(error instanceof EdgewardError) || error.code !== "policy_invalid") throw error;
    const problems = error.problems.map(({ path, problem }) => `  ${plain(`${path}: ${problem}`)}\n`);
    process.stderr.write(`edgeward: the policy is not valid; see edgeward check\n${problems.join("")}`);
    return 2;
  }
}

function parse(args: string[]) {
  const text = { type: "string" } as const;
  const flag = { type: "boolean", default: false } as const;
  const options = {
    ...{ policy: text, request: text, token: text, "key-set": text, introspection: text, at: text },
    ...{ json: flag, help: { ...flag, short: "h" } },
  };
  try {
    return parseArgs({ args, options, allowPositionals: true });
  } catch {
    // The reason quotes what was given, and somebody may have given a token.
    throw new Misuse("explain does not know one of the options, or it lacks its value");
  }
}

function requestOf(request: string): Pick<Question, "method" | "path" | "query"> {
  const [, method, path, query] = /^([A-Za-z]+) (\/[^?#\s]*)(?:\?([^#\s]*))?$/.exec(request) ?? [];
  if (method === undefined || path === undefined)
    throw new Misuse('--request is a method and a path, like "GET /data"');
  return { method, path, query: query ?? "" };
}

function tokenOf(text: string): string {
  const token = text.trim();
  if (token === "") throw new Misuse("there is no token on standard input");
  if (/\s/.test(token))
    throw new Misuse("standard input holds more than one token; give the token alone, without its scheme");
  return token;
}

function momentOf(text: string): number {
  const seconds = /^\d+$/.test(text) ? Number(text) : Math.floor(Date.parse(text) / 1000);
  if (!Number.isSafeInteger(seconds) || seconds < 0) {
    throw new Misuse("--at is a time: seconds since the epoch, or 2026-01-31T12:00:00Z");
  }
  return seconds;
}

function documentsOf(keySet: string | undefined, introspection: string | undefined): Documents {
  return {
    isGiven: keySet !== undefined,
    async keys(need) {
      return keySet === undefined
        ? await fetched(need)
        : await readBounded(keySet, need.max_bytes, "a key set");
    },
    async introspection({ max_bytes }) {
      return introspection === undefined ? null : await readBounded(introspection, max_bytes, "an answer");
    },
  };
}

async function fetched(need: DocumentNeed & DocumentRequest): Promise<string | null> {
  process.stderr.write(`fetching ${plain(need.url)}\n`);
  const document = await fetchDocument(need, fetch);
  if (document?.status === 200) return document.text;
  process.stderr.write(`  can't be had${document === undefined ? "" : `: status ${document.status}`}\n`);
  return null;
}
