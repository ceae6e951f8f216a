//! The ID token of a sign-in (OIDC Core sections 2 and 3.1.3.7).

use super::{ClientConfig, Transaction};
use crate::{
    crypto::SignatureEngine,
    error::Error,
    jose::{self, JwkSet, UntrustedJws, algorithm},
    jwt::{self, Rules, ValidatedToken},
    time::UnixTime,
};

/// Checks signature, issuer, audience, authorized party, times, nonce, and the hash of the access token that came with it.
///
/// # Errors
/// Those of [`jose::verify`] and [`jwt::validate`].
pub(super) fn validate(
    id_token: &str,
    access_token: &str,
    transaction: &Transaction,
    config: &ClientConfig,
    keys: &JwkSet,
    engine: &dyn SignatureEngine,
    now: UnixTime,
) -> Result<ValidatedToken, Error> {
    let jws = UntrustedJws::parse(id_token)?;
    let verified = jose::verify(&jws, keys, algorithm::ALGORITHMS, engine)?;
    let rules = Rules::id_token(&config.client_id)
        .issuer(&transaction.issuer)
        .nonce(&transaction.nonce)
        .access_token(access_token)
        .build()?;
    jwt::validate(&verified, &rules, now)
}
