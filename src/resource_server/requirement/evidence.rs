//! What a requirement is held against: a good token, and what introspection has said of it.

use alloc::string::String;

use super::{NamedIssuer, SenderConstraint};
use crate::{
    jwt::{Claims, ValidatedToken},
    resource_server::issuer::Issuer,
    time::UnixTime,
};

/// A token on one request.
pub(in crate::resource_server) struct Evidence<'a> {
    /// Its scopes are what introspection has left of them.
    pub(in crate::resource_server) token: &'a ValidatedToken,
    /// What introspection has said of it, where that was asked beside what the token says itself.
    pub(in crate::resource_server) introspected: Option<&'a ValidatedToken>,
    /// The place of its issuer among `issuers`.
    pub(in crate::resource_server) issuer: usize,
    pub(in crate::resource_server) issuers: &'a [Issuer],
    pub(in crate::resource_server) now: UnixTime,
}

impl Evidence<'_> {
    /// Whether a demand on one claim holds: of the token, and of introspection where that speaks of the claim. An answer without it says
    /// nothing about it (RFC 7662 section 2.2).
    pub(super) fn holds(&self, claim: &str, demand: impl Fn(&Claims) -> bool) -> bool {
        let speaks = |said: &&ValidatedToken| said.claims().contains(claim);
        demand(self.token.claims()) && self.introspected.filter(speaks).is_none_or(|said| demand(said.claims()))
    }

    /// Whether it was issued by that one.
    pub(super) fn is_of(&self, named: &NamedIssuer) -> bool {
        let is_of_tenant = |tenant: &String| self.holds("iss", |claims| claims.string("iss") == Ok(Some(tenant)));
        named.place == self.issuer && named.tenant.as_ref().is_none_or(is_of_tenant)
    }

    /// Whether `aud` names one of these.
    pub(super) fn is_for(&self, audience: &[String]) -> bool {
        let names_one = |claims: &Claims| {
            let named = claims.string_or_list("aud").ok().flatten().unwrap_or_default();
            named.iter().any(|named| audience.iter().any(|own| own == named))
        };
        self.holds("aud", names_one)
    }

    /// Whether it is bound in a way that is taken.
    pub(super) fn is_bound_by(&self, constraint: SenderConstraint) -> bool {
        let is_met = |token: &ValidatedToken| token.confirmation().is_ok_and(|bound| constraint.is_met_by(bound));
        let speaks = |said: &&ValidatedToken| said.claims().contains("cnf");
        is_met(self.token) && self.introspected.filter(speaks).is_none_or(is_met)
    }

    /// How far its issuer's clock may differ from ours.
    pub(super) fn clock_tolerance_seconds(&self) -> u64 {
        self.issuers.get(self.issuer).map_or(0, |issuer| issuer.rules.clock_tolerance_seconds())
    }
}
