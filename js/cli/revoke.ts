/**
 * `edgeward revoke`: writes to a gate's deny list by the route that its policy has for it.
 *
 * @module
 */
import { parseArgs } from "node:util";
import { readText } from "../documents.ts";
import { Misuse } from "./misuse.ts";
import { plain } from "./plain.ts";
import { readBounded, Unreadable } from "./read.ts";

export const revokeUsage = `edgeward revoke --deny-list URL WHAT [--iss ISSUER] [--issued-before WHEN] [--expires-at WHEN] [--json]

Has a gate refuse tokens before they expire. URL is the gate's route with "deny_list": true; the access token that it demands is in the
environment variable EDGEWARD_ACCESS_TOKEN.

WHAT is one of
  --jti ID            one token, by its identifier
  --token FILE        one token, by itself; - is standard input. It is not sent, only its jti, iss and exp
  --sub SUBJECT       all tokens of a user or client that were issued until now, or before --issued-before. Now is
                      the gate's clock: where the issuer's may be ahead of it, say when
  --sid SESSION       all tokens of a session
  --issued-before WHEN alone: all tokens of the issuer that were issued before
  --list              shows the list
  --remove ID         takes an entry out again, by its id

WHEN is seconds since the epoch, a date such as 2026-11-22T10:00:00Z, or now. --iss is needed where the policy has several issuers.

Exit status: 0 done, 1 the gate has not done it, 2 misuse or a file that can't be read.`;

/** No token is longer. */
const maxTokenBytes = 16 * 1024;
const maxAnswerBytes = 8 * 1024 * 1024;
const timeoutMilliseconds = 10_000;

interface Asked {
  readonly method: "GET" | "POST" | "DELETE";
  readonly url: string;
  readonly body?: string;
}

/** Carries it out and gives the exit status. */
export async function revoke(args: string[]): Promise<number> {
  const values = parse(args);
  if (values.help) return print(revokeUsage);
  const asked = await requestFor(values);
  const token = process.env.EDGEWARD_ACCESS_TOKEN ?? "";
  if (token === "")
    throw new Misuse("EDGEWARD_ACCESS_TOKEN is not set: the access token for the gate's route");
  const { status, text } = await send(asked, token);
  if (values.json && text !== "") print(plain(text));
  if (status >= 200 && status < 300) return values.json ? 0 : print(done(asked, text));
  const { detail, problems, title } = parsed(text);
  const told =
    problems?.map(({ path, problem }) => `${path}: ${problem}`).join("; ") ?? detail ?? title ?? "";
  return fail(status === 0 ? text : `the gate answered ${status}${told === "" ? "" : `: ${told}`}`);
}

function parse(args: string[]) {
  const text = { type: "string" } as const;
  const off = { type: "boolean", default: false } as const;
  const options = {
    "deny-list": text,
    jti: text,
    sub: text,
    sid: text,
    token: text,
    iss: text,
    "issued-before": text,
    "expires-at": text,
    remove: text,
    list: off,
    json: off,
    help: { ...off, short: "h" },
  };
  try {
    return parseArgs({ args, options, allowPositionals: false }).values;
  } catch {
    // What Node says quotes the arguments, and a token could be among them.
    throw new Misuse("there is an option or an argument that revoke does not know");
  }
}

async function requestFor(values: ReturnType<typeof parse>): Promise<Asked> {
  const { list, remove, token } = values;
  const url = placeOf(values["deny-list"]);
  const claims = ["jti", "sub", "sid"] as const;
  const named = [...claims, "token" as const].filter((name) => values[name] !== undefined);
  const whats = named.length + (list ? 1 : 0) + (remove === undefined ? 0 : 1);
  if (whats > 1) throw new Misuse("one of --jti, --token, --sub, --sid, --list and --remove at a time");
  if (list) return { method: "GET", url };
  if (remove !== undefined) return { method: "DELETE", url: `${url}?id=${encodeURIComponent(remove)}` };
  const issued_before = momentOf("--issued-before", values["issued-before"]);
  if (whats === 0 && issued_before === undefined) throw new Misuse("nothing to revoke");
  const entry: Record<string, unknown> = token === undefined ? {} : await identify(token);
  for (const claim of claims) if (values[claim] !== undefined) entry[claim] = values[claim];
  if (values.iss !== undefined) entry.iss = values.iss;
  if (issued_before !== undefined) entry.issued_before = issued_before;
  const expires_at = momentOf("--expires-at", values["expires-at"]);
  if (expires_at !== undefined) entry.expires_at = expires_at;
  return { method: "POST", url, body: JSON.stringify(entry) };
}

