//! The families that both engines in Rust have from the same crates: P-384, P-521 and Ed25519.

#[cfg(any(feature = "es384", feature = "es512"))]
use super::ecdsa;
#[cfg(feature = "ed25519")]
use super::eddsa;
use super::{InvalidSignature, PreparedKey, host_keys};
use crate::jose::{PublicKey, algorithm::Scheme};

/// Whether a key is of one of these families and can be used.
pub(super) fn accepts_key(key: &PublicKey) -> bool {
    match key {
        #[cfg(feature = "es384")]
        PublicKey::EcP384(point) => ecdsa::p384::is_on_curve(point),
        #[cfg(feature = "es512")]
        PublicKey::EcP521(point) => ecdsa::p521::is_on_curve(point),
        #[cfg(feature = "ed25519")]
        PublicKey::Ed25519(key) => eddsa::is_usable(key),
        _ => false,
    }
}

/// Checks a signature of one of these families.
#[cfg_attr(
    not(any(feature = "es384", feature = "es512", feature = "ed25519")),
    allow(unused_variables, reason = "without any of them there is nothing to check")
)]
pub(super) fn verify(
    scheme: Scheme,
    key: &PreparedKey,
    message: &[u8],
    signature: &[u8],
) -> Result<(), InvalidSignature> {
    match (scheme, key.key()) {
        #[cfg(feature = "es384")]
        (Scheme::EcdsaP384Sha384, PublicKey::EcP384(point)) => ecdsa::p384::verify(point, message, signature),
        #[cfg(feature = "es512")]
        (Scheme::EcdsaP521Sha512, PublicKey::EcP521(point)) => ecdsa::p521::verify(point, message, signature),
        #[cfg(feature = "ed25519")]
        (Scheme::Ed25519, PublicKey::Ed25519(key)) => eddsa::verify(key, message, signature),
        _ => Err(InvalidSignature),
    }
}

/// What [`SignatureEngine::admits`](super::SignatureEngine::admits) asks, of every family: what the form of a signature has to be, no
/// engine has an own opinion of.
pub(super) fn admits(key: &PublicKey, signature: &[u8]) -> bool {
    let has_form = host_keys::admits(key, signature);
    #[cfg(feature = "ed25519")]
    if matches!(key, PublicKey::Ed25519(_)) {
        return has_form && eddsa::admits_commitment(signature);
    }
    has_form
}
