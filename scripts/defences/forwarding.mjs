// Defences of what passes on: to an origin, to an application, and back to the client.

/** @type {import("./list.mjs").Defence[]} */
export const forwardingDefences = [
  {
    name: "a gate has somewhere to send requests",
    file: "src/resource_server/upstream.rs",
    find: "let fields = if is_sent_on {",
    replace: "let fields = if is_sent_on && policy.names().count() == 0 {",
    test: "resource_server",
  },
  {
    name: "an application's route is not reached by what the guard refuses",
    file: "js/hono.ts",
    find: 'if (decision.outcome === "respond") return decision.response;',
    replace: 'if (decision.outcome === "respond") return next();',
    test: "tests/verifier/hono.test.ts",
  },
  {
    name: "an application's own CORS headers are taken off",
    file: "js/hono.ts",
    find: "context.res = undefined;",
    replace: "",
    test: "tests/verifier/hono.test.ts",
  },
  {
    name: "a client's identity headers are not among those that a guard passes on",
    file: "js/authorization.ts",
    find: "requestHeaders(headers, state, granted, request);",
    replace: "",
    test: "tests/verifier/gate.test.ts",
  },
  {
    name: "a guard's fault lets nothing through",
    file: "js/gate.ts",
    find: "return refused(failed(current, seen), fault);",
    replace:
      "failed(current, seen);\n        return allowed(current, { headers: [], responseHeaders: [], token: undefined, isVerified: false, isStale: false, isRefreshDue: false }, request);",
    test: "tests/verifier/gate.test.ts",
  },
  {
    name: "a resource's identifier has no query",
    file: "src/resource_server/resource_metadata.rs",
    find: ".filter(|url| url.query().is_none())",
    replace: "",
    test: "resource_server",
  },
  {
    name: "every challenge names the metadata",
    file: "src/resource_server/challenge.rs",
    find: 'add("resource_metadata", metadata.url());',
    replace: 'add("resource", metadata.url());',
    test: "resource_server",
  },
  {
    name: "metadata is for who reads it alone",
    file: "src/resource_server/resource_metadata.rs",
    find: '_ => return Err(Error::MethodNotAllowed { allow: "GET, HEAD, OPTIONS".into() }),',
    replace: "_ => return Ok(None),",
    test: "resource_server",
  },
  {
    name: "a connection can't be switched to h2c",
    file: "src/resource_server/hop_by_hop.rs",
    find: '    "transfer-encoding",\n    "upgrade",\n',
    replace: '    "transfer-encoding",\n    "x-upgrade",\n',
    test: "resource_server",
  },
  {
    name: "a client can't have its address taken off by naming it in Connection",
    file: "src/resource_server/hop_by_hop.rs",
    find: '&& !is_of("x-forwarded-")',
    replace: "",
    test: "resource_server",
  },
  {
    name: "headers that the policy drops stay behind",
    file: "src/resource_server/upstream.rs",
    find: "|| self.drop_headers.contains(&name)",
    replace: "",
    test: "resource_server",
  },
  {
    name: "a token that nobody judged is not forwarded",
    file: "js/forward.ts",
    find: "state.forwardsToken && granted.isVerified ?",
    replace: "state.forwardsToken ?",
    test: "tests/verifier/forwarding.test.ts",
  },
  {
    name: "headers that Connection names end at the gate",
    file: "js/forward.ts",
    find: "for (const name of connectionOptions(options, state)) own.delete(name);",
    replace: "",
    test: "tests/verifier/forwarding.test.ts",
  },
  {
    name: "the limit until an answer begins does not end the answer",
    file: "js/forward.ts",
    find: "    clearTimeout(timer);",
    replace: "",
    test: "tests/verifier/forwarding.test.ts",
  },
];
