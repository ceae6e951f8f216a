//! What a route demands of a token and of what introspection says about it, as the policy reads.

use serde_json::{Value, json};

use super::reference::Expected;

/// Whether a token's `iss` is that of an issuer, or of one of its tenants.
pub(super) fn issues(issuer: &Value, claims: &Value) -> bool {
    let (text, iss) = (issuer["issuer"].as_str().unwrap_or_default(), claims["iss"].as_str().unwrap_or_default());
    if !text.contains("{tenantid}") {
        return text == iss;
    }
    let tenant = tenant(text, iss);
    tenant.is_some_and(|tenant| issuer["tenants"] == "any" || texts(&issuer["tenants"]).iter().any(|own| own == tenant))
}

/// The tenant that an `iss` names: one word where the template has its place.
pub(super) fn tenant<'a>(template: &str, iss: &'a str) -> Option<&'a str> {
    let (before, after) = template.split_once("{tenantid}")?;
    let tenant = iss.strip_prefix(before)?.strip_suffix(after)?;
    let is_word = tenant.chars().all(|character| character.is_ascii_alphanumeric() || "-_".contains(character));
    Some(tenant).filter(|tenant| is_word && !tenant.is_empty())
}

/// What is known of the token.
pub(super) struct Facts<'a> {
    pub(super) claims: &'a Value,
    pub(super) answer: Option<&'a Value>,
    pub(super) tolerance: u64,
    pub(super) now: u64,
}

impl Facts<'_> {
    /// Whether something holds of the token's claims and of the answer's, where the answer has the claim.
    fn hold(&self, claim: &str, of: impl Fn(&Value) -> bool) -> bool {
        of(self.claims) && self.answer.is_none_or(|answer| answer.get(claim).is_none() || of(answer))
    }

    fn has_scope(&self, word: &str) -> bool {
        self.hold("scope", |said| said["scope"].as_str().unwrap_or_default().split(' ').any(|own| own == word))
    }
}

/// Every demand that is not met by its kind, from "token" over "rights" and "scope" to "authentication".
type Kinds = [bool; 4];

const NOTHING: Kinds = [false; 4];

/// The refusal, where there is one.
pub(super) fn judge(route: &Value, facts: &Facts<'_>) -> Option<Expected> {
    let missing = missing(route, facts);
    assert_eq!(missing == NOTHING, holds(route, facts), "the reference agrees with itself");
    let mut needed = (Vec::new(), Vec::new(), Vec::new());
    need(route, facts, &mut needed);
    let scope = missing[2].then(|| needed.0.join(" "));
    let mut expected = match missing {
        NOTHING => return None,
        [true, ..] => Expected::plain(401, Some("invalid_token")),
        [_, true, ..] => Expected::plain(403, Some("insufficient_scope")),
        [_, _, _, true] => Expected {
            scope,
            acr_values: common(&needed.1).map(|words| words.join(" ")),
            max_age: needed.2.iter().min().map(u64::to_string),
            ..Expected::plain(401, Some("insufficient_user_authentication"))
        },
        _ => Expected { scope, ..Expected::plain(403, Some("insufficient_scope")) },
    };
    if missing[0] || missing[1] {
        expected.scope = None;
    }
    Some(expected)
}

/// The demands of a requirement's own, each with its kind.
fn own(said: &Value, facts: &Facts<'_>) -> Vec<(usize, bool)> {
    let mut met = Vec::new();
    let words = |member: &str| said[member].as_str().unwrap_or_default().split(' ').filter(|word| !word.is_empty());
    met.extend(words("scope").map(|word| (2, facts.has_scope(word))));
    if let Some(issuer) = said.get("issuer") {
        let is_of = |own: &String| issues(&json!({ "issuer": own, "tenants": "any" }), facts.claims);
        met.push((0, texts(issuer).iter().any(is_of)));
    }
    if let Some(audience) = said.get("audience") {
        let own = texts(audience);
        met.push((0, facts.hold("aud", |said| texts(&said["aud"]).iter().any(|named| own.contains(named)))));
    }
    if let Some(ways) = said.get("sender_constraint") {
        let is_bound = |said: &Value| {
            texts(ways).iter().any(|way| said["cnf"][if way == "dpop" { "jkt" } else { "x5t#S256" }].is_string())
        };
        met.push((0, facts.hold("cnf", is_bound)));
    }
    for claim in ["roles", "groups", "entitlements"] {
        for role in said.get(claim).map(texts).unwrap_or_default() {
            met.push((1, facts.hold(claim, |said| members(&said[claim]).contains(&role))));
        }
    }
    for condition in said["claims"].as_array().into_iter().flatten() {
        let path = path(&condition["path"]);
        met.push((1, facts.hold(&path[0], |said| meets(condition, at(said, &path)))));
    }
    if said.get("acr_values").is_some() {
        met.push((3, facts.hold("acr", |claims| words("acr_values").any(|value| claims["acr"] == value))));
    }
    if let Some(max_age) = said["max_age"].as_u64() {
        let within = |claims: &Value| {
            let time = claims["auth_time"].as_u64();
            time.is_some_and(|time| {
                time <= facts.now + facts.tolerance && time + max_age + facts.tolerance >= facts.now
            })
        };
        met.push((3, facts.hold("auth_time", within)));
    }
    met
}

