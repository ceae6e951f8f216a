/** The gate in Node: the same decisions as in workerd, between a test's issuer and a test's origin. */
import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { createGate, createGuard, EdgewardError, type Gate, type GateDecision } from "../../js/gate-node.ts";
import { bearer, plainPolicyFor, policyFor, problemOf } from "../conformance/gate.ts";
import {
  type FaultyIssuer,
  hangUp,
  INTROSPECTION,
  KEY_SET,
  sendJson,
  startIssuer,
} from "../conformance/issuer.ts";
import { type Origin, startOrigin } from "../conformance/origin.ts";

let issuer: FaultyIssuer;
let origin: Origin;
let gate: Gate;
const decisions: GateDecision[] = [];

before(async () => {
  [issuer, origin] = await Promise.all([startIssuer(), startOrigin()]);
  gate = createGate(policyFor(issuer.issuer, origin.origin), {
    secrets: { INTROSPECTION_CLIENT_SECRET: "secret" },
    onDecision: (decision) => decisions.push(decision),
  });
});
beforeEach(() => {
  origin.received.length = 0;
  decisions.length = 0;
});
after(() => Promise.all([issuer?.close(), origin?.close()]));

const ask = (path: string, init?: RequestInit) => gate.fetch(new Request(`https://api.example${path}`, init));

test("a good token passes with its claims and without itself, and the body goes along", async () => {
  const token = issuer.token();
  const headers = { authorization: `Bearer ${token}`, "edgeward-sub": "root", "content-type": "text/plain" };
  const response = await ask("/notes?a=1", { method: "POST", body: "a note", headers });
  assert.deepEqual([response.status, await response.json()], [200, { ok: true }]);
  const received = origin.received.at(-1);
  assert.deepEqual([received?.method, received?.url, received?.body], ["POST", "/notes?a=1", "a note"]);
  assert.equal(received?.headers["edgeward-sub"], "ada-lovelace");
  assert.equal(received?.headers.authorization, undefined);
  assert.deepEqual(
    decisions.map(({ outcome }) => outcome),
    ["forward"],
  );
});

test("what is refused is answered by the gate alone", async () => {
  const missing = await ask("/data");
  assert.deepEqual(
    [missing.status, missing.headers.get("www-authenticate")],
    [401, 'Bearer realm="conformance"'],
  );
  const forged = await ask("/data", bearer(`${issuer.token()}A`));
  assert.deepEqual([forged.status, (await problemOf(forged)).error], [401, "invalid_token"]);
  assert.equal((await ask("/elsewhere", bearer(issuer.token()))).status, 404);
  assert.equal(origin.received.length, 0);
});

test("authorize says who calls, and leaves the answer to the application", async () => {
  const token = issuer.token({ sub: "ada ✓", roles: ["clerk"] });
  const headers = {
    authorization: `Bearer ${token}`,
    "edgeward-sub": "root",
    edgeward_scope: "admin",
    "x-a": "1",
  };
  const request = new Request("https://api.example/data", { headers });
  const decision = await gate.authorize(request);
  assert.ok(decision.outcome === "forward");
  assert.equal(decision.token?.claims.sub, "ada ✓");
  assert.deepEqual(decision.token?.claims.roles, ["clerk"]);
  assert.ok(decision.token?.scope.includes("data:read"));
  assert.ok(Object.isFrozen(decision.token?.claims.roles));
  assert.equal(decision.headers.get("edgeward-sub"), "ada %E2%9C%93");
  assert.deepEqual(
    [decision.headers.get("authorization"), decision.headers.get("edgeward_scope")],
    [null, null],
  );
  assert.equal(decision.headers.get("x-a"), "1");
  const again = await gate.authorize(request);
  assert.ok(again.outcome === "forward");
  assert.equal(again.token, decision.token, "the same token, the same object");
  assert.equal(origin.received.length, 0);
  const open = await gate.authorize(new Request("https://api.example/health", { headers }));
  assert.ok(open.outcome === "forward");
  assert.equal(open.token, undefined, "nobody is vouched for on a public route");
  assert.equal(open.headers.get("edgeward-sub"), null);
  assert.deepEqual(
    decisions.map(({ outcome }) => outcome),
    ["forward", "forward", "forward"],
  );
});

test("authorize gives the whole answer to what is refused, and the reason beside it", async () => {
  const decision = await gate.authorize(new Request("https://api.example/admin", bearer(issuer.token())));
  assert.ok(decision.outcome === "respond");
  assert.equal(decision.code, "scope_missing");
  assert.equal(decision.response.status, 403);
  assert.match(decision.response.headers.get("www-authenticate") ?? "", /error="insufficient_scope"/);
  const preflight = await gate.authorize(
    new Request("https://api.example/data", {
      method: "OPTIONS",
      headers: { origin: "https://app.example", "access-control-request-method": "GET" },
    }),
  );
  assert.ok(preflight.outcome === "respond");
  assert.deepEqual([preflight.response.status, preflight.code], [204, undefined]);
});

