//! The engine: which family checks what.

#[cfg(any(feature = "rs256", feature = "ps256"))]
use crate::jose::algorithm::Hash;
use crate::{
    crypto::{InvalidSignature, PreparedKey, SignatureEngine, shared_families},
    jose::{PublicKey, algorithm::Scheme},
};

/// RSA and ECDSA on P-256 by our own arithmetic (`edgeward-engine`), which is several times as fast in WebAssembly as what is written for other
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
            PublicKey::EcP256(point) => edgeward_engine::is_on_p256(&point.x, &point.y),
            #[cfg(any(feature = "rs256", feature = "ps256"))]
            PublicKey::Rsa { n, e } => edgeward_engine::is_usable_rsa_key(n, e),
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
        // A hash that came along for another algorithm does not make one that was left out.
        match (scheme, key.key()) {
            #[cfg(feature = "es256")]
            (Scheme::EcdsaP256Sha256, PublicKey::EcP256(point)) => {
                let signature = signature.try_into().map_err(|_| InvalidSignature)?;
                verdict(key.workspace().verify_es256(&point.x, &point.y, message, signature))
            }
            #[cfg(feature = "rs256")]
            (Scheme::RsaPkcs1(Hash::Sha256), PublicKey::Rsa { n, e }) => {
                verdict(key.workspace().verify_pkcs1(n, e, Hash::Sha256, message, signature))
            }
            #[cfg(feature = "rs384-rs512")]
            (Scheme::RsaPkcs1(hash), PublicKey::Rsa { n, e }) => {
                verdict(key.workspace().verify_pkcs1(n, e, hash, message, signature))
            }
            #[cfg(feature = "ps256")]
            (Scheme::RsaPss(Hash::Sha256), PublicKey::Rsa { n, e }) => {
                verdict(key.workspace().verify_pss(n, e, Hash::Sha256, message, signature))
            }
            #[cfg(feature = "ps384-ps512")]
            (Scheme::RsaPss(hash), PublicKey::Rsa { n, e }) => {
                verdict(key.workspace().verify_pss(n, e, hash, message, signature))
            }
            // Not by way of `RustCrypto`: its RSA and P-256 would come into every module as well.
            _ => shared_families::verify(scheme, key, message, signature),
        }
    }

    fn admits(&self, _scheme: Scheme, key: &PublicKey, signature: &[u8]) -> bool {
        shared_families::admits(key, signature)
    }
}

#[cfg(any(feature = "es256", feature = "rs256", feature = "ps256"))]
const fn verdict(holds: bool) -> Result<(), InvalidSignature> {
    if holds { Ok(()) } else { Err(InvalidSignature) }
}
