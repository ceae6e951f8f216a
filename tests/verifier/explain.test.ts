/** `edgeward explain`: the core's own decision, with what was compared with what, and never the token. */
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { API_AUDIENCE } from "../../examples/demo/resources.ts";
import { createGuard, type GuardPolicy } from "../../js/gate-node.ts";
import { startIssuer } from "../conformance/issuer.ts";
import { edgeward, write } from "./edgeward.ts";
import { ISSUER, makeSigner, type Signer, spoilt } from "./tokens.ts";

const policy: GuardPolicy = {
  issuers: [
    {
      issuer: ISSUER,
      audience: API_AUDIENCE,
      algorithms: ["ES256", "RS256"],
      jwks_uri: `${ISSUER}/jwks`,
      introspection: { client_id: "gate", client_secret_binding: "SECRET_BINDING" },
    },
  ],
  routes: [
    { path: "/health", public: true },
    { path: "/data", methods: ["GET"], scope: "data:read" },
    { path: "/admin", scope: "admin" },
    {
      path: "/staff",
      any_of: [{ roles: "clerk" }, { claims: [{ path: "env.name", equals: "production" }] }],
    },
    { path: "/recent", acr_values: "gold", max_age: 60 },
    { path: "/fresh", introspection: true, scope: "data:read" },
  ],
};
let signer: Signer;
let token: string;

before(async () => {
  signer = await makeSigner();
  token = await signer.token("ES256");
  write("policy.json", policy);
  write("keys.json", signer.keySet);
});

interface Json {
  outcome: string;
  code: string;
  status?: number;
  change?: string;
  checks: { check: string; outcome: string; is_unverified: boolean; comparisons: { what: string }[] }[];
}

const offline = ["explain", "--policy", "policy.json", "--key-set", "keys.json", "--token", "-"];
const ask = (request: string, input: string, ...more: string[]) =>
  edgeward([...offline, "--request", request, ...more], { input });
async function json(request: string, input: string, ...more: string[]): Promise<[number | null, Json]> {
  const { status, stdout } = await ask(request, input, "--json", ...more);
  return [status, JSON.parse(stdout)];
}

test("an allowed request: each check has passed, with what was compared", async () => {
  const [status, { outcome, code, checks, change }] = await json("GET /data", token);
  assert.deepEqual([status, outcome, code, change], [0, "allowed", "token_verified", undefined]);
  const names = [
    "route",
    "credentials",
    "form",
    "issuer",
    "keys",
    "signature",
    "claims",
    "demands",
    "possession",
  ];
  assert.deepEqual(
    checks.map(({ check, outcome, is_unverified }) => [check, outcome, is_unverified]),
    names.map((name) => [name, "passed", false]),
  );
  const { stdout } = await ask("GET /data", token);
  assert.match(stdout, /^✓ GET \/data is allowed: token_verified\n/);
  assert.match(stdout, /aud: "https:\/\/api.demo.example" {2}<> {2}policy: "https:\/\/api.demo.example"/);
  assert.match(stdout, /routes\[1\]\.scope: ".*data:read.*" {2}<> {2}"data:read"/);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the escape that starts a colour must not be there
  assert.doesNotMatch(stdout, /\u001b|UNVERIFIED/, "nobody is looking at a pipe");
  assert.equal((await json("GET /health", token))[1].code, "public_route");
});

