// Defences of the machine's client: one question for all, bounds, whom secrets and tokens go to.

/** @typedef {import("./list.mjs").Defence} Defence */

const machine = "src/client/machine/mod.rs";
const config = "src/client/machine/config.rs";
const api = "src/client/machine/api.rs";

/** @type {Defence[]} */
export const machineDefences = [
  {
    name: "a machine asks once for all who wait",
    file: machine,
    find: "        // Others wait from now on.\n        self.tokens.asked(Key::default(), now);\n",
    replace: "",
    test: "client machine",
  },
  {
    name: "nobody waits forever for a machine's question",
    file: machine,
    find: "if now.since(since).as_secs() >= limits::MAX_WAIT_FOR_OTHERS_SECONDS {",
    replace: "if now.since(since).as_secs() >= limits::MAX_WAIT_FOR_OTHERS_SECONDS * 9 {",
    test: "client machine",
  },
  {
    name: "a machine's metadata is its issuer's",
    file: machine,
    find: "AuthorizationServerMetadata::parse(text, issuer, self.config.transport)?",
    replace:
      'AuthorizationServerMetadata::parse(&text.replace("https://evil.example", issuer), issuer, self.config.transport)?',
    test: "client machine",
  },
  {
    name: "what a server says to a machine is told by the standards' codes alone",
    file: "src/resource_server/upstream_token/answer.rs",
    find: '_ => "another error",',
    replace: '_ => "invalid_grant",',
    test: "client machine",
  },
  {
    name: "a machine that asked for a bound token takes no other",
    file: config,
    find: 'token_type: if dpop { "DPoP" } else { "Bearer" },',
    replace: 'token_type: if dpop && issuer.is_some() { "DPoP" } else { "Bearer" },',
    test: "client machine",
  },
  {
    name: "a machine without its key proves nothing",
    file: api,
    find: "let key = self.key.as_ref().ok_or(Error::ProofMissing)?;",
    replace: 'let Some(key) = self.key.as_ref() else { return Ok("e30.e30".into()) };',
    test: "client machine",
  },
  {
    name: "the first key of a machine stays",
    file: machine,
    find: "if self.key.is_none() {",
    replace: "{",
    test: "client machine",
  },
  {
    name: "a nonce of the token endpoint is sent back once",
    file: machine,
    find: "&& asked.round == 0 {",
    replace: "&& asked.round < 9 {",
    test: "client machine",
  },
  {
    name: "an API's nonce is not the token endpoint's",
    file: api,
    find: "Some(place) => self.apis.get(place)?.as_deref(),",
    replace: "Some(_) => self.token_endpoint.as_deref(),",
    test: "client machine",
  },
  {
    name: "a machine keeps no nonce that can't be sent back",
    file: api,
    find: ".filter(|_| is_nonce(nonce))",
    replace: ".filter(|_| !nonce.is_empty())",
    test: "client machine",
  },
  {
    name: "a machine's token goes to named origins only",
    file: api,
    find: ".position(|own: &HttpUrl| own.as_str() == origin)",
    replace: ".position(|own: &HttpUrl| own.as_str().starts_with(origin))",
    test: "client machine",
  },
  {
    name: "a machine's token goes along no redirect",
    file: "js/machine/api-fetch.ts",
    find: 'const redirect = request.redirect === "follow" ? "manual" : request.redirect;',
    replace: "const redirect = request.redirect;",
    test: "tests/verifier/machine.test.ts",
  },
  {
    name: "a machine's request is sent once more, not again and again",
    file: "js/machine/api-fetch.ts",
    find: "remedy === undefined || tried.has(remedy) ||",
    replace:
      'remedy === undefined || (tried.has(remedy) && tried.has("twice")) || !tried.add(tried.has(remedy) ? "twice" : remedy) ||',
    test: "tests/verifier/machine.test.ts",
  },
  {
    name: "a machine's key is made once",
    file: "js/machine/proof-key.ts",
    find: "    if (!working(() => core.needsKey)) return;\n    working(",
    replace: "    working(",
    test: "tests/verifier/machine.test.ts",
  },
];
