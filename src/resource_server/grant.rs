//! What a validated token grants on a route: the stage between "the token is good" and "the request may pass".

use alloc::sync::Arc;

use super::{known_token::KnownToken, route::Route};
use crate::{error::Error, jwt::ValidatedToken};

/// A token that is good and carries what the route demands. Only the gate makes one.
#[derive(Clone, Debug)]
pub struct Grant {
    token: Arc<ValidatedToken>,
    serial: u64,
}

impl Grant {
    /// Holds the token's scopes against the route's.
    ///
    /// # Errors
    /// `scope_missing`.
    pub(super) fn new(known: KnownToken, route: &Route) -> Result<Self, Error> {
        let KnownToken { token, serial, .. } = known;
        Self { token, serial }.checked(route)
    }

    /// What is left of the grant once introspection has spoken: scopes may have been taken away since the token was made.
    /// An answer without scopes says nothing about them (RFC 7662 section 2.2).
    ///
    /// # Errors
    /// `scope_missing` where what is left is not enough for the route.
    pub(super) fn limited_by(self, introspected: &ValidatedToken, route: &Route) -> Result<Self, Error> {
        if introspected.claims().contains("scope") || introspected.claims().contains("scp") {
            // The token may be known to the gate by what it grants itself, so a copy is limited.
            let limited = Arc::unwrap_or_clone(self.token).limited_to(introspected.scope());
            return Self { token: Arc::new(limited), serial: 0 }.checked(route);
        }
        Ok(self)
    }

    fn checked(self, route: &Route) -> Result<Self, Error> {
        if self.token.scope().contains_all(&route.scope) {
            Ok(self)
        } else {
            Err(Error::ScopeMissing { scope: alloc::format!("{}", route.scope) })
        }
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
