// Defences of what a route demands.

const requirement = "src/resource_server/requirement.rs";
const reading = "src/resource_server/requirement/reading.rs";
const authentication = "src/resource_server/requirement/authentication.rs";

/** @type {import("./list.mjs").Defence[]} */
export const requirementDefences = [
  {
    name: "scopes are compared",
    file: requirement,
    find: "if !evidence.token.scope().contains_all(&self.scope) {",
    replace: "if false && !evidence.token.scope().contains_all(&self.scope) {",
    test: "resource_server",
  },
  {
    name: "a route's issuers are compared",
    file: requirement,
    find: "!further.issuers.contains(&evidence.issuer)",
    replace: "further.issuers.len() > evidence.issuers.len()",
    test: "attacks",
  },
  {
    name: "roles are compared",
    file: requirement,
    find: "if !evidence.holds(membership.claim(), |claims| membership.holds(claims)) {",
    replace: "if false && !evidence.holds(membership.claim(), |claims| membership.holds(claims)) {",
    test: "attacks",
  },
  {
    name: "a route for bound tokens takes no other",
    file: requirement,
    find: "if further.sender_constraint.is_some_and(|constraint| !evidence.is_bound_by(constraint)) {",
    replace:
      "if further.sender_constraint.is_some_and(|constraint| false && !evidence.is_bound_by(constraint)) {",
    test: "attacks",
  },
  {
    name: "a route for bound tokens takes no other (policies by chance)",
    file: "src/resource_server/requirement/sender_constraint.rs",
    find: "(self.dpop && confirmation.jkt.is_some())",
    replace: "(self.dpop && (confirmation.jkt.is_some() || confirmation.is_unbound()))",
    test: "resource_server policy_mutation",
  },
  {
    name: "what is demanded of a binding can be proved",
    file: reading,
    find: "policy.value(name).is_some_and(|value| !value.is_null())",
    replace: "policy.value(name).is_none_or(|value| !value.is_null())",
    test: "resource_server",
  },
  {
    name: "the metadata requires bound tokens only where each route does",
    file: "src/resource_server/route.rs",
    find: "of_tokens.all(|route|",
    replace: "of_tokens.any(|route|",
    test: "resource_server",
  },
  {
    name: "a text is one role, and not words",
    file: "src/resource_server/requirement/membership.rs",
    find: "Value::String(text) => Some(vec![text.as_str()]),",
    replace: "Value::String(text) => Some(text.split(' ').collect()),",
    test: "resource_server",
  },
  {
    name: "a route's conditions on claims are compared",
    file: requirement,
    find: "if !evidence.holds(condition.claim(), |claims| condition.holds(claims)) {",
    replace: "if false && !evidence.holds(condition.claim(), |claims| condition.holds(claims)) {",
    test: "attacks",
  },
  {
    name: "a route's acr_values are compared",
    file: authentication,
    find: "acr.is_some_and(|acr| self.acr_values.iter().any(|asked| asked == acr))",
    replace: "acr.is_some() && self.acr_values.iter().next().is_some()",
    test: "resource_server",
  },
  {
    name: "an authentication in the future has no age",
    file: authentication,
    find: "!at.is_after(now.plus(tolerance)) && ",
    replace: "",
    test: "resource_server",
  },
  {
    name: "an authentication grows too old",
    file: authentication,
    find: "&& at.is_at_or_after(now.minus(max_age).minus(tolerance))",
    replace: "",
    test: "resource_server",
  },
  {
    name: "demands hold of what introspection says as well",
    file: "src/resource_server/requirement/evidence.rs",
    find: "self.introspected.filter(speaks).is_none_or(|said| demand(said.claims()))",
    replace: "self.introspected.filter(speaks).is_none_or(|said| demand(said.claims()) || true)",
    test: "attacks",
  },
  {
    name: "one alternative is enough",
    file: requirement,
    find: "further.alternatives(evidence).min().unwrap_or_default()",
    replace: "further.alternatives(evidence).max().unwrap_or_default()",
    test: "resource_server",
  },
  {
    name: "an alternative that misses something is not met",
    file: requirement,
    find: "self.any_of.iter().map(|alternative| alternative.missing(evidence))",
    replace:
      "self.any_of.iter().map(|alternative| alternative.missing(evidence)).filter(|missing| missing.has(Missing::TOKEN))",
    test: "attacks",
  },
  {
    name: "one alternative is enough (policies by chance)",
    file: requirement,
    find: "further.alternatives(evidence).min().unwrap_or_default()",
    replace: "further.alternatives(evidence).fold(Missing::NOTHING, Missing::and)",
    test: "resource_server policy_mutation",
  },
  {
    name: "no alternative is put together of token and answer",
    file: "src/resource_server/requirement/evidence.rs",
    find: "demand(self.token.claims()) && ",
    replace: "(self.introspected.is_some() || demand(self.token.claims())) && ",
    test: "resource_server",
  },
  {
    name: "the nearest alternative is asked for (policies by chance)",
    file: requirement,
    find: "self.any_of.iter().min_by_key(",
    replace: "self.any_of.iter().max_by_key(",
    test: "resource_server policy_mutation",
  },
  {
    name: "a scope is asked for only where it would be enough",
    file: requirement,
    find: "} else if missing.has(Missing::RIGHTS) {",
    replace: "} else if missing.has(Missing::RIGHTS) && !missing.has(Missing::SCOPE) {",
    test: "resource_server",
  },
  {
    name: "an empty requirement is refused",
    file: reading,
    find: "if requirement.is_empty() && problems.count() == had {",
    replace: "if requirement.is_empty() && problems.count() < had {",
    test: "resource_server",
  },
  {
    name: "an empty list of requirements is refused",
    file: reading,
    find: 'fields.refuse(member, "must hold at least one requirement", problems);',
    replace: "",
    test: "resource_server",
  },
  {
    name: "a demand that is null is refused",
    file: "src/json/fields.rs",
    find: "text_or_texts_of(self.member(name, Kind::TextOrTexts, Absence::Defaulted, problems)?)",
    replace: "text_or_texts_of(self.member(name, Kind::TextOrTexts, Absence::Free, problems)?)",
    test: "resource_server",
  },
  {
    name: "a public route demands nothing",
    file: "src/resource_server/route.rs",
    find: "if public && (!requirement.is_empty() || introspection) {",
    replace: "if public && introspection {",
    test: "resource_server",
  },
];
