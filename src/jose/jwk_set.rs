//! A JWK set and the choice of the one key that may verify a token (RFC 7517 section 5).

use alloc::{sync::Arc, vec::Vec};

use super::{Header, Jwk};
use crate::{crypto::SignatureEngine, error::Error, json, limits};

/// The usable keys of a set. An unusable key beside them is left out and spoils nothing.
#[derive(Clone, Debug, Default)]
pub struct JwkSet {
    keys: Vec<Arc<Jwk>>,
    unusable: usize,
}

impl JwkSet {
    /// Reads a JWK set. It may come out empty: see [`Self::is_empty`].
    ///
    /// # Errors
    /// `key_set_malformed`, where the document is over a bound or is not an object with an array `keys`.
    pub fn parse(text: &[u8], engine: &dyn SignatureEngine) -> Result<Self, Error> {
        let malformed = |reason| Error::KeySetMalformed { reason };
        if text.len() > limits::MAX_KEY_SET_BYTES {
            return Err(malformed("the document is too large"));
        }
        // Each key stays text, so a fault in one can't make its neighbours unreadable.
        let keys = json::elements_of(text, "keys")
            .ok()
            .flatten()
            .ok_or_else(|| malformed("it is not one strict JSON object with an array \"keys\""))?;
        if keys.len() > limits::MAX_KEY_SET_KEYS {
            return Err(malformed("it holds too many keys"));
        }
        let mut set = Self::default();
        for key in keys {
            match Jwk::parse(key.as_bytes(), engine) {
                Ok(key) => set.keys.push(Arc::new(key)),
                Err(_) => set.unusable = set.unusable.saturating_add(1),
            }
        }
        Ok(set)
    }

    /// The usable keys.
    pub fn keys(&self) -> &[Arc<Jwk>] {
        &self.keys
    }

    /// How many keys of the document were left out.
    pub const fn unusable(&self) -> usize {
        self.unusable
    }

    /// Whether no key can be used.
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// The one key that fits a token's header. Without a `kid` exactly one key must fit.
    ///
    /// # Errors
    /// `key_unknown` where none fits, `key_ambiguous` where several do.
    pub fn select(&self, header: &Header) -> Result<&Arc<Jwk>, Error> {
        let mut fitting = self.keys.iter().filter(|key| key.fits(header));
        match (fitting.next(), fitting.next()) {
            (Some(key), None) => Ok(key),
            (None, _) => Err(Error::KeyUnknown),
            (Some(_), Some(_)) => Err(Error::KeyAmbiguous),
        }
    }
}
