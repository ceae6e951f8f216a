//! The engine: which family checks what.

#[cfg(feature = "es256")]
use sha2::{Digest, Sha256};

#[cfg(any(feature = "es384", feature = "es512"))]
use crate::crypto::ecdsa;
#[cfg(feature = "ed25519")]
use crate::crypto::eddsa;
use crate::{
    crypto::{InvalidSignature, PreparedKey, RustCrypto, SignatureEngine},
    jose::{PublicKey, algorithm::Scheme},
};

/// RSA and ECDSA on P-256 by the crate's own arithmetic, which is several times as fast in WebAssembly as what is written for other
/// machines; P-384, P-521 and Ed25519 by the crates that [`RustCrypto`] has them from. Its verdicts are those of [`RustCrypto`] on every input.
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
            #[cfg(feature = "es384")]
            PublicKey::EcP384(point) => ecdsa::p384::is_on_curve(point),
            #[cfg(feature = "es512")]
            PublicKey::EcP521(point) => ecdsa::p521::is_on_curve(point),
            #[cfg(feature = "ed25519")]
            PublicKey::Ed25519(key) => eddsa::is_usable(key),
            #[allow(unreachable_patterns, reason = "reachable unless every family is compiled in")]
            _ => false,
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
            // Named one by one: through `RustCrypto` its RSA and P-256 would come into every module as well.
            #[cfg(feature = "es384")]
            (Scheme::EcdsaP384Sha384, PublicKey::EcP384(point)) => ecdsa::p384::verify(point, message, signature),
            #[cfg(feature = "es512")]
            (Scheme::EcdsaP521Sha512, PublicKey::EcP521(point)) => ecdsa::p521::verify(point, message, signature),
            #[cfg(feature = "ed25519")]
            (Scheme::Ed25519, PublicKey::Ed25519(key)) => eddsa::verify(key, message, signature),
            _ => {
                let _ = (message, signature);
                Err(InvalidSignature)
            }
        }
    }

    fn admits(&self, scheme: Scheme, key: &PublicKey, signature: &[u8]) -> bool {
        RustCrypto.admits(scheme, key, signature)
    }
}

#[cfg(any(feature = "es256", feature = "rs256", feature = "ps256-ps384-ps512"))]
const fn verdict(holds: bool) -> Result<(), InvalidSignature> {
    if holds { Ok(()) } else { Err(InvalidSignature) }
}
