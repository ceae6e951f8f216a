//! What a validated token grants on a route: the stage between "the token is good" and "the request may pass".

use alloc::sync::Arc;

use super::{issuer::Issuer, known_token::KnownToken, requirement::Evidence, route::Route};
use crate::{error::Error, jwt::ValidatedToken, time::UnixTime};

/// A token that is good and carries what the route demands. Only the gate makes one.
#[derive(Clone, Debug)]
pub struct Grant {
    token: Arc<ValidatedToken>,
    /// The place of its issuer in the policy.
    issuer: usize,
    serial: u64,
}

impl Grant {
    /// Holds the token against what the route demands.
    ///
    /// # Errors
    /// `scope_missing`, `rights_missing`, `authentication_insufficient`, `token_not_for_route`.
    pub(super) fn new(known: KnownToken, route: &Route, issuers: &[Issuer], now: UnixTime) -> Result<Self, Error> {
        let KnownToken { token, issuer, serial, .. } = known;
        Self { token, issuer, serial }.checked(route, None, issuers, now)
    }

    /// What is left of the grant once introspection has spoken: scopes may have been taken away since the token was made, and what the answer
    /// says of other claims must meet the route's demands as well. On what it is silent, it says nothing (RFC 7662 section 2.2).
    ///
    /// # Errors
    /// Those of [`Self::new`], where what is left is not enough for the route.
    pub(super) fn limited_by(
        self,
        introspected: &ValidatedToken,
        route: &Route,
        issuers: &[Issuer],
        now: UnixTime,
    ) -> Result<Self, Error> {
        let is_limited = introspected.claims().contains("scope") || introspected.claims().contains("scp");
        let limited = if is_limited {
            // The token may be known to the gate by what it grants itself, so a copy is limited.
            let token = Arc::unwrap_or_clone(self.token).limited_to(introspected.scope());
            Self { token: Arc::new(token), serial: 0, ..self }
        } else {
            self
        };
        limited.checked(route, Some(introspected), issuers, now)
    }

    fn checked(
        self,
        route: &Route,
        introspected: Option<&ValidatedToken>,
        issuers: &[Issuer],
        now: UnixTime,
    ) -> Result<Self, Error> {
        let evidence = Evidence { token: &self.token, introspected, issuer: self.issuer, issuers, now };
        route.requirement.check(&evidence).map(|()| self)
    }

    /// The token behind it.
    pub fn token(&self) -> &ValidatedToken {
        &self.token
    }

    /// A number under which what was made of the grant can be kept: two grants of one gate that have the same say the same. `None`
    /// where the gate does not remember the token.
    pub fn serial(&self) -> Option<u64> {
        (self.serial != 0).then_some(self.serial)
    }
}
