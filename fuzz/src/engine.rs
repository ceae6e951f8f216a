//! An engine by which every signature holds, so that what comes after the signature can be reached without signing.

use edgeward::{
    crypto::{FastEngine, InvalidSignature, PreparedKey, SignatureEngine},
    jose::{PublicKey, algorithm::Scheme},
};

/// Takes every signature, and the keys that the Rust engine takes.
#[derive(Clone, Copy)]
pub struct EverySignature;

impl SignatureEngine for EverySignature {
    fn accepts_key(&self, key: &PublicKey) -> bool {
        FastEngine.accepts_key(key)
    }

    fn verify(&self, _: Scheme, _: &PreparedKey, _: &[u8], _: &[u8]) -> Result<(), InvalidSignature> {
        Ok(())
    }

    fn admits(&self, _: Scheme, _: &PublicKey, _: &[u8]) -> bool {
        true
    }
}
