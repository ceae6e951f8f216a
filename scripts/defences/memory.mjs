// The defences of the memory of verified tokens; see list.mjs for what an entry says.

/** @type {import("./list.mjs").Defence[]} */
export const memoryDefences = [
  {
    name: "a known token's times are checked on every request",
    file: "src/resource_server/known_token.rs",
    find: "jwt::check_times_again(&known.token, &issuer.rules, now)",
    replace: "jwt::check_times_again(&known.token, &issuer.rules, now).or(Ok::<(), Error>(()))",
    test: "resource_server",
  },
  {
    name: "a known token ends with the key set its key was in",
    file: "src/resource_server/known_token.rs",
    find: "if keys.generation() != known.generation {",
    replace: "if keys.generation() != known.generation && text.is_empty() {",
    test: "resource_server",
  },
  {
    name: "a key set that changed is another generation",
    file: "src/resource_server/key_cache.rs",
    find: "if fingerprint != self.fingerprint {",
    replace: "if fingerprint.is_none() {",
    test: "resource_server",
  },
  {
    name: "a known token serves only while its keys do",
    file: "src/resource_server/known_token.rs",
    find: "if keys.lookup(now) != Lookup::Use {",
    replace: "if keys.lookup(now) != Lookup::Use && text.is_empty() {",
    test: "resource_server",
  },
  {
    name: "a known token is compared whole",
    file: "src/resource_server/token_cache.rs",
    find: "entry.text.as_bytes().ct_eq(text.as_bytes())",
    replace: "entry.text.len().ct_eq(&text.len())",
    test: "resource_server",
  },
  {
    name: "a key removed while the host checks leaves no known token",
    file: "src/resource_server/token_validator.rs",
    find: "let known = KnownToken { issuer",
    replace:
      "let _ = generation; let generation = self.cache(token)?.generation(); let known = KnownToken { issuer",
    test: "resource_server",
  },
  {
    name: "introspection's refusal ends a known token",
    file: "src/resource_server/authorize.rs",
    find: "self.validator.tokens.forget(request.token.expose());",
    replace: "",
    test: "resource_server",
  },
  {
    name: "introspection is asked about a known token",
    file: "src/resource_server/gate.rs",
    find: "if !route.introspection {\n                return",
    replace: "if !route.introspection || true {\n                return",
    test: "resource_server",
  },
  {
    name: "the memory's bytes are bounded",
    file: "src/resource_server/token_cache.rs",
    find: "|| self.bytes.saturating_add(bytes) > self.bounds.max_bytes",
    replace: "",
    test: "resource_server",
  },
  {
    name: "the memory's claims are weighed, not their text",
    file: "src/resource_server/token_cache/weight.rs",
    find: "of_object(token.claims().as_object())",
    replace: "text.len()",
    test: "resource_server",
  },
  {
    name: "a remembered token's number is given to no other",
    file: "src/resource_server/token_cache.rs",
    find: "self.serial = self.serial.wrapping_add(1);",
    replace: "self.serial = 1;",
    test: "resource_server",
  },
  {
    name: "a caller that can't wait gets no keys that are too old",
    file: "src/resource_server/token_validator.rs",
    find: "if self.caches.get(token.issuer)?.fallback(now) != Lookup::Use {",
    replace: "if self.caches.get(token.issuer)?.set().is_none() {",
    test: "resource_server",
  },
];
