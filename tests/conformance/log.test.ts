/** What the deployable Worker logs: one line for each decision, by stable names, and nothing that the caller sent but method and path. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Worker } from "../../examples/demo/worker-process.ts";
import { bearer, plainPolicyFor } from "./gate.ts";
import { stage } from "./stage.ts";

const world = stage();

async function start(log: string, upstream = world.origin.origin): Promise<Worker> {
  const plain = plainPolicyFor(world.issuer.issuer, upstream);
  const routes = [{ path: "/open", public: true }, ...plain.routes];
  const policy = { ...plain, routes, explain: false };
  const variables = { EDGEWARD_POLICY: JSON.stringify(policy), EDGEWARD_LOG: log };
  return await world.start("wrangler.toml", variables);
}

/** The lines that were logged, but for those about whether the Worker is there. */
function linesOf(worker: Worker): Record<string, unknown>[] {
  const lines = worker.output().match(/^.*\{"edgeward":"decision".*\}/gm) ?? [];
  return lines
    .map((line) => JSON.parse(line.slice(line.indexOf("{"))) as Record<string, unknown>)
    .filter(({ path }) => path !== "/" && path !== "/health");
}

/** A request that is refused and always logged: once its line is there, so are those before it. */
async function untilLogged(worker: Worker): Promise<void> {
  await fetch(`${worker.origin}/the-last`);
  await worker.untilOutput(/"path":"\/the-last"/);
}

test("each decision is one line of JSON with stable names: the good ones as well, with EDGEWARD_LOG all", async () => {
  const worker = await start("all");
  const token = world.issuer.token({ sub: "SECRET-sub" });
  const spoilt = `${token.slice(0, -20)}AAAAAAAAAAAAAAAAAAAA`;
  const headers = { cookie: "SECRET-cookie", "x-request-id": "SECRET-header" };
  const ask = (path: string, authorization?: string) =>
    fetch(worker.origin + path, { headers: { ...headers, ...(authorization && { authorization }) } });
  await ask("/open?SECRET-query");
  await ask("/data?a=SECRET-query", `Bearer ${token}`);
  await ask("/data", `Bearer ${token}`);
  await ask("/data", `Bearer ${spoilt}`);
  await ask("/admin", `Bearer ${token}`);
  await ask("/data?access_token=SECRET-query");
  await untilLogged(worker);
  const lines = linesOf(worker);
  const own = { route: "/data", issuer: world.issuer.issuer };
  const expected = [
    { path: "/open", route: "/open", outcome: "forward", code: "public_route", status: 200 },
    { path: "/data", ...own, outcome: "forward", code: "token_verified", status: 200 },
    { path: "/data", ...own, outcome: "forward", code: "token_known", status: 200 },
    { path: "/data", ...own, outcome: "respond", status: 401, code: "signature_invalid" },
    { path: "/admin", ...own, route: "/admin", outcome: "respond", status: 403, code: "scope_missing" },
    { path: "/data", route: "/data", outcome: "respond", status: 400, code: "credentials_malformed" },
    { path: "/the-last", outcome: "respond", status: 404, code: "route_unknown" },
  ];
  const withoutTexts = lines.map(({ timing: _, detail: __, ...line }) => line);
  assert.deepEqual(
    withoutTexts,
    expected.map((line) => ({ edgeward: "decision", method: "GET", ...line })),
  );
  for (const { timing, detail, outcome } of lines) {
    const parts = ["keys", "verify", "introspect", "proof", "revocation", "token", "upstream"];
    assert.deepEqual(Object.keys(timing as object), parts);
    assert.ok(Object.values(timing as object).every((took) => typeof took === "number" && took >= 0));
    assert.equal(typeof detail, outcome === "respond" ? "string" : "undefined");
  }
  const output = worker.output();
  for (const piece of ["SECRET", ...token.split("."), spoilt.slice(-30)]) {
    assert.ok(!output.includes(piece), `attack 35: ${piece}`);
  }
});

test("by default refusals alone are logged, and an origin that fails", async () => {
  const worker = await start("refusals");
  await fetch(`${worker.origin}/data`, bearer(world.issuer.token()));
  await fetch(`${worker.origin}/data`);
  await untilLogged(worker);
  assert.deepEqual(
    linesOf(worker).map(({ code }) => code),
    ["credentials_missing", "route_unknown"],
  );
  const closed = await start("refusals", "http://127.0.0.1:9");
  assert.equal((await fetch(`${closed.origin}/open`)).status, 502);
  await untilLogged(closed);
  const [line] = linesOf(closed);
  const { timing: _, detail: __, ...said } = line ?? {};
  const expected = {
    path: "/open",
    route: "/open",
    outcome: "forward",
    code: "upstream_unavailable",
    status: 502,
  };
  assert.deepEqual(said, { edgeward: "decision", method: "GET", ...expected });
});
