//! The engine: which family checks what.

#[cfg(feature = "es256")]
use sha2::{Digest, Sha256};

use crate::{
    crypto::{InvalidSignature, PreparedKey, SignatureEngine, shared_families},
    jose::{PublicKey, algorithm::Scheme},
};

/// RSA and ECDSA on P-256 by the crate's own arithmetic, which is several times as fast in WebAssembly as what is written for other
/// machines; P-384, P-521 and Ed25519 by the crates that `RustCrypto` has them from. Its verdicts have to be
/// the same, on every input.
///
/// For public data alone: how long it takes depends on key, message and signature.
#[derive(Clone, Copy, Debug, Default)]
pub struct FastEngine;

impl SignatureEngine for FastEngine {
    fn accepts_key(&self, key: &PublicKey) -> bool {
        match key {
            #[cfg(feature = "es256")]
            PublicKey::EcP256(point) => super::p256::Point::from_coordinates(&point.x, &point.y).is_some(),
            #[cfg(any(feature = "rs256", feature = "ps256-ps384-ps512"))]
            PublicKey::Rsa { n, e } => super::rsa::is_usable(n, e),
            other => shared_families::accepts_key(other),
        }
    }

    fn verify(
        &self,
        scheme: Scheme,
        key: &PreparedKey,
        message: &[u8],
        signature: &[u8],
    ) -> Result<(), InvalidSignature> {
        match (scheme, key.key()) {
            #[cfg(feature = "es256")]
            (Scheme::EcdsaP256Sha256, PublicKey::EcP256(point)) => {
                let signature = signature.try_into().map_err(|_| InvalidSignature)?;
                verdict(key.workspace().verify_p256(point, &Sha256::digest(message).into(), signature))
            }
            #[cfg(feature = "rs256")]
            (Scheme::RsaPkcs1(hash), PublicKey::Rsa { n, e }) => {
                verdict(key.workspace().with_rsa(n, e, |key| key.verify_pkcs1(hash, message, signature)))
            }
            #[cfg(feature = "ps256-ps384-ps512")]
            (Scheme::RsaPss(hash), PublicKey::Rsa { n, e }) => {
                verdict(key.workspace().with_rsa(n, e, |key| key.verify_pss(hash, message, signature)))
            }
            // Not by way of `RustCrypto`: its RSA and P-256 would come into every module as well.
            _ => shared_families::verify(scheme, key, message, signature),
        }
    }

    fn admits(&self, _scheme: Scheme, key: &PublicKey, signature: &[u8]) -> bool {
        shared_families::admits(key, signature)
    }
}

#[cfg(any(feature = "es256", feature = "rs256", feature = "ps256-ps384-ps512"))]
const fn verdict(holds: bool) -> Result<(), InvalidSignature> {
    if holds { Ok(()) } else { Err(InvalidSignature) }
}
