/** `edgeward check`: what it prints and what it ends with. */
import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { directory, edgeward, repository, write } from "./edgeward.ts";
import { changed, fullPolicy } from "./policies.ts";

const issuers = [{ issuer: "https://login.example", audience: "https://api.example" }];
const upstream = { origin: "https://origin.example" };
const good = { issuers, routes: [{ path: "/data", scope: "data:read" }], upstream };
const doubtful = { ...good, explain: true };
const bad = { issuers: [], routes: [{ path: "data", scope: '"' }], upstream, realms: "hunter2" };
const mostBytes = 4 * 1024 * 1024;

const json = (stdout: string): { files: { file: string; ok: boolean; [member: string]: unknown }[] } =>
  JSON.parse(stdout);

test("a good policy is counted, and the command ends with 0", async () => {
  const { status, stdout, stderr } = await edgeward(["check", write("good.json", good)]);
  assert.deepEqual([status, stdout, stderr], [0, "✓ good.json: 1 issuer, 1 route\n", ""]);
});

test("every problem of a bad policy is on a line of its own, and no value is shown", async () => {
  const { status, stdout } = await edgeward(["check", write("bad.json", bad)]);
  assert.equal(status, 1);
  const [first, ...lines] = stdout.trimEnd().split("\n");
  assert.equal(first, "✗ bad.json");
  const places = lines.map((line) => /^ {2}(\S+): \S/.exec(line)?.[1]);
  assert.deepEqual(places.sort(), ["issuers", "realms", "routes[0].path", "routes[0].scope"]);
  assert.ok(!stdout.includes("hunter2"));
});

test("what is not JSON is refused with its line and column; what is not UTF-8 by name", async () => {
  const broken = await edgeward(["check", write("broken.json", '{\n  "issuers": [,]\n}')]);
  assert.equal(broken.status, 1);
  assert.match(broken.stdout, /^✗ broken\.json\n {2}\(document\): .*\(line 2, column 15\)\n$/);
  const latin = Uint8Array.from([0x7b, 0xe9, 0x7d]);
  const { status, stdout } = await edgeward(["check", write("latin.json", latin)]);
  assert.deepEqual([status, stdout], [1, "✗ latin.json\n  (document): is not UTF-8\n"]);
  const marked = await edgeward(["check", write("marked.json", `\ufeff${JSON.stringify(good)}`)]);
  assert.match(marked.stdout, /^✗ marked\.json\n {2}\(document\): .*\(line 1, column 1\)\n$/);
});

test("several files are each checked, whatever came of the others", async () => {
  const files = [write("bad.json", bad), write("good.json", good)];
  const { status, stdout } = await edgeward(["check", ...files]);
  assert.equal(status, 1);
  assert.match(stdout, /^✗ bad\.json\n( {2}.*\n)+✓ good\.json: 1 issuer, 1 route\n$/);
  const unreadable = await edgeward(["check", "absent.json", ...files]);
  assert.equal(unreadable.status, 2);
  assert.match(
    unreadable.stdout,
    /^✗ absent\.json\n {2}\(file\): can't be read: ENOENT[^\n]*\n✗ bad\.json\n/,
  );
  assert.match(unreadable.stdout, /✓ good\.json/);
});

test('"-" is standard input', async () => {
  const { status, stdout } = await edgeward(["check", "-"], { input: JSON.stringify(good) });
  assert.deepEqual([status, stdout], [0, "✓ (standard input): 1 issuer, 1 route\n"]);
  assert.equal((await edgeward(["check", "-"], { input: "{" })).status, 1);
});

test("--verifier checks the policy of createVerifier, and without it that is none of a gate's", async () => {
  const ofVerifier = write("verifier.json", { $schema: "x", issuers, token_cache: false });
  const { status, stdout } = await edgeward(["check", "--verifier", ofVerifier]);
  assert.deepEqual([status, stdout], [0, "✓ verifier.json: 1 issuer\n"]);
  assert.equal((await edgeward(["check", ofVerifier])).status, 1);
  const gates = await edgeward(["check", "--verifier", write("good.json", good)]);
  assert.equal(gates.status, 1);
  assert.match(gates.stdout, /^ {2}routes: is not known/m);
});

