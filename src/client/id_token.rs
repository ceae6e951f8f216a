//! The ID token of a sign-in (OIDC Core sections 2 and 3.1.3.7), and one that comes with renewed tokens (section 12.2).

use super::{ClientConfig, Transaction};
use crate::{
    error::Error,
    jose::VerifiedJws,
    json::Object,
    jwt::{self, Rules, ValidatedToken},
    time::UnixTime,
};

/// Checks issuer, audience, authorized party, times, nonce, the hash of the access token that came with it, and what was asked of the
/// authentication.
///
/// # Errors
/// Those of [`jwt::validate`].
pub(super) fn validate(
    id_token: &VerifiedJws,
    access_token: &str,
    transaction: &Transaction,
    config: &ClientConfig,
    now: UnixTime,
) -> Result<ValidatedToken, Error> {
    let mut rules = Rules::id_token(&config.client_id)
        .issuer(&transaction.issuer)
        .nonce(&transaction.nonce)
        .access_token(access_token)
        .acr_values(transaction.acr_values.iter().flat_map(|values| values.split(' ')));
    if let Some(seconds) = transaction.max_age {
        rules = rules.max_authentication_age_seconds(seconds);
    }
    jwt::validate(id_token, &rules.build()?, now)
}

/// Claims by which one authentication is told from another.
const OF_AUTHENTICATION: &[&str] = &["sub", "auth_time", "azp", "nonce"];

/// What of a sign-in's ID token all renewed ones are held against. It is kept apart from their claims: one that leaves something out must not
/// have it forgotten.
pub(super) fn authentication_of(claims: &Object) -> Object {
    let mut said = Object::new();
    for claim in OF_AUTHENTICATION {
        if let Some(value) = claims.get(claim) {
            said.insert(*claim, value.clone());
        }
    }
    said
}

/// Checks an ID token that came with renewed tokens: the same rules but for what one sign-in alone has, and that it speaks of the
/// user and of the `authentication` that the sign-in's spoke of, as [`authentication_of`] gives it.
///
/// # Errors
/// `session_mismatch`, and those of [`jwt::validate`].
pub(super) fn validate_renewed(
    id_token: &VerifiedJws,
    access_token: &str,
    authentication: &Object,
    config: &ClientConfig,
    now: UnixTime,
) -> Result<ValidatedToken, Error> {
    let rules = Rules::id_token(&config.client_id).issuer(config.issuer.as_str()).access_token(access_token).build()?;
    let renewed = jwt::validate(id_token, &rules, now)?;
    let now_said = |claim: &str| renewed.claims().get(claim);
    let differs = |claim: &&'static str| now_said(claim) != authentication.get(claim);
    let is_there = |claim: &&'static str| now_said(claim).is_some();
    // The subject always; the others where the new token has them: the nonce need not come back, and the rest is optional.
    let claim = OF_AUTHENTICATION.iter().copied().find(|claim| (*claim == "sub" || is_there(claim)) && differs(claim));
    match claim {
        Some(claim) => Err(Error::SessionMismatch { claim }),
        None => Ok(renewed),
    }
}