test("finish gives an answer the policy's CORS headers, and takes the application's off", async () => {
  const headers = { authorization: `Bearer ${issuer.token()}`, origin: "https://app.example" };
  const decision = await gate.authorize(new Request("https://api.example/data", { headers }));
  assert.ok(decision.outcome === "forward");
  const answer = decision.finish(
    new Response("body", { status: 201, headers: { "access-control-allow-origin": "*", "x-a": "1" } }),
  );
  assert.deepEqual([answer.status, await answer.text(), answer.headers.get("x-a")], [201, "body", "1"]);
  assert.equal(answer.headers.get("access-control-allow-origin"), "https://app.example");
});

test("a guard needs no upstream, and has no fetch; a gate without one is refused when it is made", async () => {
  const { upstream: _, ...policy } = plainPolicyFor(issuer.issuer, origin.origin);
  const guard = createGuard(policy);
  assert.deepEqual(Object.keys(guard), ["authorize"]);
  const decision = await guard.authorize(new Request("https://api.example/data", bearer(issuer.token())));
  assert.ok(decision.outcome === "forward");
  assert.equal(decision.headers.get("edgeward-sub"), "ada-lovelace");
  const named = createGuard({ ...policy, upstream: { claim_headers: { sub: "x-user" } } });
  const other = await named.authorize(new Request("https://api.example/data", bearer(issuer.token())));
  assert.ok(other.outcome === "forward");
  assert.equal(other.headers.get("x-user"), "ada-lovelace");
  const claim_headers = [{ path: "realm_access.roles", header: "x-roles" }];
  const nested = createGuard({ ...policy, upstream: { claim_headers } });
  const token = issuer.token({ realm_access: { roles: ["editor", "a,b"] } });
  const spoofing = { headers: { ...bearer(token).headers, "x-roles": "root", "edgeward-sub": "root" } };
  const third = await nested.authorize(new Request("https://api.example/data", spoofing));
  assert.ok(third.outcome === "forward");
  assert.equal(third.headers.get("x-roles"), "editor,a%2Cb");
  assert.equal(third.headers.get("edgeward-sub"), null);
  const problemsOf = (make: () => unknown) => {
    try {
      make();
      return [];
    } catch (error) {
      assert.ok(error instanceof EdgewardError);
      return error.problems.map(({ path }) => path);
    }
  };
  assert.deepEqual(
    problemsOf(() => createGate(JSON.stringify({ ...policy, routes: [] }))),
    ["routes", "upstream"],
  );
  assert.deepEqual(
    problemsOf(() => createGuard({ ...policy, upstream: { origin: "ftp://o" } })),
    ["upstream.origin"],
  );
  assert.deepEqual(
    problemsOf(() => createGuard(JSON.stringify({ ...policy, upstream: { url: 1 } }))),
    ["upstream.url"],
  );
});

test("a fault inside the guard lets nothing through, and is over with the next request", async () => {
  let isFailing = false;
  const guard = createGuard(plainPolicyFor(issuer.issuer, origin.origin), {
    now: () => {
      if (isFailing) throw new Error("SECRET: the clock fails");
      return Date.now();
    },
  });
  const ask = () => guard.authorize(new Request("https://api.example/health"));
  isFailing = true;
  const failed = await ask();
  assert.ok(failed.outcome === "respond");
  assert.deepEqual([failed.response.status, failed.code], [500, "internal_error"]);
  assert.doesNotMatch(await failed.response.text(), /SECRET/);
  isFailing = false;
  assert.equal((await ask()).outcome, "forward");
});

test("finish leaves an answer of the application's own as it is coded", async () => {
  const decision = await gate.authorize(new Request("https://api.example/health"));
  assert.ok(decision.outcome === "forward");
  const answer = decision.finish(new Response("x", { headers: { "content-encoding": "gzip" } }));
  assert.equal(answer.headers.get("content-encoding"), "gzip");
});

test("a question to introspection, which others may wait for, is handed to waitUntil", async () => {
  issuer.reset();
  issuer.answer(INTROSPECTION, sendJson({ active: false }));
  const handed: Promise<unknown>[] = [];
  const context = { waitUntil: (promise: Promise<unknown>) => void handed.push(promise) };
  const request = new Request("https://api.example/fresh", bearer("an-opaque-token"));
  const policy = policyFor(issuer.issuer, origin.origin);
  const { introspection } = policy.issuers[0] ?? {};
  if (introspection) introspection.introspection_endpoint = issuer.issuer + INTROSPECTION;
  const own = createGate(policy, { secrets: { INTROSPECTION_CLIENT_SECRET: "secret" } });
  assert.equal((await own.fetch(request, context)).status, 401);
  assert.equal(handed.length, 1);
});

