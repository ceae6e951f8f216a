/** `schema/policy.schema.json` beside the core: it knows the same members, and refuses nothing that the core takes. */
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { runInNewContext } from "node:vm";
import { Ajv2020, type SchemaObject } from "ajv/dist/2020.js";
import { unstable_readConfig } from "wrangler";
import { createPolicy } from "../../examples/demo/gate-policy.ts";
import { algorithmNames } from "../../js/algorithm-name.ts";
import { EdgewardError, inCore, type Problem } from "../../js/errors.ts";
import { GatePolicy } from "../../js/wasm/gate-node.ts";
import { changed, fullPolicy, type Json, membersOf } from "./policies.ts";

const repository = fileURLToPath(new URL("../../", import.meta.url));
const read = (name: string) => readFileSync(join(repository, name), "utf8");
const schema: SchemaObject = JSON.parse(read("schema/policy.schema.json"));
const takes = new Ajv2020({ strict: true, strictRequired: false, strictTypes: false }).compile(schema);

function problemsOf(policy: unknown): readonly Problem[] {
  try {
    inCore(() => new GatePolicy(JSON.stringify(policy)));
    return [];
  } catch (error) {
    assert.ok(error instanceof EdgewardError && error.code === "policy_invalid");
    return error.problems;
  }
}

/** What may stand in an object, as the core says where a member is not known. */
function knownToCore(place: string): string[] {
  const unknown = place === "" ? "unknown" : `${place}.unknown`;
  const problem = problemsOf(changed(unknown, 1)).find(({ path }) => path === unknown);
  return problem?.problem.replace("is not known; what may stand here: ", "").split(", ") ?? [];
}

test("the schema and the core know the same members, and each refuses every other", () => {
  const places = membersOf(schema);
  assert.deepEqual(
    [...places.keys()],
    [
      ...["", "issuers[0]", "issuers[0].introspection", "routes[0]", "routes[0].claims[0]"],
      ...["all_of", "any_of"].flatMap((list) => [`routes[0].${list}[0]`, `routes[0].${list}[0].claims[0]`]),
      ...[
        "upstream",
        "upstream.token",
        "upstream.claim_headers[0]",
        "cors",
        "resource_metadata",
        "dpop",
        "mtls",
        "revocation",
        "keys",
        "token_cache",
      ],
    ],
  );
  for (const [place, { members, required }] of places) {
    assert.deepEqual([...members].sort(), knownToCore(place).sort(), place);
    assert.ok(!takes(changed(place === "" ? "unknown" : `${place}.unknown`, 1)), place);
    for (const member of members) {
      const at = place === "" ? member : `${place}.${member}`;
      const isNeeded = required.includes(member);
      assert.equal(takes(changed(at, undefined)), !isNeeded, at);
      assert.equal(
        problemsOf(changed(at, undefined)).some(({ path }) => path === at),
        isNeeded,
        at,
      );
    }
  }
});

test("a member of a wrong type is refused by both, by the core at its place", () => {
  for (const [place, { members }] of membersOf(schema)) {
    for (const member of members) {
      const at = place === "" ? member : `${place}.${member}`;
      // Any value but null is something that a claim can be.
      for (const value of member === "equals" ? [null] : [-1, [1]]) {
        const policy = changed(at, value);
        assert.ok(!takes(policy), `${at} = ${value}`);
        assert.ok(
          problemsOf(policy).some(({ path }) => path.startsWith(at)),
          `${at} = ${value}`,
        );
      }
    }
  }
});

test("the algorithms are the core's, and the headers that no claim may set are refused by it", () => {
  assert.deepEqual(schema.$defs.issuer.properties.algorithms.items.enum, algorithmNames);
  const forbidden: string[] = schema.$defs.claim_header.not.enum;
  assert.ok(forbidden.includes("authorization"));
  for (const header of forbidden) {
    assert.equal(problemsOf(changed("upstream.claim_headers", { sub: header })).length, 1, header);
    assert.equal(problemsOf(changed("upstream.claim_headers[0].header", header)).length, 1, header);
  }
});

