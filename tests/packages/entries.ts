/** The entries of the package, what each is asked wherever it is used, and what it has to answer. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";

/** A column of the matrix. `error` is one small thing of an entry, of which the rest has to fall away. */
export const entries = [
  "edgeward",
  "slim",
  "pkce",
  "machine",
  "browser",
  "react",
  "gate",
  "worker",
  "hono",
  "durable-objects",
  "*.wasm",
  "error",
] as const;

export type Entry = (typeof entries)[number];

/** Those that a page can use. */
export const pageEntries = ["edgeward", "slim", "pkce", "browser", "react", "error"] as const;

/** The scripts that ask, in `fixtures/pages/`. */
export const scriptOf = (entry: Entry): string => (entry === "edgeward" ? "verifier" : entry);

/** The module that a page loads for an entry. */
export const loadedModule: Partial<Record<Entry, string>> = {
  edgeward: "verifier_scalar",
  slim: "slim",
  pkce: "pkce",
  browser: "client",
  react: "client",
};

/** The modules that a bundler ships for all of {@link pageEntries}, each once. */
export const shippedModules = [...new Set(Object.values(loadedModule))].sort();

/** What one small thing may weigh, with what a bundler adds to any script. */
const MOST_BYTES_OF_ERROR = 2_000;

const vector = (name: string): string =>
  readFileSync(new URL(`../vectors/${name}`, import.meta.url), "utf8").trim();

const token = vector("example_token.txt");
const claims = JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString());

/** What every script is given. `issuer` is a server's that has metadata. */
export const questionFor = (issuer: string) => ({
  policy: { issuers: [{ issuer: claims.iss, audience: claims.aud }] },
  keySet: JSON.parse(vector("example_key_set.json")),
  token,
  /** A moment at which the token is good, in milliseconds. */
  time: (claims.exp - 1) * 1_000,
  issuer,
});

export type Question = ReturnType<typeof questionFor>;

const verdicts = [claims.sub, "token_expired", "signature_invalid"];
const challenge = `Bearer realm="${claims.aud}"`;

/** What a sign-in asks the authorization server for. */
function expectSignIn(url: string | undefined, issuer: string): void {
  const { origin, pathname, searchParams } = new URL(url ?? "");
  assert.equal(origin + pathname, `${issuer}/authorize`);
  assert.equal(searchParams.get("code_challenge_method"), "S256");
  for (const name of ["state", "nonce", "code_challenge"])
    assert.match(searchParams.get(name) ?? "", /^[\w-]{43}$/);
}

/** Holds an answer against what the entry has to say. */
export const expected: Record<Entry, (answer: unknown, question: Question) => void> = {
  edgeward: (answer) =>
    assert.deepEqual(
      answer,
      verdicts.map((verdict) => [verdict, verdict]),
    ),
  slim: (answer) => assert.deepEqual(answer, verdicts),
  pkce(answer) {
    const pkce = answer as Record<string, string>;
    const { code_verifier = "", code_challenge, code_challenge_method, state, nonce } = pkce;
    assert.equal(code_challenge, createHash("sha256").update(code_verifier).digest("base64url"));
    assert.equal(code_challenge_method, "S256");
    const texts = [code_verifier, state, nonce];
    for (const text of texts) assert.match(text ?? "", /^[\w-]{43}$/);
    assert.equal(new Set(texts).size, 3);
  },
  machine: (answer) => assert.deepEqual(answer, ["token_response_invalid", "(status)"]),
  browser(answer, { issuer }) {
    const [url, ...more] = answer as string[];
    assert.deepEqual(more, []);
    expectSignIn(url, issuer);
  },
  react(answer, { issuer }) {
    const [url, shown] = answer as string[];
    assert.equal(shown, "signed_out", "what the hook gave, and the page shows");
    expectSignIn(url, issuer);
  },
  gate: (answer) => assert.deepEqual(answer, ["respond", 401, challenge]),
  worker: (answer) => assert.deepEqual(answer, [401, challenge]),
  hono: (answer) => assert.deepEqual(answer, [401, 200]),
  "durable-objects": (answer) => assert.deepEqual(answer, ["function", "function", "function"]),
  "*.wasm": (answer) => assert.deepEqual(answer, [true, true]),
  error: (answer) => assert.equal(answer, "token_expired"),
};

/** Holds what a bundler has made of one small thing against how large it may be. */
export function expectSmall(script: string): void {
  assert.ok(script.length <= MOST_BYTES_OF_ERROR, `${script.length} characters for one class of errors`);
  assert.doesNotMatch(script, /WebAssembly|\.wasm/);
}
