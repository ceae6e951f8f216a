//! The ID token of a sign-in (OIDC Core sections 2 and 3.1.3.7).

use subtle::ConstantTimeEq;

use super::{ClientConfig, Transaction};
use crate::{
    crypto::SignatureEngine,
    error::Error,
    jose::{self, JwkSet, UntrustedJws, algorithm},
    jwt::{self, Expectations, Profile, ValidatedToken},
    limits,
    time::UnixTime,
};

/// Checks signature, issuer, audience, authorized party, times and nonce.
///
/// # Errors
/// Those of [`jose::verify`] and [`jwt::validate`], `authorized_party_mismatch`, `nonce_mismatch`.
pub(super) fn validate(
    id_token: &str,
    transaction: &Transaction,
    config: &ClientConfig,
    keys: &JwkSet,
    engine: &dyn SignatureEngine,
    now: UnixTime,
) -> Result<ValidatedToken, Error> {
    let jws = UntrustedJws::parse(id_token)?;
    let verified = jose::verify(&jws, keys, algorithm::ALGORITHMS, engine)?;
    let expected = Expectations {
        issuer: &transaction.issuer,
        audience: core::slice::from_ref(&config.client_id),
        profile: Profile::IdToken,
        clock_tolerance_seconds: limits::DEFAULT_CLOCK_TOLERANCE_SECONDS,
    };
    let token = jwt::validate(verified, &expected, now)?;
    let claims = token.claims();
    // A token for several audiences must say which of them asked for it.
    let has_several = claims.string_or_list("aud")?.is_some_and(|audience| audience.len() > 1);
    match claims.string("azp")? {
        Some(party) if party == config.client_id => {}
        None if !has_several => {}
        _ => return Err(Error::AuthorizedPartyMismatch),
    }
    let nonce = claims.string("nonce")?.ok_or(Error::NonceMismatch)?;
    if bool::from(nonce.as_bytes().ct_eq(transaction.nonce.as_bytes())) { Ok(token) } else { Err(Error::NonceMismatch) }
}
