// Defences of what is told: to callers by answers, to operators by logs and hooks.

/** @type {import("./list.mjs").Defence[]} */
export const answerDefences = [
  {
    name: "a token that was known is told from one that was verified",
    file: "src/resource_server/gate.rs",
    find: "let entitled = Entitled::new((known, Ground::TokenKnown), &route",
    replace: "let entitled = Entitled::new((known, Ground::TokenVerified), &route",
    test: "resource_server ground",
  },
  {
    name: "an answer of introspection that was there is told from one that was asked",
    file: "src/resource_server/introspection.rs",
    find: "self.entitled_by((entitled, Ground::IntrospectionKnown), said, request, now)",
    replace: "self.entitled_by((entitled, Ground::TokenIntrospected), said, request, now)",
    test: "resource_server ground",
  },
  {
    name: "whose token was looked at is forgotten with the request",
    file: "src/resource_server/gate.rs",
    find: "self.validator.whose = None;",
    replace: "",
    test: "resource_server ground",
  },
  {
    name: "an answer is told of once",
    file: "js/observation.ts",
    find: "this.#decided = undefined;",
    replace: "",
    test: "tests/verifier/observation.test.ts",
  },
  {
    name: "a hook that throws keeps no answer back",
    file: "js/observation.ts",
    find: "    // Whoever wrote the hook sees that it says nothing.",
    replace: '    throw new Error("the hook failed");',
    test: "tests/verifier/observation.test.ts",
  },
  {
    name: "nothing is measured for who only hears of decisions",
    file: "js/observation.ts",
    find: "this.#clock = isTimed ? clock : undefined;",
    replace: "this.#clock = clock;",
    test: "tests/verifier/observation.test.ts",
  },
  {
    name: "a fault while a request begins to be watched lets nothing through",
    file: "js/gate.ts",
    find: "      let decided: Decided;\n      try {\n        seen = observer?.watch(request.method, pathname);\n        decided =\n          current.decide(request, pathname, search, seconds(), false, seen)",
    replace:
      "      let decided: Decided;\n      seen = observer?.watch(request.method, pathname);\n      try {\n        decided =\n          current.decide(request, pathname, search, seconds(), false, seen)",
    test: "tests/verifier/observation.test.ts",
  },
  {
    name: "the log holds no query (Worker)",
    file: "js/gate.ts",
    find: "        seen = observer?.watch(request.method, pathname);\n        decided =\n          current.decide(request, pathname, search, seconds(), false, seen)",
    replace:
      "        seen = observer?.watch(request.method, pathname + search);\n        decided =\n          current.decide(request, pathname, search, seconds(), false, seen)",
    test: "tests/conformance/log.test.ts",
  },
  {
    name: "by default good decisions are not logged",
    file: "js/main.ts",
    find: 'if (log === "all" || report.detail !== undefined || report.key_set !== undefined)',
    replace: "",
    test: "tests/conformance/log.test.ts",
  },
  {
    name: "only a policy that says so tells times",
    file: "js/observation.ts",
    find: "return tellsTiming ? [...headers",
    replace: "return stopwatch ? [...headers",
    test: "tests/conformance/telling.test.ts",
  },
  {
    name: "the origin's own Server-Timing stays",
    file: "js/forward.ts",
    find: 'if (name === "vary" || name === "server-timing") headers.append(name, value);',
    replace: 'if (name === "vary") headers.append(name, value);',
    test: "tests/conformance/telling.test.ts",
  },
  {
    name: "a data point holds no method of a caller's own",
    file: "js/analytics.ts",
    find: 'methods.includes(method) ? method : "other"',
    replace: "method",
    test: "tests/conformance/telling.test.ts",
  },
  {
    name: "a dataset that fails costs no request and is told of once",
    file: "js/analytics.ts",
    find: "if (this.#hasFailed) return;",
    replace: "",
    test: "tests/conformance/telling.test.ts",
  },
];