test("the table of docs/policy.md names every member of the schema, and no other", () => {
  const section = read("docs/policy.md").split("## Members\n")[1]?.split("\n## ")[0] ?? "";
  const rows = [...section.matchAll(/^\| (`.*?) \| (.*) \|$/gm)];
  const named = rows.flatMap(([, cell]) => [...(cell ?? "").matchAll(/`([^`]+)`/g)].map(([, name]) => name));
  const within = [
    "issuers[0].introspection",
    "routes[0].claims[0]",
    "upstream.token",
    "upstream.claim_headers[0]",
    "resource_metadata",
    "mtls",
    "keys",
    "token_cache",
  ];
  // What stands inside of a requirement is what stands in it.
  const places = [...membersOf(schema)].filter(([place]) => !/\.(?:all|any)_of/.test(place));
  const members = places
    .filter(([place]) => !within.includes(place))
    .flatMap(([place, object]) => object.members.map((member) => (place ? `${place}.${member}` : member)))
    .filter((at) => !["issuers", "routes", "upstream", "cors", "dpop", "revocation"].includes(at));
  assert.deepEqual(named.sort(), members.map((at) => at.replace("[0]", "[]")).sort());
  for (const [place, object] of places.filter(([at]) => within.includes(at))) {
    const row =
      rows.find(([, cell]) => cell === `\`${place.replace(/\[0\]$/, "").replace("[0]", "[]")}\``)?.[0] ?? "";
    for (const member of object.members) assert.ok(row.includes(member), `${place}: ${member}`);
  }
});

test("the policies of README, wrangler.toml and the demo are taken by both", () => {
  const folder = mkdtempSync(join(tmpdir(), "edgeward-schema-"));
  const ofToml = (text: string) => {
    const config = join(folder, "wrangler.toml");
    writeFileSync(config, text);
    return unstable_readConfig({ config }).vars.EDGEWARD_POLICY;
  };
  const readme = read("README.md");
  const tables = [...readme.matchAll(/```toml\n(.*?)```/gs)].map(([, toml]) => toml ?? "");
  assert.equal(tables.length, 2);
  const code = /createGate\((\{.*?\n\})\);/s.exec(readme)?.[1] ?? "";
  const issuer = "http://127.0.0.1:4000";
  const demo = { issuer, gateClientId: "gate", apiOrigin: "http://127.0.0.1:4001", pageOrigin: issuer };
  const policies = [
    ...tables.map((toml) => ofToml(`name = "x"\n${toml}`)),
    ofToml(read("wrangler.toml").replace(/^main = .*$/m, "")),
    JSON.parse(JSON.stringify(runInNewContext(`(${code})`))),
    createPolicy(demo),
    fullPolicy,
  ];
  rmSync(folder, { recursive: true });
  for (const policy of policies) {
    assert.deepEqual(problemsOf(policy), []);
    assert.ok(takes(policy), JSON.stringify(takes.errors));
  }
});

const long = "a ".repeat(4_096);
const secretClient = { client_id: "g", client_secret_binding: "S" };
/** Issuers, of which this is the last. */
const besideOthers = (issuer: Json): Json => [...(fullPolicy.issuers as unknown as Json[]), issuer];
/** An issuer with a place for the tenant in its path. */
const tenants = (path: string, more: { [name: string]: Json } = {}): Json => ({
  ...{ issuer: `https://third.example${path}`, audience: "https://third-api.example" },
  ...{ jwks_uri: "https://third.example/keys", tenants: ["a"] },
  introspection: { ...secretClient, introspection_endpoint: "https://third.example/introspect" },
  ...more,
});
const values: [place: string, taken: Json[], refused: Json[]][] = [
  ["$schema", ["", "x"], [null, 1]],
  ["realm", ["", "a realm!~", null], ['"', "\\", "é", "\n"]],
  [
    "issuers[0].issuer",
    ["https://a.example/t/1;x=%41", "https://[::1]:8443", "http://localhost:000080/a", "https://A.b.:443/"],
    [
      "http://a.example",
      "https://a.example?x",
      "https://a.example#x",
      "https://u@a.example",
      "a.example",
      "",
    ],
  ],
  [
    "issuers",
    [
      ...[tenants("/{tenantid}/v2.0"), tenants("/{tenantid}"), tenants("/a/{tenantid}/", { tenants: "any" })],
      ...[{ tenants: Array(1_000).fill("a") }, { tenants: ["A-b_3", "A-b_3"] }].map((more) =>
        tenants("/{tenantid}", more),
      ),
      tenants("/{tenantid}", {
        introspection: { ...secretClient, introspection_endpoint: "https://a.example/i" },
      }),
    ].map(besideOthers),
    [
      ...["{tenantid}", "/{tenant}", "/{tenantid}/{tenantid}", "/a{tenantid}", "/{tenantid}?x", "/}"].map(
        (path) => tenants(path),
      ),
      ...[[], [""], ["a/b"], ["a.b"], ["%2e"], "Any", "", null, Array(1_001).fill("a")].map((list) =>
        tenants("/{tenantid}", { tenants: list }),
      ),
      {
        issuer: "https://third.example",
        audience: "https://third-api.example",
        tenants: ["a"],
        introspection: secretClient,
      },
      tenants("/{tenantid}", { jwks_uri: null }),
      tenants("/{tenantid}", { introspection: secretClient }),
      tenants("/{tenantid}", {
        introspection: {
          ...{
            client_id: "g",
            introspection_endpoint_auth_method: "private_key_jwt",
            private_key_binding: "KEY",
          },
          introspection_endpoint: "https://a.example/i",
        },
      }),
    ].map(besideOthers),
  ],
  ["issuers[0].audience", ["a", "é", ["a", "a"]], ["", [], ["a", ""], null]],
  ["issuers[0].algorithms", [null, ["ES256", "ES256"]], [[], ["none"], ["es256"], "ES256"]],
  ["issuers[0].jwks_uri", [null, "https://a.example?x=1&y", "http://[::1]/k"], ["file:///k", "http://::1/"]],
  ["issuers[0].token_profile", ["jwt", "at+jwt"], [null, "JWT"]],
  ["issuers[0].clock_tolerance_seconds", [null, 0, 300], [-1, 301, 1.5, "1"]],
  ["issuers[0].introspection.client_id", ["é"], ["", null]],
  [
    "issuers[0].introspection.introspection_endpoint_auth_method",
    [null, "client_secret_basic"],
    ["none", ""],
  ],
  ["issuers[0].introspection.private_key_binding", [], ["KEY"]],
  [
    "issuers[0].introspection",
    [{ client_id: "g", introspection_endpoint_auth_method: "private_key_jwt", private_key_binding: "KEY" }],
    [
      { client_id: "g", introspection_endpoint_auth_method: "private_key_jwt", client_secret_binding: "KEY" },
      { client_id: "g", private_key_binding: "KEY" },
      { client_id: "g" },
    ],
  ],
  ["issuers[0].introspection.cache_seconds", [null, 0, 300], [301, -1, 1.5]],
  ["issuers[0].introspection.introspection_endpoint", [null], ["", "http://a.example"]],
  [
    "routes[0].path",
    ["/", "/*", "/a.b/..c/*", "/é ü", "/a\nb"],
    ["", "a", "/a/", "/a*", "//", "/./a", "/a/..", "/%41", "/a?", "/*/*", "/a\\b"],
  ],
  ["routes[0].methods", [null, ["GET", "GET", "QUERY"]], [[], ["get"], [""], "GET"]],
  ["routes[0].scope", ["", " a  b ", long], [null, '"', "\\", "é", `${long}a`, "a\n"]],
  ["routes[0].public", [false], [null, true]],
  [
    "routes[0].issuer",
    ["https://second.example", ["https://login.example", "https://login.example"]],
    ["", [], [""], null],
  ],
  ["routes[0].audience", ["https://api.example"], ["", [], null]],
  ["routes[0].roles", ["a b", ["a", "é"]], ["", [], [""], null, Array(101).fill("a")]],
  ["routes[0].acr_values", ["phr", " a  b ", "urn:x:1"], ["", " ", '"', "é", null, ["phr"]]],
  ["routes[0].max_age", [0, 1e9], [-1, 1.5, "1", null]],
  ["routes[0].sender_constraint", ["dpop", "mtls", ["dpop"]], ["", "DPoP", [], ["dpop", "x"], [""], null]],
  ["routes[0].all_of", [[{ any_of: [{ all_of: [{ any_of: [{ scope: "a" }] }] }] }]], [[], [{}], {}, null]],
  ["routes[0].any_of[0].claims", [Array(16).fill({ path: "a", present: true })], [[], null, [{}]]],
  ["routes[0].claims[0].path", ["a", "a.b", ["a.b"]], ["", "a.", ".a", [], [""], null]],
  [
    "routes[0].claims[0]",
    [
      ...[
        { path: "a", equals: 1 },
        { path: "a", equals: { b: [null] } },
        { path: "a", present: true },
      ],
      { path: ["a"], all_of: "b" },
    ],
    [
      ...[{ path: "a", equals: null }, { path: "a", present: false }, { present: true }],
      { path: "a", present: true, equals: 1 },
    ],
  ],
  [
    "upstream.origin",
    ["https://O.example:1", "http://127.0.0.1"],
    ["https://o.example/", "https://o.example?", "http://o.example", ""],
  ],
  [
    "upstream",
    [{ service_binding: "API" }, { service_binding: null, origin: "https://o.example" }],
    [{}, { origin: null }, { origin: "https://o.example", service_binding: "API" }, { service_binding: "" }],
  ],
  ["upstream.drop_headers", [null, [], ["a_b", "A-b"]], [[""], ["a b"], "a"]],
  ["upstream.token", ["remove", "forward"], [null, "Remove", "", {}, []]],
  ["upstream.token.grant_type", ["urn:ietf:params:oauth:grant-type:token-exchange"], ["password", null]],
  ["upstream.token.issuer", ["https://other.example/a"], ["https://a.example?x", "http://a.example", null]],
  ["upstream.token.token_endpoint", [null, "https://a.example?x"], ["http://a.example", ""]],
  ["upstream.token.scope", [null, "a", " a  b "], ["", " ", '"', "é", ["a"]]],
  [
    "upstream.token.resource",
    ["urn:a", ["https://a.example/?b"]],
    ["", "/a", "a b:c", "https://a#b", [], null],
  ],
  ["upstream.token.audience", ["é", ["a", "a"]], ["", [], [""], null, Array(11).fill("a")]],
  ["upstream.token.private_key_binding", [], ["KEY"]],
  ["upstream.timeout_milliseconds", [null, 1, 600_000], [0, 600_001, 1.5]],
  [
    "upstream.claim_headers",
    [
      ...[null, {}, { "https://x.example/r": "-" }, [], Array(1).fill({ path: ["a.b"], header: "0" })],
      Object.fromEntries(Array.from({ length: 100 }, (_, number) => [`${number}`, `x-${number}`])),
    ],
    [
      ...[
        { sub: "X-Sub" },
        { sub: "" },
        { sub: "host" },
        "sub",
        ["sub"],
        [{}],
        [{ path: "sub", header: "host" }],
      ],
      Array.from({ length: 101 }, (_, number) => ({ path: "sub", header: `x-${number}` })),
      Object.fromEntries(Array.from({ length: 101 }, (_, number) => [`${number}`, `x-${number}`])),
    ],
  ],
  ["upstream.claim_headers[0].path", ["a", "a.b", ["a.b"]], ["", "a.", ".a", [], [""], null]],
  ["server_timing", [true, false], [null, 1, "true"]],
  ["analytics_engine_binding", [null, "A"], ["", 1]],
  ["cors", [null, { origins: [] }], [{}, []]],
  [
    "cors.origins",
    [["https://app.example:8443"]],
    [["*"], ["null"], ["https://App.example"], ["https://app.example/"]],
  ],
  ["cors.headers", [[], ["X-a"]], [null, [""], ["a, *"]]],
  ["resource_metadata", [null], [{}, []]],
  [
    "resource_metadata.resource",
    ["https://api.example/", "https://api.example/a/b/"],
    ["http://a.example", "https://a.example?x", "https://a.example/?", "https://a.example/#x", "", null],
  ],
  ["resource_metadata.scopes_supported", [null, [], ["a", "a"]], [["a b"], [""], ['"'], ["é"], "a"]],
  ["resource_metadata.resource_name", [null, "", "é"], [1]],
  ["resource_metadata.resource_tos_uri", [null, "https://a.example?x"], ["http://a.example", ""]],
  ["revocation.durable_object_binding", ["A"], ["", null, 1]],
  ["revocation.kv_binding", ["A"], ["", null, 1]],
  [
    "revocation",
    [null, { kv_binding: "A" }, { durable_object_binding: "A" }],
    [{}, { kv_binding: "A", durable_object_binding: "A" }],
  ],
  ["revocation.refresh_seconds", [null, 1, 300], [0, 301, 1.5, "1"]],
  ["revocation.stale_if_error_seconds", [null, 0, 3_600], [-1, 3_601, "1"]],
  ["revocation.entry_lifetime_seconds", [null, 60, 31_536_000], [59, 31_536_001, "1"]],
  ["routes[2].deny_list", [true, false], ["true", null]],
  ["dpop.replay", [], ["none", "", null, true]],
  ["dpop.replay_binding", ["DPOP_REPLAY"], ["", null, true]],
  ["dpop", [null, { replay_binding: "X" }], [{}, { replay: "memory", replay_binding: "X" }]],
  [
    "dpop.origin",
    [null, "https://api.example:8443", "http://127.0.0.1:1"],
    ["https://Api.example", "https://api.example/", "http://api.example", ""],
  ],
  ["dpop.algorithms", [null, ["ES256", "RS256"]], [[], ["HS256"], "ES256"]],
  ["dpop.max_age_seconds", [null, 1, 300], [0, 301, 1.5, "1"]],
  ["dpop.clock_tolerance_seconds", [null, 0, 300], [-1, 301, "1"]],
  ["dpop.nonce_secret_binding", ["X"], ["", null, 1]],
  ["dpop.nonce_lifetime_seconds", [null, 10, 3_600], [9, 3_601, 1.5]],
  ["mtls", [{}, null], [1, []]],
  ["mtls.certificates", ["any", "verified"], [null, "", "none"]],
  ["keys", [{}, null], [1, true]],
  ["keys.stale_if_error_seconds", [null, 0, 604_800], [604_801, 1.5]],
  ["token_cache", [true, false, {}, { max_entries: null }], [null, 1, "true"]],
  ["token_cache.max_entries", [null, 1, 100_000], [0, 100_001, 1.5]],
  ["token_cache.max_bytes", [null, 65_536, 268_435_456], [65_535, 268_435_457]],
];

test("what the core takes at a place the schema takes, and what the schema refuses the core refuses", () => {
  for (const [place, taken, refused] of values) {
    for (const value of taken) {
      const policy = changed(place, value);
      assert.deepEqual(problemsOf(policy), [], `${place} = ${JSON.stringify(value)}`);
      assert.ok(takes(policy), `${place} = ${JSON.stringify(value)}: ${JSON.stringify(takes.errors)}`);
    }
    for (const value of refused) {
      const policy = changed(place, value);
      assert.ok(!takes(policy), `${place} = ${JSON.stringify(value)}`);
      assert.notDeepEqual(problemsOf(policy), [], `${place} = ${JSON.stringify(value)}`);
    }
  }
});

test("how many issuers and routes there may be is the core's bound", () => {
  const issuers = (count: number) =>
    Array.from({ length: count }, (_, i) => ({ issuer: `https://${i}.example`, audience: "a" }));
  const routes = (count: number) => Array.from({ length: count }, (_, i) => ({ path: `/${i}` }));
  const upstream = { origin: "https://o.example" };
  for (const [issuerCount, routeCount, isTaken] of [
    [100, 10_000, true],
    [101, 1, false],
    [0, 1, false],
    [1, 10_001, false],
    [1, 0, false],
  ] as const) {
    const policy = { issuers: issuers(issuerCount), routes: routes(routeCount), upstream };
    assert.equal(takes(policy), isTaken, `${issuerCount}, ${routeCount}`);
    assert.equal(problemsOf(policy).length === 0, isTaken, `${issuerCount}, ${routeCount}`);
  }
});
