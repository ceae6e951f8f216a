//! Signature engines behind one small trait, and the Rust engine.
//!
//! Everything here sees public data only. Nothing is signed or decrypted, so no secret can leak by its timing;
//! none of this may be used where a secret is an input.

#[cfg(any(feature = "es256", feature = "es384", feature = "es512"))]
mod ecdsa;
#[cfg(feature = "ed25519")]
mod eddsa;
#[cfg(any(feature = "rs256", feature = "ps256-ps384-ps512"))]
mod rsa;
mod rustcrypto;

pub use rustcrypto::RustCrypto;

use crate::jose::{PublicKey, algorithm::Scheme};

/// A signature did not hold. It says no more on purpose: why it failed helps only who forges.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidSignature;

/// What checks signatures. Engines must agree on every input: they differ in speed alone.
pub trait SignatureEngine: Send + Sync {
    /// Whether the engine can verify with this key at all: its family is compiled in and an EC point lies on its curve.
    fn accepts_key(&self, key: &PublicKey) -> bool;

    /// Checks `signature` over `message`, which the engine hashes. A key of the wrong type is an invalid signature.
    ///
    /// # Errors
    /// [`InvalidSignature`] for every reason there is.
    fn verify(&self, scheme: Scheme, key: &PublicKey, message: &[u8], signature: &[u8])
    -> Result<(), InvalidSignature>;
}
