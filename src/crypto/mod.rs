//! Signature engines behind one small trait: the crate's own, that of the `RustCrypto` crates, and the host's.
//!
//! Everything here sees public data only. Nothing is signed or decrypted, so no secret can leak by its timing;
//! none of this may be used where a secret is an input.

#[cfg(any(all(feature = "es256", feature = "rustcrypto"), feature = "es384", feature = "es512"))]
mod ecdsa;
#[cfg(feature = "ed25519")]
mod eddsa;
mod fast;
mod host;
mod host_keys;
mod prepared;
#[cfg(all(feature = "rustcrypto", any(feature = "rs256", feature = "ps256")))]
mod rsa;
#[cfg(feature = "rustcrypto")]
mod rustcrypto;
mod shared_families;

pub use fast::FastEngine;
pub use host::{Host, HostVerdict};
pub use prepared::PreparedKey;
#[cfg(feature = "rustcrypto")]
pub use rustcrypto::RustCrypto;

use crate::jose::{Algorithm, PublicKey, algorithm::Scheme};

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
    fn verify(
        &self,
        scheme: Scheme,
        key: &PreparedKey,
        message: &[u8],
        signature: &[u8],
    ) -> Result<(), InvalidSignature>;

    /// Whether a signature has a form that can hold under this key, as far as that can be told without checking it: its length,
    /// and for Ed25519 that neither `R` is of small order nor `S` out of range. Asked where the host checks the signature.
    fn admits(&self, scheme: Scheme, key: &PublicKey, signature: &[u8]) -> bool;

    /// Whether signatures of this kind can be checked at all: those of what is compiled in, unless the engine says otherwise.
    fn has(&self, scheme: Scheme) -> bool {
        Algorithm::available().any(|algorithm| algorithm.scheme() == scheme)
    }

    /// Whether the host is to be asked before the engine is (see [`Host`]).
    fn asks_host(&self, _scheme: Scheme) -> bool {
        false
    }
}
