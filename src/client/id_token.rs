//! The ID token of a sign-in (OIDC Core sections 2 and 3.1.3.7).

use super::{ClientConfig, Transaction};
use crate::{
    error::Error,
    jose::VerifiedJws,
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