test("--guard checks the policy of createGuard: it needs no upstream, and what it says of one is checked all the same", async () => {
  const { upstream: _, ...ofGuard } = good;
  const file = write("guard.json", ofGuard);
  const { status, stdout } = await edgeward(["check", "--guard", file]);
  assert.deepEqual([status, stdout], [0, "✓ guard.json: 1 issuer, 1 route\n"]);
  assert.equal((await edgeward(["check", file])).status, 1);
  assert.equal((await edgeward(["check", "--guard", write("good.json", good)])).status, 0);
  const bad = write("bad-guard.json", { ...ofGuard, upstream: { origin: "ftp://o" }, routes: [] });
  const refused = await edgeward(["check", "--guard", bad]);
  assert.equal(refused.status, 1);
  assert.match(refused.stdout, /^ {2}upstream\.origin: must/m);
  assert.match(refused.stdout, /^ {2}routes: must hold/m);
  const verifiers = await edgeward(["check", "--guard", write("verifier.json", { issuers })]);
  assert.match(verifiers.stdout, /^ {2}routes: is missing/m);
  assert.equal((await edgeward(["check", "--guard", "--verifier", file])).status, 2);
});

test("warnings name what is doubtful and change the status with --strict alone", async () => {
  const policy = {
    issuers: [
      { ...issuers[0], clock_tolerance_seconds: 61 },
      { issuer: "https://b.example", audience: "b" },
      {
        issuer: "https://c.example/{tenantid}",
        tenants: "any",
        audience: "c",
        jwks_uri: "https://c.example/keys",
      },
    ],
    routes: [
      { path: "/*", public: true },
      { path: "/a", scope: " " },
      { path: "/b", scope: "b" },
      { path: "/c/*", public: true },
      { path: "/d", roles: "a" },
      { path: "/e", issuer: "https://b.example" },
      { path: "/f", any_of: [{ max_age: 0 }] },
      { path: "/g", max_age: 0 },
    ],
    upstream,
    explain: true,
    mtls: { certificates: "any" },
    server_timing: true,
    allow_insecure_loopback: true,
  };
  const expected = [
    "issuers[0].clock_tolerance_seconds",
    "issuers[2].tenants",
    "routes[0].public",
    "routes[1].scope",
    "routes[5].scope",
    "explain",
    "server_timing",
    "mtls.certificates",
    "allow_insecure_loopback",
  ];
  const file = write("doubtful.json", policy);
  const { status, stdout } = await edgeward(["check", file]);
  assert.equal(status, 0);
  const lines = stdout.trimEnd().split("\n");
  assert.equal(lines[0], "✓ doubtful.json: 3 issuers, 8 routes");
  assert.deepEqual(
    lines.slice(1).map((line) => /^ {2}warning (\S+): \S/.exec(line)?.[1]),
    expected,
  );
  const strict = await edgeward(["check", "--strict", file]);
  assert.equal(strict.status, 1);
  assert.match(strict.stdout, /^✗ doubtful\.json: 3 issuers, 8 routes\n {2}warning issuers/);
  assert.equal((await edgeward(["check", "--strict", write("good.json", good)])).status, 0);
  const usual = changed("issuers[0].clock_tolerance_seconds", null);
  assert.equal(
    (await edgeward(["check", "--strict", write("usual.json", { ...usual, allow_insecure_loopback: false })]))
      .status,
    0,
  );
});

test("--json prints one object that says the same", async () => {
  const files = [write("bad.json", bad), write("doubtful.json", doubtful), "absent.json"];
  const { status, stdout } = await edgeward(["check", "--json", ...files]);
  assert.equal(status, 2);
  const report = json(stdout).files;
  assert.deepEqual(
    report.map(({ file, ok }) => [file, ok]),
    [
      ["bad.json", false],
      ["doubtful.json", true],
      ["absent.json", false],
    ],
  );
  const problems = report.map((file) => file.problems as { path: string; problem: string }[]);
  assert.deepEqual(problems[0]?.map(({ path }) => path).sort(), [
    ...["issuers", "realms", "routes[0].path", "routes[0].scope"],
  ]);
  assert.deepEqual(problems[1], []);
  assert.equal(problems[2]?.[0]?.path, "(file)");
  assert.deepEqual(
    report.map(({ warnings }) => (warnings as { path: string }[]).map(({ path }) => path)),
    [[], ["explain"], []],
  );
  const strict = await edgeward(["check", "--json", "--strict", "doubtful.json"]);
  assert.deepEqual([strict.status, json(strict.stdout).files[0]?.ok], [1, false]);
});

