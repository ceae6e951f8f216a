/** RFC 8705 section 3 where the runtime tells of no certificates, as in Node: the application says which one the client has presented. */
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { after, before, test } from "node:test";
import { createGuard, EdgewardError } from "../../js/gate-node.ts";
import type { GuardPolicy } from "../../js/policy.ts";
import { plainPolicyFor } from "../conformance/gate.ts";
import { type FaultyIssuer, startIssuer } from "../conformance/issuer.ts";

let issuer: FaultyIssuer;
let policy: GuardPolicy;
before(async () => {
  issuer = await startIssuer();
  const { upstream: _, ...own } = plainPolicyFor(issuer.issuer, "");
  policy = { ...own, mtls: {} };
});
after(() => issuer?.close());

const own = randomBytes(32).toString("base64url");
const requestOf = (token: string) =>
  new Request("https://api.example/data", { headers: { authorization: `Bearer ${token}` } });

test("a bound token passes with the thumbprint that the application gives, and with no other", async () => {
  const token = issuer.token({ cnf: { "x5t#S256": own } });
  const judge = async (thumbprint: string | undefined) => {
    const guard = createGuard(policy, { clientCertificateThumbprint: () => thumbprint });
    const decision = await guard.authorize(requestOf(token));
    return decision.outcome === "forward" ? "forward" : decision.code;
  };
  assert.equal(await judge(own), "forward");
  assert.equal(await judge(randomBytes(32).toString("base64url")), "certificate_mismatch");
  assert.equal(await judge(undefined), "proof_of_possession_missing");
  assert.equal(await judge("no thumbprint"), "certificate_untrusted");
});

test("what the application throws lets nothing through, nor does a text that is none", async () => {
  const token = issuer.token({ cnf: { "x5t#S256": own } });
  for (const clientCertificateThumbprint of [
    () => {
      throw new Error("broken");
    },
    () => `${own}\n\n`,
  ]) {
    const decision = await createGuard(policy, { clientCertificateThumbprint }).authorize(requestOf(token));
    assert.deepEqual([decision.outcome, "code" in decision && decision.code], ["respond", "internal_error"]);
  }
});

test("a policy with `mtls` needs the option here, and is refused without it by its place", () => {
  assert.throws(
    () => createGuard(policy),
    (error) =>
      error instanceof EdgewardError &&
      error.code === "policy_invalid" &&
      error.problems.length === 1 &&
      error.problems[0]?.path === "mtls",
  );
});
