/** What a gate tells of requests, in Node: decisions, answers, and where the time went. */
import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import {
  createGate,
  createGuard,
  type Gate,
  type GateDecision,
  type GateOptions,
  type GateReport,
} from "../../js/gate-node.ts";
import { bearer, policyFor } from "../conformance/gate.ts";
import {
  type FaultyIssuer,
  hangUp,
  INTROSPECTION,
  KEY_SET,
  METADATA,
  sendJson,
  startIssuer,
} from "../conformance/issuer.ts";
import { type Origin, startOrigin } from "../conformance/origin.ts";

let issuer: FaultyIssuer;
let origin: Origin;
let decisions: GateDecision[];
let reports: GateReport[];

before(async () => {
  [issuer, origin] = await Promise.all([startIssuer(), startOrigin()]);
});
beforeEach(() => {
  issuer.reset();
  [decisions, reports] = [[], []];
});
after(() => Promise.all([issuer?.close(), origin?.close()]));

const secrets = { INTROSPECTION_CLIENT_SECRET: "secret" };
const policy = () => policyFor(issuer.issuer, origin.origin);
const hooks: GateOptions = {
  onDecision: (decision) => decisions.push(decision),
  onAnswer: (report) => reports.push(report),
};
const watched = (options: GateOptions = {}) => createGate(policy(), { secrets, ...hooks, ...options });
const ask = (gate: Gate, path: string, init?: RequestInit) =>
  gate.fetch(new Request(`https://api.example${path}`, init));

/** A clock whose every reading is a millisecond later, so that whatever was measured took some. */
function countingClock() {
  const clock = { readings: 0, now: () => Date.now() + clock.readings++ };
  return clock;
}

test("every decision has a code, the good ones as well, with the route and the issuer that the policy names", async () => {
  const gate = watched();
  issuer.answer(INTROSPECTION, sendJson({ active: false }));
  const token = issuer.token();
  const preflight = { origin: "https://app.example", "access-control-request-method": "GET" };
  await ask(gate, "/health");
  await ask(gate, "/data?access=1", bearer(token));
  await ask(gate, "/data", bearer(token));
  await ask(gate, "/files/a/b", bearer(token));
  await ask(gate, "/data", { method: "OPTIONS", headers: preflight });
  await ask(gate, "/data");
  await ask(gate, "/admin", bearer(token));
  await ask(gate, "/nowhere", bearer(token));
  await ask(gate, "/fresh", bearer("opaque"));
  const [own, get] = [issuer.issuer, { method: "GET" }];
  const withoutDetail = decisions.map(({ detail: _, ...decision }) => decision);
  assert.deepEqual(withoutDetail, [
    { ...get, path: "/health", route: "/health", outcome: "forward", code: "public_route" },
    { ...get, path: "/data", route: "/data", issuer: own, outcome: "forward", code: "token_verified" },
    { ...get, path: "/data", route: "/data", issuer: own, outcome: "forward", code: "token_known" },
    { ...get, path: "/files/a/b", route: "/files/*", issuer: own, outcome: "forward", code: "token_known" },
    {
      method: "OPTIONS",
      path: "/data",
      route: "/data",
      outcome: "respond",
      status: 204,
      code: "preflight_answered",
    },
    { ...get, path: "/data", route: "/data", outcome: "respond", status: 401, code: "credentials_missing" },
    {
      ...get,
      path: "/admin",
      route: "/admin",
      issuer: own,
      outcome: "respond",
      status: 403,
      code: "scope_missing",
    },
    { ...get, path: "/nowhere", outcome: "respond", status: 404, code: "route_unknown" },
    {
      ...get,
      path: "/fresh",
      route: "/fresh",
      issuer: own,
      outcome: "respond",
      status: 401,
      code: "token_inactive",
    },
  ]);
  const refusals = decisions.filter(({ detail }) => detail !== undefined).map(({ code }) => code);
  assert.deepEqual(refusals, ["credentials_missing", "scope_missing", "route_unknown", "token_inactive"]);
  assert.deepEqual(
    reports.map(({ timing: _, status, ...report }) => [report.code, status]),
    decisions.map(({ code, status }) => [code, status ?? 200]),
  );
});

test("an answer's time is told by its parts, each only where there was some", async () => {
  const gate = watched({ now: countingClock().now });
  issuer.answer(INTROSPECTION, sendJson({ active: false }));
  const token = issuer.token();
  await ask(gate, "/data", bearer(token));
  await ask(gate, "/data", bearer(token));
  await ask(gate, "/fresh", bearer("opaque"));
  await ask(gate, "/data");
  const parts = reports.map(({ timing }) =>
    Object.entries(timing).flatMap(([part, took]) => (took > 0 ? [part] : [])),
  );
  assert.deepEqual(parts, [
    ["keys", "verify", "upstream"],
    ["verify", "upstream"],
    ["verify", "introspect"],
    ["verify"],
  ]);
  assert.ok((issuer.fetches.get(METADATA) ?? 0) > 0 && issuer.fetches.get(KEY_SET) === 1);
});