test("attack 33: who waits for another's question is handed to waitUntil as well, so that its room is free when the answer is there", async () => {
  issuer.reset();
  let answered: (() => void) | undefined;
  issuer.answer(INTROSPECTION, (request, response) => {
    answered = () => sendJson({ active: false })(request, response);
  });
  const handed: Promise<unknown>[] = [];
  const context = { waitUntil: (promise: Promise<unknown>) => void handed.push(promise) };
  const policy = policyFor(issuer.issuer, origin.origin);
  const [own] = policy.issuers;
  if (own?.introspection) {
    own.introspection.introspection_endpoint = issuer.issuer + INTROSPECTION;
    own.introspection.cache_seconds = 10;
  }
  const asking = createGate(policy, { secrets: { INTROSPECTION_CLIENT_SECRET: "secret" } });
  const ask = () =>
    asking.fetch(new Request("https://api.example/fresh", bearer("an-opaque-token")), context);
  const asked = [ask(), ask(), ask()];
  while (!issuer.fetches.has(INTROSPECTION)) await new Promise(setImmediate);
  assert.equal(handed.length, 3);
  answered?.();
  for (const answer of asked) assert.equal((await answer).status, 401);
  assert.equal(issuer.fetches.get(INTROSPECTION), 1);
});

test("what has to outlast a request is handed to waitUntil: the way to the keys, and a refresh ahead of its time", async () => {
  issuer.reset();
  const handed: Promise<unknown>[] = [];
  const context = { waitUntil: (promise: Promise<unknown>) => void handed.push(promise) };
  let now = Date.now();
  const own = createGate(policyFor(issuer.issuer, origin.origin), {
    secrets: { INTROSPECTION_CLIENT_SECRET: "secret" },
    now: () => now,
  });
  const token = issuer.token({ exp: Math.floor(now / 1000) + 10_000 });
  const call = () => own.fetch(new Request("https://api.example/data", bearer(token)), context);
  issuer.answer(KEY_SET, hangUp);
  assert.equal((await call()).status, 503);
  assert.equal(handed.length, 1, "the fetch that failed");
  now += 5_000;
  issuer.reset();
  assert.equal((await call()).status, 200);
  assert.equal(handed.length, 2, "the one that did not");
  assert.equal((await call()).status, 200);
  assert.equal(handed.length, 2, "nothing to do");
  now += 480_000;
  assert.equal((await call()).status, 200);
  assert.equal(handed.length, 3, "the set is about to be due");
  await Promise.all(handed);
  assert.equal(issuer.fetches.get(KEY_SET), 2);
  assert.equal((await call()).status, 200);
  assert.equal(handed.length, 3, "and is refreshed");
});

test("RFC 9449 4.3: where the host is the caller's word, proofs are for an origin that the policy names", () => {
  const policy = plainPolicyFor(issuer.issuer, origin.origin);
  const made = (dpop: NonNullable<typeof policy.dpop>) => () => createGate({ ...policy, dpop });
  assert.throws(
    made({ replay: "memory" }),
    (error: unknown) => error instanceof EdgewardError && error.problems[0]?.path === "dpop.origin",
  );
  made({ replay: "memory", origin: "https://api.example" })();
});

test("a request that is held for so long that the core has let it go fails alone: nothing is forgotten", async () => {
  let seconds = 0;
  const start = Date.now();
  const held: ((response: Response) => void)[] = [];
  let fetches = 0;
  const guard = createGuard(plainPolicyFor(issuer.issuer, origin.origin), {
    now: () => start + seconds * 1000,
    onDecision: (decision) => decisions.push(decision),
    async fetch(input, init) {
      fetches += 1;
      // The first never hears of its metadata until it is too late.
      if (fetches === 1) return await new Promise((resolve) => held.push(resolve));
      return await fetch(input, init);
    },
  });
  const token = issuer.token();
  const authorize = () => guard.authorize(new Request("https://api.example/data", bearer(token)));
  const first = authorize();
  seconds = 60;
  assert.equal((await authorize()).outcome, "forward");
  const fetched = fetches;
  held[0]?.(new Response("{}"));
  const late = await first;
  assert.ok(late.outcome === "respond");
  assert.equal(late.response.status, 500);
  assert.match(decisions.at(-1)?.detail ?? "", /came too late/);
  assert.equal((await authorize()).outcome, "forward");
  assert.equal(fetches, fetched, "its keys are still there");
});
