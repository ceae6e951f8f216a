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
    find: "this.#told = undefined;",
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
    find: "this.#clock = hooks.onAnswer === undefined ? undefined : clock;",
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
];
