//! Signatures that the host checks: WebCrypto, which answers later and only to whoever runs the core.

use alloc::vec::Vec;

use super::{InvalidSignature, PreparedKey, SignatureEngine, host_keys};
use crate::jose::{
    Algorithm, PublicKey,
    algorithm::{ALGORITHMS, Scheme},
};

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

/// An engine that leaves signatures of some algorithms to the host. `E` decides about keys, about a signature's form, and about whatever
/// the host can't take, so the verdicts are the same with and without a host. Families that are not compiled in, and that the host
/// has, can be used as well: then what a host may overlook is checked here.
#[derive(Clone, Debug)]
pub struct Host<E> {
    engine: E,
    algorithms: Vec<&'static Algorithm>,
}

impl<E> Host<E> {
    /// The host is asked about signatures of every algorithm there is.
    pub fn of_all(engine: E) -> Self {
        Self::of(engine, ALGORITHMS.iter().copied())
    }

    /// The host is asked about signatures of these algorithms.
    pub fn of(engine: E, algorithms: impl IntoIterator<Item = &'static Algorithm>) -> Self {
        Self { engine, algorithms: algorithms.into_iter().collect() }
    }

    fn host_has(&self, scheme: Scheme) -> bool {
        self.algorithms.iter().any(|algorithm| algorithm.scheme() == scheme)
    }
}

impl<E: SignatureEngine> SignatureEngine for Host<E> {
    fn accepts_key(&self, key: &PublicKey) -> bool {
        let host_alone = || {
            let own = |algorithm: &&&Algorithm| algorithm.key_type() == key.key_type();
            let mut algorithms = self.algorithms.iter().filter(own).peekable();
            algorithms.peek().is_some() && algorithms.all(|algorithm| !self.engine.has(algorithm.scheme()))
        };
        self.engine.accepts_key(key) || (host_alone() && host_keys::may_be_usable(key))
    }

    fn verify(
        &self,
        scheme: Scheme,
        key: &PreparedKey,
        message: &[u8],
        signature: &[u8],
    ) -> Result<(), InvalidSignature> {
        self.engine.verify(scheme, key, message, signature)
    }

    fn admits(&self, scheme: Scheme, key: &PublicKey, signature: &[u8]) -> bool {
        if self.engine.has(scheme) {
            self.engine.admits(scheme, key, signature)
        } else {
            host_keys::admits(key, signature)
        }
    }

    fn has(&self, scheme: Scheme) -> bool {
        self.host_has(scheme) || self.engine.has(scheme)
    }

    fn asks_host(&self, scheme: Scheme) -> bool {
        self.host_has(scheme)
    }
}
