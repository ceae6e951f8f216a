//! The ID token of a sign-in (OIDC Core sections 2 and 3.1.3.7).

use super::{ClientConfig, Transaction};
use crate::{
    error::Error,
    jose::VerifiedJws,
    jwt::{self, Rules, ValidatedToken},
    time::UnixTime,
};

/// Checks issuer, audience, authorized party, times, nonce, and the hash of the access token that came with it.
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
    let rules = Rules::id_token(&config.client_id)
        .issuer(&transaction.issuer)
        .nonce(&transaction.nonce)
        .access_token(access_token)
        .build()?;
    jwt::validate(id_token, &rules, now)
}
