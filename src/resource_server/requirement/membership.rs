//! Roles, groups and entitlements of the token's subject (RFC 9068 section 2.2.3.1).

use alloc::{string::String, vec, vec::Vec};

use crate::{json::Value, jwt::Claims};

/// The claims that say them, and the members of a policy that demand them.
pub(super) const CLAIMS: [&str; 3] = ["roles", "groups", "entitlements"];

/// The subject has all of these.
#[derive(Clone, Debug)]
pub(super) struct Membership {
    claim: &'static str,
    demanded: Vec<String>,
}

impl Membership {
    pub(super) const fn new(claim: &'static str, demanded: Vec<String>) -> Self {
        Self { claim, demanded }
    }

    pub(super) const fn claim(&self) -> &'static str {
        self.claim
    }

    pub(super) fn holds(&self, claims: &Claims) -> bool {
        let held = claims.get(self.claim).and_then(values).unwrap_or_default();
        self.demanded.iter().all(|demanded| held.contains(&demanded.as_str()))
    }
}

/// The values of the claim: texts, or objects whose `value` is one, as SCIM has them (RFC 7643 sections 2.4 and 4.1.2). A text alone is one
/// value, spaces included: "not admin" must not make an admin. `None` where anything else is among them.
fn values(claim: &Value) -> Option<Vec<&str>> {
    match claim {
        Value::String(text) => Some(vec![text.as_str()]),
        Value::Array(elements) => {
            elements.iter().map(|element| element.as_str().or_else(|| element.get("value")?.as_str())).collect()
        }
        _ => None,
    }
}
