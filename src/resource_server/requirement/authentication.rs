//! How, and how lately, the token's user has authenticated (RFC 9470): `acr` and `auth_time` of the token.

use alloc::string::{String, ToString};

use super::Evidence;
use crate::{
    jwt::{Claims, Scope},
    time::UnixTime,
};

/// The demand on an authentication.
#[derive(Clone, Debug, Default)]
pub(super) struct Authentication {
    /// `acr` must be one of these, which stand in the order of preference; empty where any will do. They are words as scopes are, and
    /// stand in a quoted string as they do.
    acr_values: Scope,
    /// How long ago the user may have authenticated, in seconds.
    max_age: Option<u64>,
}

impl Authentication {
    pub(super) const fn new(acr_values: Scope, max_age: Option<u64>) -> Self {
        Self { acr_values, max_age }
    }

    /// Names each member that is not met. A claim that is absent, or of another type, meets none.
    pub(super) fn each_unmet(&self, evidence: &Evidence<'_>, unmet: &mut dyn FnMut(&'static str)) {
        let is_asked_for = |claims: &Claims| {
            let acr = claims.string("acr").ok().flatten();
            acr.is_some_and(|acr| self.acr_values.iter().any(|asked| asked == acr))
        };
        if !self.acr_values.is_empty() && !evidence.holds("acr", is_asked_for) {
            unmet("acr_values");
        }
        let tolerance = evidence.clock_tolerance_seconds();
        let is_late_enough = |claims: &Claims, max_age| is_within(claims, max_age, tolerance, evidence.now);
        if self.max_age.is_some_and(|max_age| !evidence.holds("auth_time", |claims| is_late_enough(claims, max_age))) {
            unmet("max_age");
        }
    }

    /// What meets both: the contexts that both name, and the shorter time. Where no context is named by both, nothing would do; then the
    /// first's are asked for.
    pub(super) fn and(mut self, other: &Self) -> Self {
        let both = self.acr_values.intersection(&other.acr_values);
        if self.acr_values.is_empty() {
            self.acr_values = other.acr_values.clone();
        } else if !both.is_empty() {
            self.acr_values = both;
        }
        self.max_age = [self.max_age, other.max_age].into_iter().flatten().min();
        self
    }

    /// As the challenge says it (RFC 9470 section 3): the contexts separated by spaces, the seconds.
    pub(super) fn into_parts(self) -> (Option<String>, Option<u64>) {
        let acr_values = Some(self.acr_values).filter(|values| !values.is_empty());
        (acr_values.map(|values| values.to_string()), self.max_age)
    }
}

/// An age can be told only of what has happened.
fn is_within(claims: &Claims, max_age: u64, tolerance: u64, now: UnixTime) -> bool {
    let at = claims.numeric_date("auth_time").ok().flatten();
    at.is_some_and(|at| !at.is_after(now.plus(tolerance)) && at.is_at_or_after(now.minus(max_age).minus(tolerance)))
}
