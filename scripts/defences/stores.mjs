// Defences of keys from the stores that isolates share; see list.mjs for what an entry says.

const cache = "src/resource_server/key_cache.rs";
const entries = "src/resource_server/key_stores.rs";
const stored = "src/resource_server/stored_keys.rs";
const test = "resource_server stored_keys";
const moved = "js/key-stores.ts";
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
    name: "a store that hangs is waited for a moment only",
    file: moved,
    find: "return await Promise.race([promise, tooLong]);",
    replace: "return await Promise.race([promise]);",
    test: conformance,
  },
  {
    name: "a store that fails has nothing, and spoils nothing",
    file: moved,
    find: "} catch {\n    return undefined;",
    replace: "} catch (error) {\n    throw error;",
    test: conformance,
  },
];