test("the secrets it needs are named; what may be a secret itself is not shown", async () => {
  const named = await edgeward(["check", write("full.json", fullPolicy)]);
  assert.equal(named.status, 0);
  assert.match(named.stdout, /^ {2}needs the secrets: INTROSPECTION_SECRET, NONCE_SECRET, TOKEN_SECRET$/m);
  for (const place of [
    "issuers[0].introspection.client_secret_binding",
    "upstream.token.client_secret_binding",
  ]) {
    const misplaced = changed(place, "hunter2-Pa55word");
    for (const flags of [[], ["--json"]]) {
      const { status, stdout } = await edgeward(["check", ...flags, write("misplaced.json", misplaced)]);
      assert.equal(status, 0);
      assert.ok(!stdout.includes("hunter2"), stdout);
      assert.ok(stdout.includes(`the one named at ${place}`), stdout);
    }
  }
});

test("no more is read than a policy may have, of a file and of an input that never ends", async () => {
  const text = JSON.stringify(good);
  const largest = write("largest.json", text + " ".repeat(mostBytes - text.length));
  assert.equal((await edgeward(["check", largest])).status, 0);
  const larger = write("larger.json", text + " ".repeat(mostBytes + 1 - text.length));
  for (const [file, isEndless] of [
    [larger, false],
    ["-", true],
  ] as const) {
    const { status, stdout } = await edgeward(["check", file], { isEndless });
    assert.equal(status, 2, file);
    assert.match(stdout, /^ {2}\(file\): is too large: a policy has at most 4194304 bytes$/m);
  }
});

test("what can't be read ends with 2", async () => {
  mkdirSync(join(directory, "folder"), { recursive: true });
  for (const file of ["absent.json", "folder"]) {
    const { status, stdout, stderr } = await edgeward(["check", file]);
    assert.deepEqual([status, stderr], [2, ""], file);
    assert.match(stdout, /^✗ \S+\n {2}\(file\): can't be read: E[A-Z]+: [a-z ]+\n$/);
  }
});

test("names can't move the terminal's cursor or turn a line around", async () => {
  const policy = { ...good, "a\u001b[2J\u009b\u202eb": 1 };
  const { stdout } = await edgeward(["check", write("name\u001b[1m.json", policy)]);
  assert.ok(stdout.startsWith("✗ name\\u001b[1m.json\n"), JSON.stringify(stdout));
  assert.match(stdout, /\\u009b\\u202eb/);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there
  assert.doesNotMatch(stdout.replaceAll("\n", ""), /[\u0000-\u001f\u007f-\u009f\u202a-\u202e]/);
  const { stdout: printed } = await edgeward(["check", "--json", write("name.json", policy)]);
  assert.doesNotMatch(printed, /[\u007f-\u009f\u202a-\u202e]/);
  assert.match(JSON.stringify(json(printed).files[0]?.problems), /\u202e/);
});

test("misuse shows the usage where errors go, and ends with 2", async () => {
  for (const args of [[], ["chek"], ["check"], ["check", "--fast", "x"], ["check", "-", "-"]]) {
    const { status, stdout, stderr } = await edgeward(args);
    assert.deepEqual([status, stdout], [2, ""], args.join(" "));
    assert.match(stderr, /^edgeward: \S.*\n\nedgeward check \[--guard/);
  }
});

test("what docs/command.md shows is what is printed", async () => {
  const shown = readFileSync(join(repository, "docs/command.md"), "utf8");
  const [, ofBad, ofGood] = /```text\n(✗ [\s\S]*?)```[\s\S]*?```text\n(✓ [\s\S]*?)```/.exec(shown) ?? [];
  const [issuer] = fullPolicy.issuers;
  const introspection = { client_id: "gate", client_secret_binding: "INTROSPECTION_SECRET" };
  const routes = [{ path: "/data", scope: "data:read" }, { path: "/whoami" }];
  const taken = { issuers: [{ ...issuers[0], introspection }], routes, upstream };
  assert.equal((await edgeward(["check", write("policy.json", taken)])).stdout, ofGood);
  const refused = {
    issuers: [{ issuer: issuer?.issuer, audiense: "https://api.example" }],
    routes: [routes[0], { path: "whoami" }],
    upstream,
  };
  const { stdout } = await edgeward(["check", write("policy.json", refused)]);
  assert.equal(stdout, ofBad);
});