test("where the origin fails, the answer's report says how, and the decision before it does not", async () => {
  const gate = createGate({ ...policy(), upstream: { origin: "http://127.0.0.1:9" } }, { secrets, ...hooks });
  const response = await ask(gate, "/health");
  assert.equal(response.status, 502);
  assert.deepEqual([decisions[0]?.code, decisions[0]?.status], ["public_route", undefined]);
  const { timing: _, detail, ...report } = reports[0] as GateReport;
  assert.match(detail ?? "", /origin/);
  const said = { outcome: "forward", code: "upstream_unavailable", status: 502 };
  assert.deepEqual(report, { method: "GET", path: "/health", route: "/health", ...said });
});

test("a fault of the gate's own is told as well", async () => {
  let isFailing = false;
  const gate = watched({
    now: () => {
      if (isFailing) throw new Error("SECRET: the clock fails");
      return Date.now();
    },
  });
  isFailing = true;
  assert.equal((await ask(gate, "/health")).status, 500);
  isFailing = false;
  assert.equal((await ask(gate, "/health")).status, 200);
  assert.equal(reports.length, 1, "without a clock nothing could be watched");
  const own = createGate(policy(), {
    secrets,
    onAnswer: (report) => reports.push(report),
    fetch: () => Promise.reject(new Error("SECRET")),
  });
  assert.equal(
    (await ask(own, "/data", bearer(issuer.token()))).status,
    503,
    "an issuer that can't be had is no fault",
  );
  assert.doesNotMatch(JSON.stringify([reports, decisions]), /SECRET/);
});

test("hooks that throw keep no answer back, and one does not silence the other", async () => {
  const thrown = () => {
    throw new Error("the metrics are down");
  };
  const gate = watched({ onDecision: thrown });
  assert.equal((await ask(gate, "/health")).status, 200);
  assert.equal(reports.length, 1);
  const other = watched({ onAnswer: thrown });
  for (const [path, status] of [
    ["/health", 200],
    ["/data", 401],
  ] as const) {
    assert.equal((await ask(other, path)).status, status);
  }
  assert.equal(decisions.length, 2);
});

test("nothing is measured where nobody asks for it", async () => {
  const readings = async (options: GateOptions) => {
    const clock = countingClock();
    const gate = createGate(policy(), { secrets, ...options, now: clock.now });
    const token = issuer.token();
    await ask(gate, "/data", bearer(token));
    clock.readings = 0;
    await ask(gate, "/data", bearer(token));
    return clock.readings;
  };
  assert.equal(await readings({}), 1, "the moment of the decision");
  const { onDecision } = hooks;
  assert.equal(await readings({ onDecision: onDecision as () => void }), 1);
  assert.ok((await readings(hooks)) > 1);
});

test("a guard's answer is the application's: it is told of once, when it is handed over", async () => {
  const { upstream: _, ...own } = policy();
  const guard = createGuard(own, { secrets, ...hooks, now: countingClock().now });
  const request = new Request("https://api.example/data", bearer(issuer.token()));
  const decision = await guard.authorize(request);
  assert.ok(decision.outcome === "forward");
  assert.deepEqual([decisions.length, reports.length], [1, 0]);
  for (const status of [201, 500]) decision.finish(new Response(null, { status }));
  assert.deepEqual(
    reports.map(({ status, code, timing }) => [status, code, timing.upstream > 0]),
    [[201, "token_verified", true]],
  );
  await guard.authorize(new Request("https://api.example/data"));
  assert.deepEqual([reports.length, reports.at(-1)?.status], [2, 401]);
});

test("attack 35: nothing that is told holds a token, a query or a header of the caller's", async () => {
  const gate = watched();
  issuer.answer(KEY_SET, (request, response) => issuer.sendKeys(request, response));
  const marks = ["SECRET-query", "SECRET-cookie", "SECRET-opaque", "SECRET-sub"];
  const headers = { cookie: "a=SECRET-cookie", "x-mark": "SECRET-cookie", "edgeward-sub": "SECRET-cookie" };
  const tokens = [
    issuer.token({ sub: "SECRET-sub" }),
    `${issuer.token({ sub: "SECRET-sub" })}A`,
    "SECRET-opaque",
  ];
  for (const token of tokens)
    for (const path of ["/data", "/fresh", "/nowhere"]) {
      const authorization = `Bearer ${token}`;
      await ask(gate, `${path}?q=SECRET-query`, { headers: { ...headers, authorization } });
    }
  await ask(gate, "/data", { headers: { ...headers, authorization: "SECRET-opaque" } });
  await ask(gate, "/data?access_token=SECRET-query", { headers });
  const told = JSON.stringify([decisions, reports]);
  assert.equal(decisions.length, 11);
  for (const mark of [...marks, ...tokens.flatMap((token) => token.split("."))]) {
    assert.ok(!told.includes(mark), mark);
  }
});

test("an endpoint that hangs up costs time that belongs to the keys", async () => {
  issuer.answer(KEY_SET, hangUp);
  const gate = watched({ now: countingClock().now });
  assert.equal((await ask(gate, "/data", bearer(issuer.token()))).status, 503);
  const { code, timing } = reports[0] as GateReport;
  assert.deepEqual([code, timing.keys > 0, timing.upstream], ["key_set_unavailable", true, 0]);
});
