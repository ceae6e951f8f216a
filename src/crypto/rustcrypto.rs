//! The engine that is always there: the `RustCrypto` crates `rsa`, `p256` and `sha2`, synchronous, in every runtime.

use super::{InvalidSignature, SignatureEngine};
use crate::jose::{PublicKey, algorithm::Scheme};

/// Verifies with the families that were compiled in (features `rs256` and `es256`).
#[derive(Clone, Copy, Debug, Default)]
pub struct RustCrypto;

impl SignatureEngine for RustCrypto {
    fn accepts_key(&self, key: &PublicKey) -> bool {
        match key {
            #[cfg(feature = "es256")]
            PublicKey::EcP256 { x, y } => super::ecdsa::is_on_curve(x, y),
            #[cfg(feature = "rs256")]
            PublicKey::Rsa { n, e } => super::rsa::is_usable(n, e),
            #[cfg(not(all(feature = "es256", feature = "rs256")))]
            _ => false,
        }
    }

    fn verify(
        &self,
        scheme: Scheme,
        key: &PublicKey,
        message: &[u8],
        signature: &[u8],
    ) -> Result<(), InvalidSignature> {
        match (scheme, key) {
            #[cfg(feature = "es256")]
            (Scheme::EcdsaP256Sha256, PublicKey::EcP256 { x, y }) => {
                super::ecdsa::verify_p256_sha256(x, y, message, signature)
            }
            #[cfg(feature = "rs256")]
            (Scheme::RsaPkcs1Sha256, PublicKey::Rsa { n, e }) => {
                super::rsa::verify_pkcs1_sha256(n, e, message, signature)
            }
            _ => {
                let _ = (message, signature);
                Err(InvalidSignature)
            }
        }
    }
}
