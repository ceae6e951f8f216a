/** `edgeward/slim` in Node: signature and claims with keys that are given. */
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { API_AUDIENCE } from "../../examples/demo/resources.ts";
import { createVerifier, type SlimPolicy } from "../../js/slim-node.ts";
import { ISSUER, makeSigner, type Signer, spoilt } from "./tokens.ts";

let signer: Signer;
before(async () => {
  signer = await makeSigner();
});

const policy: SlimPolicy = { issuer: ISSUER, audience: API_AUDIENCE };

test("a good token of both algorithms holds, and one changed character does not; others are not taken", async () => {
  const verifier = createVerifier(policy, signer.keySet);
  for (const alg of ["ES256", "RS256"]) {
    const token = await signer.token(alg, { sub: alg, scope: "data:read" });
    const verified = verifier.verifySync(token);
    assert.equal(verified.claims.sub, alg);
    assert.deepEqual(verified.scope, ["data:read"]);
    assert.equal(verified.expires_at, verified.claims.exp);
    assert.ok(
      Object.isFrozen(verified) && Object.isFrozen(verified.claims) && Object.isFrozen(verified.scope),
    );
    assert.throws(() => verifier.verifySync(spoilt(token)), {
      name: "EdgewardError",
      code: "signature_invalid",
    });
  }
  for (const alg of ["PS256", "RS512", "ES384", "EdDSA"]) {
    const token = await signer.token(alg);
    assert.throws(() => verifier.verifySync(token), { code: "algorithm_not_allowed" }, alg);
  }
});

test("issuer, audience, kind and time are checked, with the tolerance and the profile that the policy names", async () => {
  const token = await signer.token("ES256");
  const { exp } = createVerifier(policy, signer.keySet).verifySync(token).claims;
  const at = (seconds: number, changes: Partial<SlimPolicy> = {}) =>
    createVerifier({ ...policy, ...changes }, signer.keySet, { now: () => seconds * 1000 }).verifySync(token);
  assert.throws(() => at(exp + 31), { code: "token_expired" });
  assert.equal(at(exp + 29).expires_at, exp);
  assert.throws(() => at(exp + 29, { clock_tolerance_seconds: 0 }), { code: "token_expired" });
  assert.throws(() => at(exp - 1, { issuer: "https://other.example" }), { code: "issuer_unknown" });
  assert.throws(() => at(exp - 1, { audience: ["https://other.example"] }), { code: "audience_mismatch" });
  assert.throws(() => at(exp - 1, { token_profile: "jwt" }), { code: "type_mismatch" });
  assert.throws(() => at(exp - 1, { algorithms: ["RS256"] }), { code: "algorithm_not_allowed" });
});

test("a key set can be given again; a bad one is refused, and the one there was stays", async () => {
  const [token, other] = [await signer.token("ES256"), await makeSigner()];
  const verifier = createVerifier(policy, signer.keySet);
  for (const bad of ["{", "{}", { keys: [] }, { keys: [{ kty: "oct", k: "AAAA" }] }]) {
    assert.throws(() => verifier.provideKeySet(bad), { code: "key_set_malformed" });
    assert.throws(() => createVerifier(policy, bad), { code: "key_set_malformed" });
  }
  assert.equal(verifier.verifySync(token).claims.iss, ISSUER);
  verifier.provideKeySet(JSON.stringify(other.keySet));
  assert.throws(() => verifier.verifySync(token), { code: "signature_invalid" });
});

test("a policy is refused with every problem and its place, and what is not for it by name", () => {
  const bad = {
    issuer: 1,
    audience: [],
    algorithms: ["ES384"],
    jwks_uri: "https://a.example",
    clock_tolerance_seconds: 301,
  };
  assert.throws(
    () => createVerifier(bad as unknown as SlimPolicy, signer.keySet),
    (error: Error & { code?: string }) => {
      assert.equal(error.code, "policy_invalid");
      for (const place of ["issuer", "audience", "algorithms", "jwks_uri", "clock_tolerance_seconds"]) {
        assert.match(error.message, new RegExp(`\\b${place}\\b`));
      }
      return true;
    },
  );
});

test("what is no token is refused, however long it is", () => {
  const verifier = createVerifier(policy, signer.keySet);
  for (const text of ["", "a.b.c", "\0", "é", "a".repeat(16_384)]) {
    assert.throws(() => verifier.verifySync(text), { name: "EdgewardError" }, text.slice(0, 9));
  }
  for (const length of [16_385, 10_000_000]) {
    assert.throws(() => verifier.verifySync("a".repeat(length)), { code: "token_too_large" });
  }
});