test("a refused request: the core's own decision, at the check that refused, and what would help", async () => {
  const other = await makeSigner("https://other.example");
  const foreign = await (await makeSigner()).token("ES256");
  const now = Math.floor(Date.now() / 1000);
  const rows: [request: string, token: string, code: string, check: string, isVerified: boolean][] = [
    ["GET /nowhere", token, "route_unknown", "route", false],
    ["POST /data", token, "method_not_allowed", "route", false],
    ["GET /a//b", token, "path_ambiguous", "route", false],
    ["GET /data?access_token=x", token, "credentials_malformed", "credentials", false],
    ["GET /data", "no.token.atall", "token_malformed", "form", false],
    ["GET /data", await other.token("ES256"), "issuer_unknown", "issuer", false],
    ["GET /data", await signer.token("PS256"), "algorithm_not_allowed", "keys", false],
    ["GET /data", spoilt(token), "signature_invalid", "signature", false],
    ["GET /data", foreign, "signature_invalid", "signature", false],
    [
      "GET /data",
      await signer.token("ES256", { aud: "https://x.example" }),
      "audience_mismatch",
      "claims",
      true,
    ],
    ["GET /data", await signer.token("RS256", { exp: now - 100 }), "token_expired", "claims", true],
    [
      "GET /data",
      await signer.token("ES256", { cnf: { jkt: "a" } }),
      "proof_of_possession_missing",
      "claims",
      true,
    ],
    ["GET /data", await signer.token("ES256", { scope: "x" }), "scope_missing", "demands", true],
    ["GET /staff", token, "rights_missing", "demands", true],
    ["GET /recent", token, "authentication_insufficient", "demands", true],
  ];
  const guard = createGuard(policy, {
    secrets: { SECRET_BINDING: "s" },
    fetch: () => Promise.resolve(Response.json(signer.keySet)),
  });
  for (const [request, sent, code, check, isVerified] of rows) {
    const [status, explained] = await json(request, sent);
    const about = `${request} ${code}`;
    assert.deepEqual([status, explained.outcome, explained.code], [1, "refused", code], about);
    const at = explained.checks.findIndex(({ outcome }) => outcome === "refused");
    assert.equal(explained.checks[at]?.check, check, about);
    assert.ok(
      explained.checks.slice(0, at).every(({ outcome }) => outcome === "passed"),
      about,
    );
    const after = explained.checks.slice(at + 1);
    assert.ok(
      after.every(({ outcome, comparisons }) => outcome === "not_reached" && comparisons.length === 0),
      about,
    );
    const isUnverified = explained.checks.some(({ is_unverified }) => is_unverified);
    assert.equal(isUnverified, !isVerified && at > 1, about);
    assert.ok((explained.change ?? "").length > 20, about);
    const [method = "", path = ""] = request.split(" ");
    const headers = { authorization: `Bearer ${sent}` };
    const decision = await guard.authorize(new Request(`https://api.example${path}`, { method, headers }));
    // A URL is made plain before a guard sees it.
    if (code !== "path_ambiguous") assert.equal(decision.outcome === "respond" && decision.code, code, about);
  }
  const [, { code }] = await json("GET /data", token, "--at", String(now + 100_000));
  assert.equal(code, "token_expired", "at another moment");
});

test("a bound token is explained up to the proof that explain does not send", async () => {
  const dpop = { replay: "memory", origin: "https://api.example", nonce_secret_binding: "NONCES" } as const;
  write("dpop.json", { ...policy, dpop });
  const bound = await signer.token("ES256", { cnf: { jkt: "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU" } });
  const [status, { code, checks }] = await json("GET /data", bound, "--policy", "dpop.json");
  assert.deepEqual([status, code], [1, "proof_of_possession_missing"]);
  assert.deepEqual(checks.at(-1)?.check, "possession");
  assert.ok(checks.slice(0, -1).every(({ outcome }) => outcome === "passed"));
  assert.equal((await json("GET /data", token, "--policy", "dpop.json"))[0], 0);
  const routes = [{ path: "/data", sender_constraint: "mtls" }];
  write("mtls.json", { ...policy, routes, mtls: {} });
  const [, unbound] = await json("GET /data", token, "--policy", "mtls.json");
  assert.ok(
    unbound.checks
      .find(({ outcome }) => outcome === "refused")
      ?.comparisons[0]?.what.endsWith("sender_constraint"),
  );
  const certified = await signer.token("ES256", {
    cnf: { "x5t#S256": "A4DtL2JmUMhAsvJj5tKyn64SqzmuXbMrJa0n761y5v0" },
  });
  const [, other] = await json("GET /data", certified, "--policy", "mtls.json");
  assert.deepEqual(other.checks.at(-1), { ...other.checks.at(-1), check: "possession", outcome: "refused" });
});

