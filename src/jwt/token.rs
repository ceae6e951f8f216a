//! A token that holds, and what it says.

#[cfg(feature = "serde")]
use serde::de::DeserializeOwned;

use super::{Claims, Confirmation, Scope, TakenBindings};
use crate::{error::Error, json::Value, time::NumericDate};

/// A token whose signature and claims hold, at the moment it was validated.
#[derive(Clone, Debug)]
pub struct ValidatedToken {
    claims: Claims,
    scope: Scope,
    expires_at: Option<NumericDate>,
}

impl ValidatedToken {
    pub(super) const fn new(claims: Claims, scope: Scope, expires_at: Option<NumericDate>) -> Self {
        Self { claims, scope, expires_at }
    }

    /// All claims.
    pub const fn claims(&self) -> &Claims {
        &self.claims
    }

    /// The scopes it grants.
    pub const fn scope(&self) -> &Scope {
        &self.scope
    }

    /// When it expires; `None` only where the rules take a token without `exp`.
    pub const fn expires_at(&self) -> Option<NumericDate> {
        self.expires_at
    }

    /// The `iss` claim.
    pub fn issuer(&self) -> Option<&str> {
        self.text("iss")
    }

    /// The `sub` claim.
    pub fn subject(&self) -> Option<&str> {
        self.text("sub")
    }

    /// The client it was issued to: `client_id` (RFC 8693 section 4.3), or `azp` where that is absent.
    pub fn client_id(&self) -> Option<&str> {
        self.text("client_id").or_else(|| self.text("azp"))
    }

    /// The `jti` claim.
    pub fn jti(&self) -> Option<&str> {
        self.text("jti")
    }

    /// What it is bound to. Only a gate takes bound access tokens, and it demands a proof of every binding.
    ///
    /// # Errors
    /// `proof_of_possession_missing` where `cnf` has a member that nothing here can prove.
    pub fn confirmation(&self) -> Result<Confirmation<'_>, Error> {
        Confirmation::of(&self.claims, TakenBindings::ALL)
    }

    /// The claims as a type of the caller's (feature `serde`).
    ///
    /// # Errors
    /// `claim_invalid` where they don't fit it.
    #[cfg(feature = "serde")]
    pub fn deserialize<T: DeserializeOwned>(&self) -> Result<T, Error> {
        T::deserialize(serde_json::Value::from(self.claims.as_object()))
            .map_err(|_| Error::ClaimInvalid { claim: "(typed claims)" })
    }

    /// The same token, granting no more than `scope` as well.
    #[must_use]
    pub(crate) fn limited_to(mut self, scope: &Scope) -> Self {
        self.scope = self.scope.intersection(scope);
        self
    }

    fn text(&self, claim: &str) -> Option<&str> {
        self.claims.get(claim).and_then(Value::as_str)
    }
}
