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

/// Checks an ID token that came with renewed tokens: the same rules but for what one sign-in alone has, and that it speaks of the
/// user and the authentication that `claims`, those of the one before, speak of.
///
/// # Errors
/// `session_mismatch`, and those of [`jwt::validate`].
pub(super) fn validate_renewed(
    id_token: &VerifiedJws,
    access_token: &str,
    claims: &Object,
    config: &ClientConfig,
    now: UnixTime,
) -> Result<ValidatedToken, Error> {
    let rules = Rules::id_token(&config.client_id).issuer(config.issuer.as_str()).access_token(access_token).build()?;
    let renewed = jwt::validate(id_token, &rules, now)?;
    let now_said = |claim: &str| renewed.claims().get(claim);
    let differs = |claim: &&'static str| now_said(claim) != claims.get(claim);
    let is_there = |claim: &&'static str| now_said(claim).is_some();
    // The subject always; the others where the new token has them: the nonce need not come back, and the rest is optional.
    let claim = ["auth_time", "azp", "nonce"].into_iter().find(|claim| is_there(claim) && differs(claim));
    match Some("sub").filter(differs).or(claim) {
        Some(claim) => Err(Error::SessionMismatch { claim }),
        None => Ok(renewed),
    }
}