/** The route's URL. The access token goes there, so not without TLS. */
function placeOf(text: string | undefined): string {
  if (text === undefined) throw new Misuse("--deny-list URL is missing");
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isLoopback = ["127.0.0.1", "[::1]", "localhost"].includes(url?.hostname ?? "");
  if (url?.protocol !== "https:" && !(url?.protocol === "http:" && isLoopback)) {
    throw new Misuse("--deny-list must be an https URL; http is for 127.0.0.1, [::1] and localhost");
  }
  if (url.search !== "" || url.hash !== "" || url.username !== "") {
    throw new Misuse("--deny-list must be a URL without query, fragment and user");
  }
  return url.href;
}

function momentOf(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const milliseconds =
    text === "now" ? Date.now() : /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text);
  if (!Number.isSafeInteger(Math.floor(milliseconds))) {
    throw new Misuse(
      `${option} must be seconds since the epoch, a date such as 2026-11-22T10:00:00Z, or now`,
    );
  }
  return Math.ceil(milliseconds / 1000);
}

/**
 * What a token is known by. Nothing of it is believed: whoever may revoke tokens may name any.
 *
 * @throws Misuse, Unreadable
 */
async function identify(file: string): Promise<Record<string, unknown>> {
  if (file.length > 100 && file.split(".").length === 3) {
    throw new Misuse("--token takes a file, or - for standard input; others can see a command line");
  }
  const token = (await readBounded(file, maxTokenBytes, "a token")).trim().replace(/^(?:Bearer|DPoP) +/i, "");
  let claims: unknown;
  try {
    claims = JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString("utf8"));
  } catch {
    throw new Unreadable(
      "the token is no JWT; revoke an opaque token at its authorization server (RFC 7009)",
    );
  }
  const { jti, iss, exp } = (claims ?? {}) as Record<string, unknown>;
  if (typeof jti !== "string")
    throw new Unreadable("the token has no jti; revoke by --sub or --issued-before");
  // Beyond its end nobody takes it, whatever the clocks say.
  const isOver = typeof exp === "number" && exp * 1000 < Date.now();
  if (isOver) throw new Unreadable("the token has expired by itself");
  return {
    jti,
    ...(typeof iss === "string" ? { iss } : {}),
    ...(typeof exp === "number" ? { expires_at: Math.ceil(exp) + 600 } : {}),
  };
}

async function send({ method, url, body }: Asked, token: string): Promise<{ status: number; text: string }> {
  try {
    const response = await fetch(url, {
      method,
      headers: { authorization: `Bearer ${token}` },
      redirect: "manual",
      signal: AbortSignal.timeout(timeoutMilliseconds),
      ...(body === undefined ? {} : { body }),
    });
    const text = response.body === null ? "" : await readText(response.body, maxAnswerBytes);
    return text === undefined
      ? { status: 0, text: "the answer is too large" }
      : { status: response.status, text };
  } catch (error) {
    const isTimeout = error instanceof Error && error.name === "TimeoutError";
    return {
      status: 0,
      text: isTimeout ? "the gate did not answer in 10 seconds" : "the gate can't be reached",
    };
  }
}

interface Answer {
  detail?: string;
  title?: string;
  problems?: { path: string; problem: string }[];
  entries?: Entry[];
}

interface Entry {
  id: string;
  iss: string;
  expires_at: number;
  issued_before?: number;
  jti?: string;
  sub?: string;
  sid?: string;
}

function parsed(text: string): Answer {
  try {
    return (JSON.parse(text) ?? {}) as Answer;
  } catch {
    return {};
  }
}

function done({ method }: Asked, text: string): string {
  if (method === "DELETE")
    return "✓ taken out; every gate takes such tokens again once its copy of the list is due";
  if (method === "POST") {
    const entry = parsed(text) as unknown as Entry;
    return `✓ revoked: ${lineOf(entry)}\n  every gate refuses them once its copy of the list is due (refresh_seconds)`;
  }
  const entries = parsed(text).entries ?? [];
  return entries.length === 0 ? "the deny list is empty" : entries.map(lineOf).join("\n");
}

function lineOf({ id, iss, expires_at, issued_before, ...claim }: Entry): string {
  const [name] = (["jti", "sub", "sid"] as const).filter((name) => claim[name] !== undefined);
  const named = name === undefined ? "all tokens" : `${name} ${claim[name]}`;
  const date = (seconds: number) => new Date(seconds * 1000).toISOString().replace(".000Z", "Z");
  const before = issued_before === undefined ? "" : ` issued before ${date(issued_before)}`;
  return plain(`${id}  ${named} of ${iss}${before}, until ${date(expires_at)}`);
}

function print(text: string): 0 {
  process.stdout.write(`${text}\n`);
  return 0;
}

function fail(reason: string): 1 {
  process.stderr.write(`edgeward: ${plain(reason)}\n`);
  return 1;
}
