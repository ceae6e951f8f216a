//! What an ID token must say beyond the rules of every JWT (OIDC Core sections 3.1.3.7, 3.1.3.8 and 3.3.2.11).

use alloc::{string::String, vec::Vec};

use sha2::{Digest, Sha256, Sha384, Sha512};
use subtle::ConstantTimeEq;

use super::Claims;
use crate::{
    error::Error,
    jose::{
        Algorithm,
        algorithm::{Hash, Scheme},
        base64url,
    },
    time::UnixTime,
};

/// What one sign-in expects of its ID token.
#[derive(Clone, Default)]
pub(super) struct SignIn {
    pub(super) client_id: String,
    pub(super) nonce: Option<String>,
    pub(super) max_age_seconds: Option<u64>,
    pub(super) acr_values: Vec<String>,
    pub(super) access_token: Option<String>,
    pub(super) code: Option<String>,
}

/// [`SignIn::check`], or nothing of the kind.
pub(super) type CheckSignIn = fn(&SignIn, &Claims, &Algorithm, u64, UnixTime) -> Result<(), Error>;

impl SignIn {
    pub(super) fn check(
        &self,
        claims: &Claims,
        algorithm: &Algorithm,
        tolerance: u64,
        now: UnixTime,
    ) -> Result<(), Error> {
        self.check_authorized_party(claims)?;
        if let Some(nonce) = &self.nonce {
            let claimed = claims.string("nonce")?.ok_or_else(|| Error::NonceMismatch)?;
            if !equal_in_constant_time(claimed, nonce) {
                return Err(Error::NonceMismatch);
            }
        }
        let authenticated_at = claims.numeric_date("auth_time")?;
        if let Some(max_age) = self.max_age_seconds {
            let at = authenticated_at.ok_or_else(|| Error::ClaimMissing { claim: "auth_time" })?;
            // An age can be told only of what has happened.
            if at.is_after(now.plus(tolerance)) {
                return Err(Error::ClaimInvalid { claim: "auth_time" });
            }
            if !at.is_at_or_after(now.minus(max_age).minus(tolerance)) {
                return Err(Error::AuthenticationTooOld);
            }
        }
        let context = claims.string("acr")?;
        if !self.acr_values.is_empty() && !context.is_some_and(|acr| self.acr_values.iter().any(|asked| asked == acr)) {
            return Err(Error::AuthenticationContextMismatch);
        }
        check_hash(claims, "at_hash", self.access_token.as_deref(), algorithm)?;
        check_hash(claims, "c_hash", self.code.as_deref(), algorithm)
    }

    /// `azp` is this client wherever it is present, and present wherever there are several audiences.
    fn check_authorized_party(&self, claims: &Claims) -> Result<(), Error> {
        let has_several = claims.string_or_list("aud")?.is_some_and(|audience| audience.len() > 1);
        match claims.string("azp")? {
            Some(party) if party == self.client_id => Ok(()),
            None if !has_several => Ok(()),
            _ => Err(Error::AuthorizedPartyMismatch),
        }
    }
}

/// Compares a hash claim, where it is present, with what it should be the hash of, where that came.
fn check_hash(claims: &Claims, claim: &'static str, of: Option<&str>, algorithm: &Algorithm) -> Result<(), Error> {
    match (claims.string(claim)?, of) {
        (Some(claimed), Some(of)) if !equal_in_constant_time(claimed, &left_half_hash(of, algorithm)) => {
            Err(Error::HashMismatch { claim })
        }
        _ => Ok(()),
    }
}

/// base64url of the left half of the hash that the ID token's `alg` uses; SHA-512 for Ed25519, which uses that inside.
pub(super) fn left_half_hash(text: &str, algorithm: &Algorithm) -> String {
    let digest = match algorithm.scheme() {
        Scheme::EcdsaP256Sha256 | Scheme::RsaPkcs1(Hash::Sha256) | Scheme::RsaPss(Hash::Sha256) => {
            Sha256::digest(text).to_vec()
        }
        Scheme::EcdsaP384Sha384 | Scheme::RsaPkcs1(Hash::Sha384) | Scheme::RsaPss(Hash::Sha384) => {
            Sha384::digest(text).to_vec()
        }
        Scheme::EcdsaP521Sha512 | Scheme::Ed25519 | Scheme::RsaPkcs1(Hash::Sha512) | Scheme::RsaPss(Hash::Sha512) => {
            Sha512::digest(text).to_vec()
        }
    };
    let (left, _) = digest.split_at_checked(digest.len().div_euclid(2)).unwrap_or_default();
    base64url::encode(left)
}

fn equal_in_constant_time(one: &str, other: &str) -> bool {
    one.as_bytes().ct_eq(other.as_bytes()).into()
}
