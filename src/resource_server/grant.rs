//! What a validated token grants on a route: the stage between "the token is good" and "the request may pass".

use super::route::Route;
use crate::{error::Error, jwt::ValidatedToken};

/// A token that is good and carries what the route demands. Only the gate makes one.
#[derive(Debug)]
pub struct Grant(ValidatedToken);

impl Grant {
    /// Holds the token's scopes against the route's.
    ///
    /// # Errors
    /// `scope_missing`.
    pub(super) fn new(token: ValidatedToken, route: &Route) -> Result<Self, Error> {
        if token.scope().contains_all(&route.scope) {
            Ok(Self(token))
        } else {
            Err(Error::ScopeMissing { scope: alloc::format!("{}", route.scope) })
        }
    }

    /// The token behind it.
    pub const fn token(&self) -> &ValidatedToken {
        &self.0
    }
}
