//! The claim rules: the only place that makes a [`ValidatedToken`].

use alloc::string::String;

use serde::de::DeserializeOwned;
use serde_json::Value;

use super::{Claims, Profile, Scope};
use crate::{
    error::Error,
    jose::VerifiedJws,
    time::{NumericDate, UnixTime},
};

/// What a token must say to be taken.
#[derive(Clone, Copy, Debug)]
pub struct Expectations<'a> {
    /// The issuer, compared exactly (RFC 7519 section 4.1.1; RFC 8414 section 2 gives it one spelling).
    pub issuer: &'a str,
    /// The audiences: `aud` must name one of them exactly (RFC 7519 section 4.1.3).
    pub audience: &'a [String],
    /// The kind of token.
    pub profile: Profile,
    /// How far the clocks may differ, in seconds. It widens `exp`, `nbf` and `iat` alike.
    pub clock_tolerance_seconds: u64,
}

/// A token whose signature and claims hold, at the moment it was validated.
#[derive(Clone, Debug)]
pub struct ValidatedToken {
    claims: Claims,
    scope: Scope,
    expires_at: NumericDate,
}

impl ValidatedToken {
    /// All claims.
    pub const fn claims(&self) -> &Claims {
        &self.claims
    }

    /// The scopes it grants.
    pub const fn scope(&self) -> &Scope {
        &self.scope
    }

    /// When it expires.
    pub const fn expires_at(&self) -> NumericDate {
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

    /// The claims as a type of the caller's.
    ///
    /// # Errors
    /// `claim_invalid` where they don't fit it.
    pub fn deserialize<T: DeserializeOwned>(&self) -> Result<T, Error> {
        T::deserialize(Value::Object(self.claims.as_object().clone()))
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

/// Checks a verified token's claims at `now`: type, issuer, audience, times, then what the profile requires.
///
/// # Errors
/// `type_mismatch`, `claim_missing`, `claim_invalid`, `issuer_unknown`, `proof_of_possession_missing`, `audience_mismatch`,
/// `token_expired`, `token_not_yet_valid`, `token_issued_in_future`.
pub fn validate(jws: VerifiedJws, expected: &Expectations<'_>, now: UnixTime) -> Result<ValidatedToken, Error> {
    let (header, payload) = jws.into_parts();
    let claims = Claims::new(payload);
    expected.profile.check_type(&header, &claims)?;
    if !claims.contains("iss") {
        return Err(Error::ClaimMissing { claim: "iss" });
    }
    validate_claims(claims, expected, now)
}

/// Checks claims that an authenticated authorization server vouches for: a verified token's, or an introspection answer's.
/// There `iss` is optional (RFC 7662 section 2.2), but never another's.
///
/// # Errors
/// Those of [`validate`] but for `type_mismatch`.
pub(crate) fn validate_claims(
    claims: Claims,
    expected: &Expectations<'_>,
    now: UnixTime,
) -> Result<ValidatedToken, Error> {
    if claims.string("iss")?.is_some_and(|issuer| issuer != expected.issuer) {
        return Err(Error::IssuerUnknown);
    }
    if expected.profile.is_access_token() && claims.contains("cnf") {
        return Err(Error::ProofOfPossessionMissing);
    }
    let audience = claims.string_or_list("aud")?.ok_or(Error::ClaimMissing { claim: "aud" })?;
    if !audience.iter().any(|named| expected.audience.iter().any(|own| own == named)) {
        return Err(Error::AudienceMismatch);
    }
    let expires_at = check_times(&claims, expected.clock_tolerance_seconds, now)?;
    for claim in expected.profile.required_claims() {
        if !claims.contains(claim) {
            return Err(Error::ClaimMissing { claim });
        }
    }
    for claim in ["sub", "client_id", "azp", "jti"] {
        claims.string(claim)?;
    }
    let scope = Scope::of_claims(&claims)?;
    Ok(ValidatedToken { claims, scope, expires_at })
}

/// `exp` is the first moment at which the token is no longer good, `nbf` the first at which it is (RFC 7519 sections 4.1.4, 4.1.5).
fn check_times(claims: &Claims, tolerance: u64, now: UnixTime) -> Result<NumericDate, Error> {
    let expires_at = claims.numeric_date("exp")?.ok_or(Error::ClaimMissing { claim: "exp" })?;
    let not_before = claims.numeric_date("nbf")?;
    let issued_at = claims.numeric_date("iat")?;
    if !expires_at.is_after(now.minus(tolerance)) {
        return Err(Error::TokenExpired);
    }
    if not_before.is_some_and(|not_before| not_before.is_after(now.plus(tolerance))) {
        return Err(Error::TokenNotYetValid);
    }
    if issued_at.is_some_and(|issued_at| issued_at.is_after(now.plus(tolerance))) {
        return Err(Error::TokenIssuedInFuture);
    }
    Ok(expires_at)
}
