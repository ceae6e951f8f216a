/** `verify` and `verifySync` in Node, by each engine and for each algorithm. */
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { API_AUDIENCE } from "../../examples/demo/resources.ts";
import { createVerifier, type VerifierOptions } from "../../js/node.ts";
import { HOST_ALONE, ISSUER, makeSigner, OWN, type Signer, spoilt } from "./tokens.ts";

let signer: Signer;
before(async () => {
  signer = await makeSigner();
});

const policy = {
  issuers: [{ issuer: ISSUER, audience: API_AUDIENCE, jwks_uri: `${ISSUER}/jwks` }],
  token_cache: false,
};
const fetch = () => Promise.reject(new Error("nothing is fetched here"));

function verifier(engine?: VerifierOptions["engine"]) {
  const made = createVerifier(policy, { fetch, ...(engine && { engine }) });
  made.provideKeySet(ISSUER, signer.keySet);
  return made;
}

for (const engine of [undefined, "wasm", "webcrypto", "node"] as const) {
  const taken = engine === "wasm" ? OWN : [...OWN, ...HOST_ALONE];
  test(`engine ${engine ?? "by measurement"}: a good signature holds, and one changed character does not`, async () => {
    const { verify, verifySync } = bound(verifier(engine));
    for (const alg of [...OWN, ...HOST_ALONE]) {
      const token = await signer.token(alg, { sub: `user of ${alg}` });
      if (!taken.includes(alg)) {
        await assert.rejects(verify(token), { code: "algorithm_not_allowed" }, alg);
        assert.throws(() => verifySync(token), { code: "algorithm_not_allowed" }, alg);
        continue;
      }
      assert.equal((await verify(token)).claims.sub, `user of ${alg}`);
      await assert.rejects(verify(spoilt(token)), { name: "EdgewardError", code: "signature_invalid" }, alg);
      if (engine === "webcrypto" && HOST_ALONE.includes(alg)) {
        assert.throws(() => verifySync(token), { code: "asynchronous_only" }, alg);
        continue;
      }
      assert.equal(verifySync(token).claims.sub, `user of ${alg}`);
      assert.throws(() => verifySync(spoilt(token)), { code: "signature_invalid" }, alg);
    }
  });
}

/** Every key is asked about by its own number: one issuer's key is never used for another's token. */
test("two verifiers with other keys under the same `kid` do not mix them up", async () => {
  const other = await makeSigner();
  for (const engine of ["wasm", "webcrypto", "node"] as const) {
    const [first, second] = [verifier(engine), createVerifier(policy, { engine, fetch })];
    second.provideKeySet(ISSUER, other.keySet);
    for (const alg of ["ES256", "RS256"]) {
      const [own, others] = [await signer.token(alg), await other.token(alg)];
      await first.verify(own);
      await second.verify(others);
      await assert.rejects(first.verify(others), { code: "signature_invalid" });
      await assert.rejects(second.verify(own), { code: "signature_invalid" });
    }
    first.provideKeySet(ISSUER, other.keySet);
    await first.verify(await other.token("RS256"));
    await assert.rejects(first.verify(await signer.token("RS256")), { code: "signature_invalid" });
  }
});

function bound(verifier: ReturnType<typeof createVerifier>) {
  return {
    verify: (token: string) => verifier.verify(token),
    verifySync: (token: string) => verifier.verifySync(token),
  };
}
