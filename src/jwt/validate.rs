//! The claim rules at work: the only place that makes a [`ValidatedToken`].

use super::{Claims, Confirmation, Profile, Rules, Scope, ValidatedToken, logout_token};
use crate::{
    error::Error,
    jose::VerifiedJws,
    time::{NumericDate, UnixTime},
};

/// Checks a verified token's claims at `now`: type, issuer, audience, times, what the profile requires, then the rules' own
/// conditions.
///
/// # Errors
/// `token_malformed` where the payload is no claims set; `type_mismatch`, `issuer_unknown`, `tenant_mismatch`,
/// `proof_of_possession_missing`, `audience_mismatch`, `token_expired`, `token_not_yet_valid`, `token_issued_in_future`,
/// `token_too_old`, `claim_missing`, `claim_invalid`, `claim_condition_unmet`; of ID tokens `authorized_party_mismatch`,
/// `nonce_mismatch`, `authentication_too_old`, `authentication_context_mismatch`, `hash_mismatch`; of logout tokens
/// `nonce_forbidden`.
pub fn validate(jws: &VerifiedJws, rules: &Rules, now: UnixTime) -> Result<ValidatedToken, Error> {
    let claims = Claims::of(jws)?;
    rules.profile.check_type(jws.header(), &claims)?;
    rules.issuer.check(&claims, jws.key_issuer())?;
    let token = check(claims, rules, now)?;
    if let Some(check) = rules.check_sign_in {
        check(&rules.sign_in, token.claims(), jws.header().algorithm(), rules.clock_tolerance_seconds, now)?;
    }
    if rules.profile == Profile::LogoutToken {
        logout_token::check(token.claims())?;
    }
    Ok(token)
}

/// Checks claims that an authenticated authorization server vouches for without a signature: an introspection answer's.
///
/// # Errors
/// Those of [`validate`] that claims alone can have.
pub(super) fn validate_vouched(claims: Claims, rules: &Rules, now: UnixTime) -> Result<ValidatedToken, Error> {
    rules.issuer.check_vouched(&claims)?;
    check(claims, rules, now)
}

/// Checks the times of a token again that was validated by the same rules before: of all that the rules of an access token ask,
/// only the times depend on the moment.
///
/// # Errors
/// `token_expired`, `token_not_yet_valid`, `token_issued_in_future`, `token_too_old`.
pub(crate) fn check_times_again(token: &ValidatedToken, rules: &Rules, now: UnixTime) -> Result<(), Error> {
    check_times(token.claims(), rules, now).map(drop)
}

/// The rules that are the same wherever the claims came from.
fn check(claims: Claims, rules: &Rules, now: UnixTime) -> Result<ValidatedToken, Error> {
    if rules.profile.is_access_token() {
        Confirmation::of(&claims, rules.taken_bindings)?;
    }
    check_audience(&claims, rules)?;
    let expires_at = check_times(&claims, rules, now)?;
    for claim in rules.profile.required_claims() {
        if !claims.contains(claim) {
            return Err(Error::ClaimMissing { claim });
        }
    }
    for claim in ["sub", "client_id", "azp", "jti", "nonce", "sid"] {
        claims.string(claim)?;
    }
    let scope = Scope::of_claims(&claims)?;
    if let Some(check) = rules.check_conditions {
        check(&rules.conditions, &claims)?;
    }
    Ok(ValidatedToken::new(claims, scope, expires_at))
}

fn check_audience(claims: &Claims, rules: &Rules) -> Result<(), Error> {
    let audience = claims.string_or_list("aud")?;
    if rules.audience.is_empty() {
        return Ok(());
    }
    let audience = audience.ok_or_else(|| Error::ClaimMissing { claim: "aud" })?;
    if audience.iter().any(|named| rules.audience.iter().any(|own| own == named)) {
        Ok(())
    } else {
        Err(Error::AudienceMismatch)
    }
}

/// `exp` is the first moment at which the token is no longer good, `nbf` the first at which it is (RFC 7519 sections 4.1.4, 4.1.5).
fn check_times(claims: &Claims, rules: &Rules, now: UnixTime) -> Result<Option<NumericDate>, Error> {
    let tolerance = rules.clock_tolerance_seconds;
    let expires_at = claims.numeric_date("exp")?;
    let not_before = claims.numeric_date("nbf")?;
    let issued_at = claims.numeric_date("iat")?;
    if expires_at.is_none() && rules.requires_exp {
        return Err(Error::ClaimMissing { claim: "exp" });
    }
    if expires_at.is_some_and(|expires_at| !expires_at.is_after(now.minus(tolerance))) {
        return Err(Error::TokenExpired);
    }
    if not_before.is_some_and(|not_before| not_before.is_after(now.plus(tolerance))) {
        return Err(Error::TokenNotYetValid);
    }
    // An age can be told only of what was issued in the past.
    let may_be_future = rules.takes_future_iat && rules.max_age_seconds.is_none();
    if !may_be_future && issued_at.is_some_and(|issued_at| issued_at.is_after(now.plus(tolerance))) {
        return Err(Error::TokenIssuedInFuture);
    }
    if let Some(max_age) = rules.max_age_seconds {
        let issued_at = issued_at.ok_or_else(|| Error::ClaimMissing { claim: "iat" })?;
        if !issued_at.is_at_or_after(now.minus(max_age).minus(tolerance)) {
            return Err(Error::TokenTooOld);
        }
    }
    Ok(expires_at)
}
