// Defences of the deny list: that it is looked at, how old a copy may be, and who may write to it.

const gate = "src/resource_server/gate.rs";
const copy = "src/resource_server/revocation/copy.rs";
const list = "src/resource_server/revocation/list.rs";
const entry = "src/resource_server/revocation/entry.rs";
const flow = "src/resource_server/revocation.rs";
const administration = "src/resource_server/revocation/administration.rs";
const test = "resource_server revocation";

/** @type {import("./list.mjs").Defence[]} */
export const revocationDefences = [
  {
    name: "a key set that its issuer has emptied comes back from no store",
    file: "src/resource_server/key_cache.rs",
    find: "!set.is_empty() && !is_over && ",
    replace: "!set.is_empty() && ",
    test: "resource_server stored_keys",
  },
  {
    name: "a body for the deny list is not waited for",
    file: "js/deny-list.ts",
    find: "setTimeout(() => limit.abort(), timeout_milliseconds)",
    replace: "setTimeout(() => undefined, timeout_milliseconds)",
    test: "tests/verifier/deny-list-body.test.ts",
  },
  {
    name: "a known token is held against the deny list",
    file: gate,
    find: "                self.check_deny_list(&entitled, now)?;\n",
    replace: "",
    test,
  },
  {
    name: "a known token waits for a copy of the deny list that is young enough",
    file: gate,
    find: "&& self.deny_list_serves(now)",
    replace: "",
    test,
  },
  {
    name: "a token is held against the deny list",
    file: flow,
    find: "        self.check_deny_list(&entitled, now)?;\n        self.prove",
    replace: "        self.prove",
    test,
  },
  {
    name: "what introspection says is held against the deny list",
    file: "src/resource_server/introspection.rs",
    find: "self.hold_against_deny_list(entitled.introspected(ground), request, now)",
    replace: "self.prove(entitled.introspected(ground), request, now)",
    test,
  },
  {
    name: "a request of the deny list's route goes to no origin",
    file: gate,
    find: "if request.route.deny_list =>",
    replace: "if request.route.deny_list && false =>",
    test,
  },
  {
    name: "a copy of the deny list is due in time",
    file: copy,
    find: "now.since(*at).as_secs() < seconds",
    replace: "now.since(*at).as_secs() < seconds + 1",
    test,
  },
  {
    name: "by a clock that was set back no copy of the deny list is young",
    file: copy,
    find: "*at <= now && ",
    replace: "",
    test,
  },
  {
    name: "a gate that wrote to the deny list reads it again",
    file: copy,
    find: "self.written_at.is_none() && ",
    replace: "",
    test,
  },
  {
    name: "who asked for the deny list in vain passes by no old copy",
    file: flow,
    find: "Standing::Awaited | Standing::Ask if was_read =>",
    replace: "Standing::Awaited | Standing::Ask if was_read || !was_read =>",
    test,
  },
  {
    name: "a session that introspection states is held against the deny list",
    file: flow,
    find: "entitled.introspected_session(), issuer",
    replace: "None, issuer",
    test,
  },
  {
    name: "a deny list that fails is left alone for a moment",
    file: copy,
    find: "            self.failed_at = Some(now);\n",
    replace: "",
    test,
  },
  {
    name: "one request reads the deny list for all",
    file: flow,
    find: "                revocation.asked(now);\n                Ok(Outcome::need(Need::DenyList,",
    replace: "                Ok(Outcome::need(Need::DenyList,",
    test,
  },
  {
    name: "an earlier copy of the deny list undoes no later one",
    file: copy,
    find: "is_none_or(|(_, at)| *at <= asked_at || *at > now)",
    replace: "is_none_or(|_| true)",
    test,
  },
  {
    name: "a deny list with an entry that can't be read is none",
    file: list,
    find: "list.insert(DenyEntry::of_store(entry)?);",
    replace: "if let Some(entry) = DenyEntry::of_store(entry) { list.insert(entry); }",
    test,
  },
  {
    name: "a deny list with too many entries is none",
    file: list,
    find: "if entries.len() > limits::MAX_DENY_ENTRIES {",
    replace: "if false {",
    test,
  },
  {
    name: "a token that does not say when it was issued is old",
    file: list,
    find: "issued_at.is_none_or(",
    replace: "issued_at.is_some_and(",
    test,
  },
  {
    name: "a null names no tokens",
    file: entry,
    find: "let Some(value) = fields.defaulted_text(claim.name(), problems)",
    replace: "let Some(value) = fields.optional_text(claim.name(), problems)",
    test,
  },
  {
    name: "a user who is denied is denied what was issued this second",
    file: entry,
    find: "said.or(Some(defaults.now.plus(1).as_seconds()))",
    replace: "said.or(Some(defaults.now.as_seconds()))",
    test,
  },
  {
    name: "only the store's word is success",
    file: administration,
    find: '(Change::Put(id, text), Some("written")) =>',
    replace: "(Change::Put(id, text), _) =>",
    test,
  },
  {
    name: "the deny list's route demands something",
    file: "src/resource_server/route.rs",
    find: "if deny_list && (public || requirement.is_empty()) {",
    replace: "if false {",
    test,
  },
  {
    name: "a Durable Object's deny list that is full forgets none",
    file: "js/durable-objects/deny-list.ts",
    find: 'if (Number(others?.count) >= need.most || bytes > need.most_bytes) return "full";',
    replace: "",
    test: "tests/conformance/revocation.test.ts",
  },
  {
    name: "a deny list that hangs is not waited for",
    file: "js/deny-list.ts",
    find: "(await within(need.timeout_milliseconds, ask(need))) ?? null",
    replace: "await ask(need)",
    test: "tests/conformance/revocation.test.ts",
  },
];
