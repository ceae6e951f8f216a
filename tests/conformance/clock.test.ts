/**
 * The edges of `exp`, `nbf` and `iat` by the clock of the real Worker. Time only goes on, so a token at the edge itself is what it is when it
 * comes; on the other side of an edge ten seconds are left. To the second they are shown in `tests/core/jwt/times.rs`.
 */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Gate } from "../../examples/demo/gate.ts";
import { bearer, plainPolicyFor, problemOf, startTestGate } from "./gate.ts";
import { type FaultyIssuer, KEY_SET, startIssuer } from "./issuer.ts";
import { type Origin, startOrigin } from "./origin.ts";

/** What an issuer's policy says, in seconds; the first says nothing. */
const TOLERANCES = [undefined, 0, 300];
const USUAL_TOLERANCE = 30;
const MARGIN = 10;
const EACH = 20;

let origin: Origin;
let issuers: FaultyIssuer[];
let gate: Gate;
before(async () => {
  origin = await startOrigin();
  issuers = await Promise.all(TOLERANCES.map(() => startIssuer()));
  const policies = issuers.map(({ issuer }, place) => {
    const [own] = plainPolicyFor(issuer, origin.origin).issuers;
    const clock_tolerance_seconds = TOLERANCES[place];
    return { ...own, issuer, ...(clock_tolerance_seconds !== undefined && { clock_tolerance_seconds }) };
  });
  const policy = plainPolicyFor(issuers[0]?.issuer ?? "", origin.origin);
  gate = await startTestGate({
    ...policy,
    issuers: policies.map((own) => ({ ...own, audience: policy.issuers[0]?.audience ?? "" })),
  });
});
after(async () => {
  await gate?.stop();
  await Promise.all([origin, ...(issuers ?? [])].map((part) => part?.close()));
});

/** Seconds from now, by the tolerance; and the codes, `taken` for none. */
const EDGES: [
  name: string,
  claims: (now: number, tolerance: number) => Record<string, number>,
  code: string,
][] = [
  ["exp, just before", (now, tolerance) => ({ exp: now - tolerance + MARGIN }), "taken"],
  ["exp, at the edge", (now, tolerance) => ({ exp: now - tolerance }), "token_expired"],
  ["exp, after it", (now, tolerance) => ({ exp: now - tolerance - MARGIN }), "token_expired"],
  ["nbf, at the edge", (now, tolerance) => ({ nbf: now + tolerance }), "taken"],
  ["nbf, before it", (now, tolerance) => ({ nbf: now + tolerance + MARGIN }), "token_not_yet_valid"],
  ["iat, at the edge", (now, tolerance) => ({ iat: now + tolerance }), "taken"],
  ["iat, ahead of it", (now, tolerance) => ({ iat: now + tolerance + MARGIN }), "token_issued_in_future"],
];

for (const [place, said] of TOLERANCES.entries()) {
  const tolerance = said ?? USUAL_TOLERANCE;
  test(`RFC 7519 4.1.4 to 4.1.6: ${EDGES.length} edges with a tolerance of ${tolerance} s, ${EACH} tokens each, one fetch of keys`, async () => {
    const issuer = issuers[place];
    assert.ok(issuer);
    for (const [name, claims, code] of EDGES) {
      const reached = origin.received.length;
      const codes = await Promise.all(
        Array.from({ length: EACH }, async (): Promise<string | undefined> => {
          const now = Math.floor(Date.now() / 1000);
          const times = { iat: now - 600, exp: now + 600, ...claims(now, tolerance) };
          const response = await fetch(`${gate.origin}/data`, bearer(issuer.token(times)));
          if (response.status !== 200) return (await problemOf(response)).code;
          await response.arrayBuffer();
          return "taken";
        }),
      );
      assert.deepEqual(codes, Array.from({ length: EACH }).fill(code), `${name}: ${codes}`);
      assert.equal(origin.received.length - reached, code === "taken" ? EACH : 0, name);
    }
    assert.equal(issuer.fetches.get(KEY_SET), 1);
  });
}
