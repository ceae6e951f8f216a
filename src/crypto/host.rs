//! Signatures that the host checks: WebCrypto, which answers later and only to whoever runs the core.

use super::{InvalidSignature, PreparedKey, SignatureEngine};
use crate::jose::{PublicKey, algorithm::Scheme};

/// What the host said of a signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HostVerdict {
    /// It holds.
    Holds,
    /// It does not, or the host threw at it.
    Fails,
    /// The host can't import such a key, or knows no such algorithm: the engine decides.
    Unable,
}

impl HostVerdict {
    /// Reads the host's answer: "holds", "fails" or "unable". No answer, or another, leaves the engine to decide.
    pub fn from_answer(answer: Option<&str>) -> Self {
        match answer {
            Some("holds") => Self::Holds,
            Some("fails") => Self::Fails,
            _ => Self::Unable,
        }
    }

    /// Ends what the host was asked for: what it says holds, and where it can't take the key the engine decides. The engine has to
    /// admit the signature's form as well, because hosts differ in what they forgive.
    ///
    /// # Errors
    /// [`InvalidSignature`] for every reason there is.
    pub fn settle(
        self,
        engine: &dyn SignatureEngine,
        scheme: Scheme,
        key: &PreparedKey,
        message: &[u8],
        signature: &[u8],
    ) -> Result<(), InvalidSignature> {
        match self {
            Self::Unable => engine.verify(scheme, key, message, signature),
            Self::Holds if engine.admits(scheme, key.key(), signature) => Ok(()),
            Self::Holds | Self::Fails => Err(InvalidSignature),
        }
    }
}

/// An engine that leaves signatures to the host. `E` decides about keys, about a signature's form, and about whatever the host
/// can't take, so the verdicts are the same with and without a host.
#[derive(Clone, Copy, Debug, Default)]
pub struct Host<E>(pub E);

impl<E: SignatureEngine> SignatureEngine for Host<E> {
    fn accepts_key(&self, key: &PublicKey) -> bool {
        self.0.accepts_key(key)
    }

    fn verify(
        &self,
        scheme: Scheme,
        key: &PreparedKey,
        message: &[u8],
        signature: &[u8],
    ) -> Result<(), InvalidSignature> {
        self.0.verify(scheme, key, message, signature)
    }

    fn admits(&self, scheme: Scheme, key: &PublicKey, signature: &[u8]) -> bool {
        self.0.admits(scheme, key, signature)
    }

    fn asks_host(&self) -> bool {
        true
    }
}
