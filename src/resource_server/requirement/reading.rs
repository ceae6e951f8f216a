//! Requirements as a policy says them. Nothing in one may be empty: who wrote it meant to demand something.

use alloc::{boxed::Box, format, string::String, vec::Vec};

use super::{Authentication, Further, Membership, NamedIssuer, Requirement, SenderConstraint, membership};
use crate::{
    error::Problems,
    json::{Fields, Value},
    jwt::{ClaimCondition, Scope, TenantTemplate},
    limits,
    resource_server::{claim_path, tenants},
};

/// What a condition on a claim may say.
const CONDITION_MEMBERS: [&str; 5] = ["path", "present", "equals", "any_of", "all_of"];

const TAKEN: &str =
    "a way of binding whose proofs the policy takes: \"dpop\", \"mtls\", where it says \"dpop\", \"mtls\"";

const NO_WORDS: &str = "must be space-separated scopes (RFC 6749 section 3.3)";

/// Reads the requirements of one policy.
pub(in crate::resource_server) struct Reader<'a> {
    /// The issuers of the policy, in their order, each with its tenants where it is many; and all their audiences.
    issuers: Vec<(&'a str, Option<TenantTemplate>)>,
    audiences: Vec<&'a str>,
    /// The ways of binding whose proofs the policy takes.
    constraints: Vec<&'a str>,
    /// How many more may stand inside of the route that is being read.
    left: usize,
}

impl<'a> Reader<'a> {
    /// What a requirement may say. A route says it among its own members.
    pub(in crate::resource_server) const MEMBERS: [&'static str; 12] = [
        "scope",
        "issuer",
        "audience",
        "roles",
        "groups",
        "entitlements",
        "claims",
        "acr_values",
        "max_age",
        "sender_constraint",
        "all_of",
        "any_of",
    ];

    pub(in crate::resource_server) fn of(policy: &Fields<'a>) -> Self {
        let issuers = policy.value("issuers").and_then(Value::as_array).unwrap_or_default();
        let audience = |issuer: &'a Value| match issuer.get("audience") {
            Some(Value::Array(elements)) => elements.as_slice(),
            Some(text) => core::slice::from_ref(text),
            None => &[],
        };
        // A route that demands another could be opened by nothing.
        let is_taken = |name: &&str| policy.value(name).is_some_and(|value| !value.is_null());
        Self {
            constraints: SenderConstraint::NAMES.into_iter().filter(is_taken).collect(),
            issuers: issuers.iter().map(issuer_of).collect(),
            audiences: issuers.iter().flat_map(audience).filter_map(Value::as_str).collect(),
            left: 0,
        }
    }

    /// Reads what a route demands, from among its members.
    pub(in crate::resource_server) fn of_route(&mut self, fields: &Fields<'_>, problems: &mut Problems) -> Requirement {
        self.left = limits::MAX_ROUTE_REQUIREMENTS;
        self.read(fields, 0, problems)
    }

    fn read(&mut self, fields: &Fields<'_>, depth: usize, problems: &mut Problems) -> Requirement {
        let scope = Scope::parse(fields.defaulted_text("scope", problems).unwrap_or_default());
        if scope.is_none() {
            fields.refuse("scope", NO_WORDS, problems);
        }
        let issuers = self.read_issuers(fields, problems);
        let audience = named(fields, "audience", &self.audiences, "one of the issuers' audiences", problems);
        let constraint = named(fields, "sender_constraint", &self.constraints, TAKEN, problems);
        let further = Further {
            issuers,
            audience: audience.into_iter().map(Into::into).collect(),
            memberships: read_memberships(fields, problems),
            conditions: read_conditions(fields, problems),
            authentication: read_authentication(fields, problems),
            sender_constraint: SenderConstraint::of(&constraint),
            all_of: self.read_list(fields, "all_of", depth, problems),
            any_of: self.read_list(fields, "any_of", depth, problems),
        };
        // Where it is not good, the policy is refused; what else is wrong is told, too.
        Requirement {
            scope: scope.unwrap_or_default(),
            further: Some(further).filter(|further| !further.is_empty()).map(Box::new),
        }
    }

    /// Issuers by the policy's own text, which is all tenants where that has a place for them, or by that of one tenant.
    fn read_issuers(&self, fields: &Fields<'_>, problems: &mut Problems) -> Vec<NamedIssuer> {
        let mut issuers = Vec::new();
        for word in words(fields, "issuer", problems) {
            let had = issuers.len();
            for (place, (text, template)) in self.issuers.iter().enumerate() {
                if *text == word {
                    issuers.push(NamedIssuer { place, tenant: None });
                } else if template.as_ref().is_some_and(|template| template.takes(word)) {
                    issuers.push(NamedIssuer { place, tenant: Some(word.into()) });
                }
            }
            if issuers.len() == had {
                fields.refuse("issuer", "must be one of the policy's issuers, or a list of them", problems);
                break;
            }
        }
        issuers
    }

    fn read_list(
        &mut self,
        fields: &Fields<'_>,
        member: &str,
        depth: usize,
        problems: &mut Problems,
    ) -> Vec<Requirement> {
        let Some(list) = fields.defaulted_list(member, problems) else {
            return Vec::new();
        };
        let deepest = limits::MAX_REQUIREMENT_DEPTH;
        if list.is_empty() {
            fields.refuse(member, "must hold at least one requirement", problems);
        }
        if depth >= deepest {
            fields.refuse(member, &format!("must not stand inside of more than {deepest} others"), problems);
            return Vec::new();
        }
        let mut requirements = Vec::new();
        for (index, value) in list.iter().enumerate() {
            let Some(left) = self.left.checked_sub(1) else {
                let most = limits::MAX_ROUTE_REQUIREMENTS;
                fields.refuse(
                    member,
                    &format!("is too much: a route has at most {most} requirements inside"),
                    problems,
                );
                break;
            };
            self.left = left;
            let Some(element) = Fields::of_element(value, fields.at_element(member, index), &Self::MEMBERS, problems)
            else {
                continue;
            };
            let had = problems.count();
            let requirement = self.read(&element, depth.saturating_add(1), problems);
            if requirement.is_empty() && problems.count() == had {
                problems
                    .add(&fields.at_element(member, index), "must demand something; every good token would meet it");
            }
            requirements.push(requirement);
        }
        requirements
    }
}

