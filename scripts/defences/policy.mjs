// Defences of policies as people write them, and of the command that checks them.

const chance = "resource_server policy_mutation";

/** @type {import("./list.mjs").Defence[]} */
export const policyDefences = [
  {
    name: "a $schema that is no text is refused",
    file: "src/resource_server/document.rs",
    find: 'document.defaulted_text("$schema", problems);',
    replace: 'let _ = (document.value("$schema"), problems);',
    test: "resource_server",
  },
  {
    name: "the command reads no more than a policy may have",
    file: "js/cli/read.ts",
    find: "if (bytes > most)",
    replace: "if (bytes > most * 64)",
    test: "tests/verifier/cli.test.ts",
  },
  {
    name: "the command shows no secret that stands for its name",
    file: "js/cli/check.ts",
    find: "if (/^[A-Z][A-Z0-9_]{0,63}$/.test(name)) return name;",
    replace: "if (name) return name;",
    test: "tests/verifier/cli.test.ts",
  },
  {
    name: "the command prints no control characters",
    file: "js/cli/plain.ts",
    find: "return text.replace(/[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]/gu, escaped);",
    replace: "return [text, escaped][0] as string;",
    test: "tests/verifier/cli.test.ts",
  },
  {
    name: "an introspection answer serves as long as the policy says (policies by chance)",
    file: "src/resource_server/introspection.rs",
    find: "said.as_ref(), cache_seconds, asked_at, now",
    replace: "said.as_ref(), cache_seconds.saturating_mul(300), asked_at, now",
    test: chance,
  },
  {
    name: "who is bound to a key and a certificate has to prove both (policies by chance)",
    file: "src/resource_server/possession.rs",
    find: "        request.sent.certificate.prove(confirmation)?;\n",
    replace: "",
    test: chance,
  },
  {
    name: "a nonce is demanded where the policy names a secret for it (policies by chance)",
    file: "src/resource_server/possession.rs",
    find: "nonces: taken.as_ref().map_or(&[], |taken| taken.as_slice()),",
    replace: "nonces: taken.as_ref().map_or(&[], |taken| &taken.as_slice()[..0]),",
    test: chance,
  },
  {
    name: "a certificate that nobody has verified counts only where the policy says so (policies by chance)",
    file: "src/resource_server/client_certificate.rs",
    find: "(self.takes_unverified && verified.starts_with",
    replace: "(verified.starts_with",
    test: chance,
  },
  {
    name: "pages that the policy does not name read nothing (policies by chance)",
    file: "src/resource_server/cors.rs",
    find: "self.origins.iter().any(|own| own == origin)",
    replace: "!origin.is_empty() && !self.origins.is_empty()",
    test: chance,
  },
  {
    name: "what introspection has said is held against the deny list (policies by chance)",
    file: "src/resource_server/introspection.rs",
    find: "self.hold_against_deny_list(entitled.introspected(ground), request, now)",
    replace: "self.prove(entitled.introspected(ground), request, now)",
    test: chance,
  },
  {
    name: "metadata says that proofs are required only where every route demands them (policies by chance)",
    file: "src/resource_server/gate.rs",
    find: "metadata.takes_proofs(dpop.algs(), policy.routes.take_dpop_alone())",
    replace: "metadata.takes_proofs(dpop.algs(), true)",
    test: chance,
  },
  {
    name: "an entry that explain has not got is no refusal",
    file: "js/cli/explanation.ts",
    find: '  "revocation_invalid",\n',
    replace: "",
    test: "tests/verifier/explain.test.ts",
  },
  {
    name: "elements of a claim are told apart at the origin (policies by chance)",
    file: "src/resource_server/claim_headers.rs",
    find: 'texts.join(",")',
    replace: "texts.concat()",
    test: chance,
  },
  {
    name: "a tenant that is not on the list is nobody's (policies by chance)",
    file: "src/resource_server/tenants.rs",
    find: "            template.tenants(tenants)\n",
    replace: "            { let _ = tenants; template }\n",
    test: chance,
  },
];
