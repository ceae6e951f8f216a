/** `Server-Timing` in Node, by a clock that shows a millisecond more at each reading: which part took any time, and which none. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { createGate, createGuard } from "../../js/gate-node.ts";
import { bearer, plainPolicyFor } from "../conformance/gate.ts";
import { type FaultyIssuer, startIssuer } from "../conformance/issuer.ts";
import { type Origin, startOrigin } from "../conformance/origin.ts";

let issuer: FaultyIssuer;
let origin: Origin;

before(async () => {
  [issuer, origin] = await Promise.all([startIssuer(), startOrigin()]);
});
after(() => Promise.all([issuer?.close(), origin?.close()]));

const policy = () => ({ ...plainPolicyFor(issuer.issuer, origin.origin), server_timing: true });
function clock() {
  let readings = 0;
  return () => Date.now() + readings++;
}

/** The parts that took time. */
const partsOf = (response: Response) =>
  (response.headers.get("server-timing") ?? "").split(", ").flatMap((metric) => {
    const [, name, took] = /^(\w+);dur=([\d.]+)$/.exec(metric) ?? [];
    return Number(took) > 0 ? [name] : [];
  });

test("a cold request waits for keys, a warm one does not, and one that is refused for no origin", async () => {
  const gate = createGate(policy(), { now: clock() });
  const ask = (init?: RequestInit) => gate.fetch(new Request("https://api.example/data", init));
  const token = issuer.token();
  assert.deepEqual(partsOf(await ask(bearer(token))), ["keys", "verify", "upstream"]);
  assert.deepEqual(partsOf(await ask(bearer(token))), ["verify", "upstream"]);
  assert.deepEqual(partsOf(await ask()), ["verify"]);
});

test("an origin that fails is told by its time as well, and nothing of why", async () => {
  const gate = createGate({ ...policy(), upstream: { origin: "http://127.0.0.1:9" } }, { now: clock() });
  const response = await gate.fetch(new Request("https://api.example/health"));
  assert.deepEqual([response.status, partsOf(response)], [502, ["verify", "upstream"]]);
});

test("a guard's answers have it by finish, each time", async () => {
  const { upstream: _, ...own } = policy();
  const guard = createGuard(own, { now: clock() });
  const decision = await guard.authorize(new Request("https://api.example/health"));
  assert.ok(decision.outcome === "forward");
  for (const body of ["a", "b"]) {
    assert.deepEqual(partsOf(decision.finish(new Response(body))), ["verify", "upstream"]);
  }
});