fn issuer_of(issuer: &Value) -> (&str, Option<TenantTemplate>) {
    (issuer.get("issuer").and_then(Value::as_str).unwrap_or_default(), tenants::template_of(issuer))
}

impl Further {
    fn is_empty(&self) -> bool {
        self.issuers.is_empty()
            && self.audience.is_empty()
            && self.memberships.is_empty()
            && self.conditions.is_empty()
            && self.authentication.is_none()
            && self.sender_constraint.is_none()
            && self.all_of.is_empty()
            && self.any_of.is_empty()
    }
}

/// A text or a list of texts, none of them empty; none where the member is absent.
fn words<'a>(fields: &Fields<'a>, member: &str, problems: &mut Problems) -> Vec<&'a str> {
    let Some(words) = fields.defaulted_text_or_texts(member, problems) else {
        return Vec::new();
    };
    let most = limits::MAX_REQUIREMENT_WORDS;
    if words.is_empty() || words.len() > most || words.contains(&"") {
        fields.refuse(member, &format!("must name from 1 to {most}, none of them empty"), problems);
        return Vec::new();
    }
    words
}

/// Words that are all among those there are.
fn named<'a>(fields: &Fields<'a>, member: &str, known: &[&str], what: &str, problems: &mut Problems) -> Vec<&'a str> {
    let words = words(fields, member, problems);
    if !words.iter().all(|word| known.contains(word)) {
        fields.refuse(member, &format!("must be {what}, or a list of them"), problems);
    }
    words
}

fn read_memberships(fields: &Fields<'_>, problems: &mut Problems) -> Vec<Membership> {
    let demanded = |claim| words(fields, claim, problems).into_iter().map(Into::into).collect::<Vec<String>>();
    let all = membership::CLAIMS.map(demanded);
    let said = membership::CLAIMS.into_iter().zip(all).filter(|(_, demanded)| !demanded.is_empty());
    said.map(|(claim, demanded)| Membership::new(claim, demanded)).collect()
}

fn read_authentication(fields: &Fields<'_>, problems: &mut Problems) -> Option<Authentication> {
    let max_age = fields.defaulted_count("max_age", problems);
    let said = fields.defaulted_text("acr_values", problems);
    let acr_values = said.and_then(|text| Scope::parse(text).filter(|values| !values.is_empty()));
    if said.is_some() && acr_values.is_none() {
        let problem = "must be space-separated values of \"acr\", in the order of preference (RFC 9470 section 3)";
        fields.refuse("acr_values", problem, problems);
    }
    let is_said = acr_values.is_some() || max_age.is_some();
    is_said.then(|| Authentication::new(acr_values.unwrap_or_default(), max_age))
}

fn read_conditions(fields: &Fields<'_>, problems: &mut Problems) -> Vec<ClaimCondition> {
    let Some(list) = fields.defaulted_list("claims", problems) else {
        return Vec::new();
    };
    let most = limits::MAX_REQUIREMENT_CONDITIONS;
    if list.is_empty() || list.len() > most {
        fields.refuse("claims", &format!("must hold from 1 to {most} conditions"), problems);
    }
    let read = |(index, value)| {
        let at = fields.at_element("claims", index);
        let condition = Fields::of_element(value, at.clone(), &CONDITION_MEMBERS, problems)?;
        let said = CONDITION_MEMBERS.iter().skip(1).filter(|member| condition.value(member).is_some());
        if said.count() != 1 {
            problems.add(&at, "must say one of present, equals, any_of, all_of");
        }
        read_condition(&condition, problems)
    };
    list.iter().take(most).enumerate().filter_map(read).collect()
}

fn read_condition(fields: &Fields<'_>, problems: &mut Problems) -> Option<ClaimCondition> {
    let path = claim_path::read(fields, problems);
    let is_present = fields.switch("present", problems);
    if fields.value("present") == Some(&Value::Bool(false)) {
        fields.refuse("present", "must be true; that a claim is absent can't be demanded", problems);
    }
    let equals = fields.value("equals");
    if equals.is_some_and(Value::is_null) {
        fields.refuse("equals", "must not be null", problems);
    }
    let any_of = words(fields, "any_of", problems);
    let all_of = words(fields, "all_of", problems);
    let path = path?;
    Some(match equals {
        Some(value) => ClaimCondition::equals(path, value.clone()),
        None if is_present => ClaimCondition::present(path),
        None if !any_of.is_empty() => ClaimCondition::any_of(path, any_of),
        None => ClaimCondition::all_of(path, all_of),
    })
}
