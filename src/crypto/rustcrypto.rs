//! The engine of other people's crates (`RustCrypto`'s and `ed25519-dalek`): what [`FastEngine`](super::FastEngine) is held against.

#[cfg(feature = "es256")]
use super::ecdsa;
#[cfg(any(feature = "rs256", feature = "ps256"))]
use super::rsa;
use super::{InvalidSignature, PreparedKey, SignatureEngine, shared_families};
use crate::jose::{PublicKey, algorithm::Scheme};

/// Verifies with the families that were compiled in (see the crate's features).
#[derive(Clone, Copy, Debug, Default)]
pub struct RustCrypto;

impl SignatureEngine for RustCrypto {
    fn accepts_key(&self, key: &PublicKey) -> bool {
        match key {
            #[cfg(feature = "es256")]
            PublicKey::EcP256(point) => ecdsa::p256::is_on_curve(point),
            #[cfg(any(feature = "rs256", feature = "ps256"))]
            PublicKey::Rsa { n, e } => rsa::Key { n, e }.is_usable(),
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
            (Scheme::EcdsaP256Sha256, PublicKey::EcP256(point)) => ecdsa::p256::verify(point, message, signature),
            #[cfg(feature = "rs256")]
            (Scheme::RsaPkcs1(hash), PublicKey::Rsa { n, e }) => {
                rsa::Key { n, e }.verify_pkcs1(hash, message, signature)
            }
            #[cfg(feature = "ps256")]
            (Scheme::RsaPss(hash), PublicKey::Rsa { n, e }) => rsa::Key { n, e }.verify_pss(hash, message, signature),
            _ => shared_families::verify(scheme, key, message, signature),
        }
    }

    fn admits(&self, _scheme: Scheme, key: &PublicKey, signature: &[u8]) -> bool {
        shared_families::admits(key, signature)
    }
}
