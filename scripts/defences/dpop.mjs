// Defences of tokens that are bound to a key, and of the proofs that come with them.

const possession = "src/resource_server/possession.rs";
const memory = "src/resource_server/proof_memory.rs";

/** @type {import("./list.mjs").Defence[]} */
export const dpopDefences = [
  {
    name: "a bound token is no bearer token",
    file: possession,
    find: "if entitled.confirmation()?.is_unbound() { Ok(Self(())) }",
    replace: "if entitled.confirmation()?.is_unbound() || true { Ok(Self(())) }",
    test: "resource_server",
  },
  {
    name: "a token sent with DPoP is bound",
    file: possession,
    find: "let jkt = entitled.confirmation()?.jkt.ok_or(Error::TokenUnbound)?;\n        let bound",
    replace: "let jkt = entitled.confirmation()?.jkt.unwrap_or_default();\n        let bound",
    test: "resource_server",
  },
  {
    name: "a proof is for this token",
    file: possession,
    find: "access_token: Some(self.access_token),",
    replace: "access_token: None,",
    test: "attacks",
  },
  {
    name: "a proof is of the key that the token is bound to",
    file: possession,
    find: "jkt: Some(self.jkt),",
    replace: "jkt: None,",
    test: "resource_server",
  },
  {
    name: "a proof that the host checked is good only where the host says so",
    file: "src/resource_server/authorize.rs",
    find: "self.proved(entitled, proof, HostVerdict::from_answer(answer), request, now)",
    replace: "self.proved(entitled, proof, HostVerdict::Holds, request, now)",
    test: "resource_server",
  },
  {
    name: "a used proof is remembered",
    file: possession,
    find: "self.proofs.remember(&proof, now)?;",
    replace: "",
    test: "attacks",
  },
  {
    name: "proofs that could be used again make no room",
    file: memory,
    find: "|| used.proofs.len() >= limits::MAX_PROOFS_OF_ONE_KEY => {\n                Err(Error::ProofMemoryUnavailable)",
    replace:
      "|| used.proofs.len() >= limits::MAX_PROOFS_OF_ONE_KEY => {\n                used.proofs.remove(0); Ok(())",
    test: "resource_server",
  },
  {
    name: "a proof is remembered to its last moment",
    file: memory,
    find: "*good_until >= now",
    replace: "*good_until > now.plus(1)",
    test: "resource_server",
  },
  {
    name: "a binding that is not known is refused",
    file: "src/jwt/confirmation.rs",
    find: "_ => return None,",
    replace: "_ => {}",
    test: "resource_server",
  },
  {
    name: "bindings are taken only where the policy takes proofs",
    file: "src/jwt/confirmation.rs",
    find: '"jkt" if taken.jkt =>',
    replace: '"jkt" =>',
    test: "jwt",
  },
  {
    name: "introspection binds a token as well",
    file: "src/resource_server/grant.rs",
    find: "self.introspected_jkt = introspected.confirmation()?.jkt.map(ToOwned::to_owned);",
    replace: 'self.introspected_jkt = None; let _ = (introspected, ToOwned::to_owned(""));',
    test: "resource_server",
  },
  {
    name: "a proof is bounded before it is kept",
    file: "src/resource_server/credentials.rs",
    find: "if proof.len() > limits::MAX_PROOF_BYTES {",
    replace: "if proof.len() > limits::MAX_PROOF_BYTES * 64 {",
    test: "resource_server",
  },
  {
    name: "only a proof that is new passes",
    file: possession,
    find: "_ => Err(Error::ProofMemoryUnavailable),\n    }\n}\n\n/// A reason",
    replace: "_ => Ok(Outcome::Granted(entitled.granted(Possession(())))),\n    }\n}\n\n/// A reason",
    test: "resource_server",
  },
  {
    name: "the object of a key finds a used proof",
    file: "js/durable-objects/dpop-replay.ts",
    find: 'if (this.#sql("SELECT 1 FROM proofs WHERE proof = ?", proof).length > 0) return "used";',
    replace:
      'if (this.#sql("DELETE FROM proofs WHERE proof = ? RETURNING 1", proof).length > 9) return "used";',
    test: "tests/conformance/dpop-replay.test.ts",
  },
  {
    name: "a full object takes no proof",
    file: "js/durable-objects/dpop-replay.ts",
    find: 'if (count >= most) return "full";',
    replace: "",
    test: "tests/conformance/dpop-replay.test.ts",
  },
  {
    name: "an object that does not answer is waited for no longer than so",
    file: "js/dpop-replay.ts",
    find: "signal: AbortSignal.timeout(timeout_milliseconds),",
    replace: "signal: AbortSignal.timeout(timeout_milliseconds * 1_000),",
    test: "tests/conformance/dpop-replay.test.ts",
  },
  {
    name: "a binding that is missing is told at once",
    file: "js/bindings.ts",
    find: "if (isOne) found",
    replace: "if (isOne || path) found",
    test: "tests/conformance/dpop-replay.test.ts",
  },
  {
    name: "where proofs are remembered has to be said",
    file: "src/resource_server/dpop_policy.rs",
    find: '(Some("memory"), None) => return',
    replace: '(Some("memory" | "none"), None) => return',
    test: "resource_server",
  },
  {
    name: "the client's proof stays at the gate",
    file: "src/resource_server/gate.rs",
    find: '|| (self.policy.takes_dpop() && name.eq_ignore_ascii_case("dpop"))',
    replace: "",
    test: "resource_server",
  },
];