test("attack 35: no piece of the token is printed, and claims can't move the cursor", async () => {
  const hostile = await signer.token("ES256", { aud: "\u001b[2J\r\n✓ allowed\u202e", scope: "x" });
  for (const sent of [token, spoilt(token), hostile]) {
    for (const more of [[], ["--json"]]) {
      const { stdout, stderr } = await ask("GET /data", `${sent}\n`, ...more);
      for (const segment of sent.split("."))
        for (let at = 0; at + 16 <= segment.length; at += 1)
          assert.ok(!(stdout + stderr).includes(segment.slice(at, at + 16)));
      // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must not be there
      assert.doesNotMatch(stdout, /\u001b|\r|\u202e/);
    }
  }
  const query = await ask("GET /data?access_token=SECRET-token", token);
  assert.doesNotMatch(query.stdout + query.stderr, /SECRET/);
});

test("a token on the command line is refused, and not shown again", async () => {
  const common = ["explain", "--policy", "policy.json", "--request", "GET /data"];
  for (const given of [
    ["--token", token],
    [`--token=${token}`],
    [token],
    ["--token", "-", token],
    [`--${token}`],
  ]) {
    const { status, stdout, stderr } = await edgeward([...common, ...given], { input: token });
    assert.equal(status, 2);
    assert.equal(stdout, "");
    for (const segment of token.split(".")) assert.ok(!stderr.includes(segment));
  }
  assert.match(
    (await edgeward([...common, "--token", token])).stderr,
    /standard input alone.*shell histories/,
  );
});

test("introspection is what is given: explain asks nobody", async () => {
  const now = Math.floor(Date.now() / 1000);
  const said = { active: true, iss: ISSUER, aud: API_AUDIENCE, exp: now + 60, scope: "data:read" };
  write("good.json", said);
  write("poor.json", { ...said, scope: "other" });
  write("inactive.json", { active: false });
  const answer = async (sent: string, ...more: string[]) => {
    const [status, { code, checks }] = await json("GET /fresh", sent, ...more);
    return [status, code, checks.find(({ outcome }) => outcome === "refused")?.check];
  };
  assert.deepEqual(await answer("opaque", "--introspection", "good.json"), [
    0,
    "token_introspected",
    undefined,
  ]);
  assert.deepEqual(await answer(token, "--introspection", "good.json"), [0, "token_introspected", undefined]);
  assert.deepEqual(await answer("opaque", "--introspection", "poor.json"), [1, "scope_missing", "demands"]);
  assert.deepEqual(await answer(token, "--introspection", "poor.json"), [
    1,
    "scope_missing",
    "introspection",
  ]);
  assert.deepEqual(await answer("opaque", "--introspection", "inactive.json"), [
    1,
    "token_inactive",
    "introspection",
  ]);
  assert.deepEqual(await answer("opaque"), [2, "introspection_unavailable", "introspection"]);
});