/// Whether it is met, as it reads.
fn holds(said: &Value, facts: &Facts<'_>) -> bool {
    own(said, facts).iter().all(|(_, is_met)| *is_met)
        && inside(said, "all_of").iter().all(|part| holds(part, facts))
        && (said.get("any_of").is_none() || inside(said, "any_of").iter().any(|part| holds(part, facts)))
}

fn missing(said: &Value, facts: &Facts<'_>) -> Kinds {
    let mut kinds = NOTHING;
    for (kind, is_met) in own(said, facts) {
        kinds[kind] |= !is_met;
    }
    let parts = inside(said, "all_of").iter().map(|part| missing(part, facts)).collect::<Vec<_>>();
    let nearest = inside(said, "any_of").iter().map(|part| missing(part, facts)).min();
    for part in parts.into_iter().chain(nearest) {
        for (own, other) in kinds.iter_mut().zip(part) {
            *own |= other;
        }
    }
    kinds
}

/// Scopes, lists of contexts and ages that the nearest way asks for.
fn need(said: &Value, facts: &Facts<'_>, needed: &mut (Vec<String>, Vec<Vec<String>>, Vec<u64>)) {
    let words = |member: &str| -> Vec<String> {
        let words = said[member].as_str().unwrap_or_default().split(' ').filter(|word| !word.is_empty());
        words.fold(Vec::new(), |mut all, word| {
            if !all.iter().any(|own| own == word) {
                all.push(word.into());
            }
            all
        })
    };
    let new: Vec<_> = words("scope").into_iter().filter(|word| !needed.0.contains(word)).collect();
    needed.0.extend(new);
    needed.1.extend(Some(words("acr_values")).filter(|values| !values.is_empty()));
    needed.2.extend(said["max_age"].as_u64());
    for part in inside(said, "all_of") {
        need(part, facts, needed);
    }
    let alternatives = inside(said, "any_of");
    let least = alternatives.iter().map(|part| missing(part, facts)).min();
    if let Some(nearest) = alternatives.iter().find(|part| Some(missing(part, facts)) == least) {
        need(nearest, facts, needed);
    }
}

/// Those of the first list that each further one has as well, as long as any are left.
fn common(lists: &[Vec<String>]) -> Option<Vec<String>> {
    let (first, rest) = lists.split_first()?;
    Some(rest.iter().fold(first.clone(), |left, list| {
        let both: Vec<_> = left.iter().filter(|word| list.contains(word)).cloned().collect();
        if both.is_empty() { left } else { both }
    }))
}

pub(super) fn inside<'a>(said: &'a Value, member: &str) -> &'a [Value] {
    said.get(member).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
}

/// A text alone, or the texts of a list.
pub(super) fn texts(value: &Value) -> Vec<String> {
    match value {
        Value::String(text) => vec![text.clone()],
        Value::Array(list) => list.iter().filter_map(Value::as_str).map(Into::into).collect(),
        _ => Vec::new(),
    }
}

/// Roles: a text, or a list of texts and of objects with a `value`, and nothing else in it.
fn members(value: &Value) -> Vec<String> {
    let list = match value {
        Value::String(text) => return vec![text.clone()],
        Value::Array(list) => list,
        _ => return Vec::new(),
    };
    let read: Option<Vec<String>> =
        list.iter().map(|one| one.as_str().or_else(|| one.get("value")?.as_str()).map(Into::into)).collect();
    read.unwrap_or_default()
}

/// The names of a claim's path: of one text those between its dots.
pub(super) fn path(said: &Value) -> Vec<String> {
    match said {
        Value::String(text) => text.split('.').map(Into::into).collect(),
        list => texts(list),
    }
}

pub(super) fn at<'a>(claims: &'a Value, path: &[String]) -> Option<&'a Value> {
    path.iter().try_fold(claims, |value, name| value.as_object()?.get(name))
}

fn meets(condition: &Value, claim: Option<&Value>) -> bool {
    let words: Vec<String> = match claim {
        Some(Value::String(text)) => text.split(' ').filter(|word| !word.is_empty()).map(Into::into).collect(),
        Some(Value::Array(list)) if list.iter().all(Value::is_string) => texts(&Value::Array(list.clone())),
        _ => Vec::new(),
    };
    if condition.get("present").is_some() {
        return claim.is_some_and(|claim| !claim.is_null());
    }
    if let Some(value) = condition.get("equals") {
        return claim.is_some_and(|claim| is_same(claim, value));
    }
    if let Some(any) = condition.get("any_of") {
        return texts(any).iter().any(|word| words.contains(word));
    }
    texts(&condition["all_of"]).iter().all(|word| words.contains(word))
}

/// Numbers by what they amount to.
fn is_same(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Number(one), Value::Number(other)) => one.as_f64() == other.as_f64(),
        (Value::Array(one), Value::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| is_same(one, other))
        }
        (Value::Object(one), Value::Object(other)) => {
            one.len() == other.len()
                && one.iter().all(|(name, one)| other.get(name).is_some_and(|other| is_same(one, other)))
        }
        _ => one == other,
    }
}
