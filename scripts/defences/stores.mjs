// Defences of keys from the stores that isolates share; see list.mjs for what an entry says.

const cache = "src/resource_server/key_cache.rs";
const entries = "src/resource_server/key_stores.rs";
const stored = "src/resource_server/stored_keys.rs";
const shared = "src/resource_server/shared_fetch.rs";
const object = "js/durable-objects/key-sets.ts";
const objects = "tests/conformance/shared-fetch.test.ts";
const test = "resource_server stored_keys";
const conformance = "tests/conformance/key-stores.test.ts";

/** @type {import("./list.mjs").Defence[]} */
export const storeDefences = [
  {
    name: "a stored entry from the future is none",
    file: entries,
    find: "(asked_at <= now).then_some(Self { asked_at, document })",
    replace: "(asked_at <= now || true).then_some(Self { asked_at, document })",
    test,
  },
  {
    name: "a stored entry has a date",
    file: entries,
    find: "seconds.parse().ok().filter(|_| is_number)?",
    replace: "seconds.parse().ok().filter(|_| is_number || true).unwrap_or(now.as_seconds())",
    test,
  },
  {
    name: "a stored key set belongs to one jwks_uri",
    file: entries,
    find: "jwks_uri.unwrap_or_default()",
    replace: 'jwks_uri.map(|_| "").unwrap_or_default()',
    test,
  },
  {
    name: "a store brings no older key set over a newer one",
    file: cache,
    find: "&& self.set_asked_at().is_none_or(is_newer);",
    replace: "&& self.set_asked_at().is_none_or(|own| is_newer(own) || true);",
    test,
  },
  {
    name: "a stored key set without a key is none",
    file: cache,
    find: "let is_taken = !set.is_empty() &&",
    replace: "let is_taken =",
    test,
  },
  {
    name: "a stored key set ends no back-off",
    file: cache,
    find: "is_taken && self.replace_set(set, document, asked_at)",
    replace: "self.back_off.succeeded(); is_taken && self.replace_set(set, document, asked_at)",
    test,
  },
  {
    name: "a stored key set that is due is not fresh",
    file: stored,
    find: "Self::Serve | Self::UnknownKey => age_seconds < limits::KEY_SET_TTL_SECONDS,",
    replace: "Self::Serve | Self::UnknownKey => age_seconds < limits::KEY_SET_TTL_SECONDS || true,",
    test,
  },
  {
    name: "no stored key set that is about to be due ends a refresh",
    file: stored,
    find: "Self::Refresh => age_seconds < limits::KEY_SET_REFRESH_AHEAD_SECONDS,",
    replace: "Self::Refresh => age_seconds < limits::KEY_SET_TTL_SECONDS,",
    test,
  },
  {
    name: "a key that a stored set has not is asked for at the issuer",
    file: stored,
    find: "if is_unknown && purpose == Purpose::UnknownKey {",
    replace: "if is_unknown && purpose == Purpose::Refresh {",
    test,
  },
  {
    name: "an object's key set is as old as it says",
    file: shared,
    find: "asked_at: asked_at.minus(age.asked_at.as_seconds())",
    replace: "asked_at",
    test: "resource_server shared_fetch",
  },
  {
    name: "an object's key set that is too old means that its server is down",
    file: shared,
    find: "if asked_at.since(entry.asked_at).as_secs() > purpose.max_age_seconds() {",
    replace: "if asked_at.since(entry.asked_at).as_secs() == u64::MAX {",
    test: "resource_server shared_fetch",
  },
  {
    name: "an object that has nothing is believed",
    file: shared,
    find: "if answer == Some(UNAVAILABLE) {",
    replace: 'if answer == Some("") {',
    test: "resource_server shared_fetch",
  },
  {
    name: "a key that an object's set has not may be newer than the set",
    file: shared,
    find: "if self.cache(token)?.set_asked_at() >= Some(since) {",
    replace: "if self.cache(token)?.set_asked_at().is_some() {",
    test: "resource_server shared_fetch",
  },
  {
    name: "isolates have the set fetched once in a cool-down for unknown keys",
    file: shared,
    find: "Self::UnknownKey => limits::UNKNOWN_KEY_COOLDOWN_SECONDS.saturating_sub(1),",
    replace: "Self::UnknownKey => 0,",
    test: "resource_server shared_fetch",
  },
  {
    name: "an object makes one fetch for all who ask",
    file: object,
    find: "this.#fetching ??= this.#fetchDocument(asked)",
    replace: "this.#fetching = this.#fetchDocument(asked)",
    test: objects,
  },
  {
    name: "an object leaves a server alone that has failed",
    file: object,
    find: "if (this.#failures === 0) return false;",
    replace: "if (this.#failures >= 0) return false;",
    test: objects,
  },
  {
    name: "an object fetches no URL that a policy could not name",
    file: object,
    find: "if (asked.url !== this.#url || !mayBeFetched(asked))",
    replace: "if (asked.url !== this.#url)",
    test: objects,
  },
  {
    name: "an object fetches one URL",
    file: object,
    find: "if (asked.url !== this.#url || !mayBeFetched(asked))",
    replace: "if (!mayBeFetched(asked))",
    test: objects,
  },
  {
    name: "a page with status 200 is no key set",
    file: object,
    find: "document?.status === 200 && isOne(asked.document, document.text)",
    replace: "document?.status === 200",
    test: objects,
  },
  {
    name: "a store that hangs is waited for a moment only",
    file: "js/within.ts",
    find: "return await Promise.race([promise, tooLong]);",
    replace: "return await Promise.race([promise]);",
    test: conformance,
  },
  {
    name: "a store that fails has nothing, and spoils nothing",
    file: "js/within.ts",
    find: "} catch {\n    return undefined;",
    replace: "} catch (error) {\n    throw error;",
    test: conformance,
  },
  {
    name: "a set that a newer has overtaken is not stored",
    file: "src/resource_server/key_fetch.rs",
    find: "                    if is_kept {",
    replace: "                    if is_kept || true {",
    test: "resource_server stored_keys::",
  },
  {
    name: "metadata that is over ends no back-off of the object's",
    file: "src/resource_server/shared_fetch.rs",
    find: "if asked_at.since(entry.asked_at).as_secs() >= limits::METADATA_TTL_SECONDS {",
    replace: "if false {",
    test: "resource_server shared_fetch::",
  },
  {
    name: "a fetch that fails late opens no back-off",
    file: "src/resource_server/key_cache.rs",
    find: "        if is_late(asked_at, now) {\n            return;",
    replace: "        if false {\n            return;",
    test: "resource_server back_off::",
  },
  {
    name: "a silence that comes late is nobody else's",
    file: "src/resource_server/statements.rs",
    find: "if is_late && matches!",
    replace: "if is_late && false && matches!",
    test: "resource_server introspection_statements::",
  },
];