test("without --key-set the keys are fetched from where the policy says, and it is said", async () => {
  const issuer = await startIssuer();
  try {
    const issuers = [{ issuer: issuer.issuer, audience: API_AUDIENCE }];
    const routes = [{ path: "/data" }];
    write("network.json", { issuers, routes, allow_insecure_loopback: true });
    const args = ["explain", "--policy", "network.json", "--token", "-", "--request", "GET /data"];
    const { status, stderr } = await edgeward(args, { input: issuer.token() });
    assert.equal(status, 0);
    assert.match(
      stderr,
      /^fetching http:\/\/127\.0\.0\.1:\d+\/\.well-known\/openid-configuration\nfetching .*\/jwks\n$/,
    );
  } finally {
    await issuer.close();
  }
  const { status, stdout, stderr } = await edgeward(
    ["explain", "--policy", "network.json", "--token", "-", "--request", "GET /data"],
    { input: issuer.token() },
  );
  assert.deepEqual(
    [status, /undecided: key_set_unavailable/.test(stdout), /can't be had/.test(stderr)],
    [2, true, true],
  );
  assert.match(stdout, /UNVERIFIED/);
});

test("of a tenant's token its tid is shown beside the tenants that are taken", async () => {
  const tenants = { issuer: `${ISSUER}/{tenantid}/v2.0`, tenants: ["contoso"], jwks_uri: `${ISSUER}/jwks` };
  write("tenants.json", {
    ...policy,
    issuers: [{ ...policy.issuers[0], ...tenants, introspection: null }],
    routes: [{ path: "/data" }],
  });
  const keys = signer.keySet.keys.map((key) => ({ ...key, issuer: tenants.issuer }));
  write("tenants-keys.json", { keys });
  const args = ["explain", "--policy", "tenants.json", "--key-set", "tenants-keys.json", "--token", "-"];
  const explain = async (iss: string, tid: string) => {
    const input = await signer.token("ES256", { iss: `${ISSUER}/${iss}/v2.0`, tid });
    return await edgeward([...args, "--request", "GET /data"], { input });
  };
  const good = await explain("contoso", "contoso");
  assert.equal(good.status, 0);
  assert.match(good.stdout, /issuers\[0\]: "\S+\/{tenantid}\/v2\.0"/);
  assert.match(good.stdout, /tid: "contoso" {2}<> {2}the tenant of iss and of the key, of: \["contoso"\]/);
  assert.match((await explain("contoso", "evil")).stdout, /tenant_mismatch, 401/);
  assert.match((await explain("evil", "evil")).stdout, /issuer_unknown, 401/);
});

test("misuse, a bad policy and files that can't be read end with 2", async () => {
  write("bad.json", { ...policy, issuers: [] });
  const rows: [args: string[], said: RegExp][] = [
    [["explain"], /needs --policy and --request/],
    [["explain", "--policy", "bad.json", "--request", "GET /data"], /issuers: must hold/],
    [["explain", "--policy", "absent.json", "--request", "GET /data"], /absent\.json can't be read/],
    [["explain", "--policy", "policy.json", "--request", "/data"], /a method and a path/],
    [["explain", "--policy", "policy.json", "--request", "GET /data", "--at", "soon"], /--at is a time/],
    [["explain", "--policy", "-", "--token", "-", "--request", "GET /data"], /read once/],
    [["explain", "--policy", "policy.json", "--token", "-", "--request", "GET /data"], /no token/],
  ];
  for (const [args, said] of rows) {
    const { status, stderr } = await edgeward(args);
    assert.equal(status, 2, String(said));
    assert.match(stderr, said);
  }
  const help = await edgeward(["explain", "--help"]);
  assert.deepEqual([help.status, /^edgeward explain --policy/.test(help.stdout)], [0, true]);
  const without = await edgeward(["explain", "--policy", "policy.json", "--request", "GET /data"]);
  assert.deepEqual([without.status, /credentials_missing, 401/.test(without.stdout)], [1, true]);
});

test("the deny list's own route: who may read it is told so, an entry to write is undecided, and what comes before is decided", async () => {
  const denyList = { path: "/deny-list", scope: "tokens:revoke", deny_list: true };
  const revocation = { durable_object_binding: "DENY_LIST" };
  write("revoking.json", { ...policy, routes: [...policy.routes, denyList], revocation });
  const command = ["explain", "--policy", "revoking.json", "--key-set", "keys.json", "--token", "-"];
  const explain = (request: string, input: string, ...more: string[]) =>
    edgeward([...command, "--request", request, ...more], { input });
  const admin = await signer.token("ES256", { scope: "tokens:revoke" });
  for (const [request, sent, ...expected] of [
    ["GET /deny-list", admin, 0, "allowed", "deny_list_served"],
    // A body is what explain has not got.
    ["POST /deny-list", admin, 2, "undecided", "revocation_invalid"],
    ["DELETE /deny-list", admin, 2, "undecided", "revocation_invalid"],
    ["POST /deny-list", token, 1, "refused", "scope_missing"],
    ["POST /deny-list", spoilt(admin), 1, "refused", "signature_invalid"],
    ["GET /data", token, 0, "allowed", "token_verified"],
  ] as const) {
    const { status, stdout } = await explain(request, sent, "--json");
    const { outcome, code, checks }: Json = JSON.parse(stdout);
    assert.deepEqual([status, outcome, code], expected, request);
    const demands = checks.find(({ check }) => check === "demands")?.outcome;
    if (outcome !== "refused") assert.equal(demands, "passed", request);
  }
  assert.match(
    (await explain("POST /deny-list", admin)).stdout,
    /^\S POST \/deny-list is undecided: revocation_invalid/,
  );
  const { stdout } = await explain("GET /data", token);
  assert.match(stdout, /not in the deny list, which explain takes for empty/, "and it is said");
});
