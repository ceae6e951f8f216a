//! The engine that is always there: the `RustCrypto` crates and `ed25519-dalek`, synchronous, in every runtime.

#[cfg(any(feature = "es256", feature = "es384", feature = "es512"))]
use super::ecdsa;
#[cfg(feature = "ed25519")]
use super::eddsa;
#[cfg(any(feature = "rs256", feature = "ps256-ps384-ps512"))]
use super::rsa;
use super::{InvalidSignature, PreparedKey, SignatureEngine};
use crate::jose::{PublicKey, algorithm::Scheme};

/// Verifies with the families that were compiled in (see the crate's features).
#[derive(Clone, Copy, Debug, Default)]
pub struct RustCrypto;

impl SignatureEngine for RustCrypto {
    fn accepts_key(&self, key: &PublicKey) -> bool {
        match key {
            #[cfg(feature = "es256")]
            PublicKey::EcP256(point) => ecdsa::p256::is_on_curve(point),
            #[cfg(feature = "es384")]
            PublicKey::EcP384(point) => ecdsa::p384::is_on_curve(point),
            #[cfg(feature = "es512")]
            PublicKey::EcP521(point) => ecdsa::p521::is_on_curve(point),
            #[cfg(feature = "ed25519")]
            PublicKey::Ed25519(key) => eddsa::is_usable(key),
            #[cfg(any(feature = "rs256", feature = "ps256-ps384-ps512"))]
            PublicKey::Rsa { n, e } => rsa::Key { n, e }.is_usable(),
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
            (Scheme::EcdsaP256Sha256, PublicKey::EcP256(point)) => ecdsa::p256::verify(point, message, signature),
            #[cfg(feature = "es384")]
            (Scheme::EcdsaP384Sha384, PublicKey::EcP384(point)) => ecdsa::p384::verify(point, message, signature),
            #[cfg(feature = "es512")]
            (Scheme::EcdsaP521Sha512, PublicKey::EcP521(point)) => ecdsa::p521::verify(point, message, signature),
            #[cfg(feature = "ed25519")]
            (Scheme::Ed25519, PublicKey::Ed25519(key)) => eddsa::verify(key, message, signature),
            #[cfg(feature = "rs256")]
            (Scheme::RsaPkcs1(hash), PublicKey::Rsa { n, e }) => {
                rsa::Key { n, e }.verify_pkcs1(hash, message, signature)
            }
            #[cfg(feature = "ps256-ps384-ps512")]
            (Scheme::RsaPss(hash), PublicKey::Rsa { n, e }) => rsa::Key { n, e }.verify_pss(hash, message, signature),
            _ => {
                let _ = (message, signature);
                Err(InvalidSignature)
            }
        }
    }

    fn admits(&self, _scheme: Scheme, key: &PublicKey, signature: &[u8]) -> bool {
        match key {
            PublicKey::EcP256(_) => signature.len() == 64,
            PublicKey::EcP384(_) => signature.len() == 96,
            PublicKey::EcP521(_) => signature.len() == 132,
            #[cfg(feature = "ed25519")]
            PublicKey::Ed25519(_) => eddsa::admits(signature),
            #[cfg(not(feature = "ed25519"))]
            PublicKey::Ed25519(_) => false,
            PublicKey::Rsa { n, .. } => signature.len() == n.len(),
        }
    }
}
