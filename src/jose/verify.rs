//! From an untrusted JWS to a verified one: the only place that makes a [`VerifiedJws`].

use core::fmt;

use alloc::sync::Arc;

use super::{Algorithm, Header, Jwk, JwkSet, UntrustedJws};
use crate::{
    crypto::{HostVerdict, SignatureEngine},
    error::Error,
    json::Object,
};

/// A JWS whose signature held under a key of the set it was checked against. Only a [`SignatureCheck`] makes one.
pub struct VerifiedJws {
    jws: UntrustedJws,
    key: Arc<Jwk>,
}

impl VerifiedJws {
    /// The signed header.
    pub fn header(&self) -> &Header {
        self.jws.header()
    }

    /// The signed payload. RFC 7515 lets it be any bytes; what a JWT's must be, [`jwt`](crate::jwt) knows.
    pub fn payload(&self) -> &[u8] {
        self.jws.payload()
    }

    /// The signed payload as a claims set (RFC 7519 section 4).
    ///
    /// # Errors
    /// `token_malformed` where it is none.
    pub(crate) fn claims(&self) -> Result<Arc<Object>, Error> {
        self.jws.claims().cloned()
    }

    /// The `issuer` member of the key that signed, as key sets for several tenants have it.
    pub fn key_issuer(&self) -> Option<&str> {
        self.key.issuer()
    }
}

impl fmt::Debug for VerifiedJws {
    /// Leaves out the payload, which is personal data.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("VerifiedJws").field("header", self.header()).finish_non_exhaustive()
    }
}

/// A token beside the one key that may have signed it: everything is settled but the signature.
#[derive(Clone, Copy, Debug)]
pub struct SignatureCheck<'a> {
    jws: &'a UntrustedJws,
    key: &'a Arc<Jwk>,
}

impl<'a> SignatureCheck<'a> {
    /// Finds the key: `alg` on the allow-list, then exactly one usable key of the set.
    ///
    /// # Errors
    /// `algorithm_not_allowed`, `key_unknown`, `key_ambiguous`.
    pub fn select(jws: &'a UntrustedJws, keys: &'a JwkSet, allowed: &[&'static Algorithm]) -> Result<Self, Error> {
        check_allowed(jws, allowed)?;
        Ok(Self { jws, key: keys.select(jws.header())? })
    }

    /// Takes a key that the caller knows to be the right one. A `kid` on either side is no reason against it, `alg`, `use` and the
    /// type of key are.
    ///
    /// # Errors
    /// `algorithm_not_allowed`, `key_unknown` where the key is not one for the token's `alg`.
    pub fn with_key(jws: &'a UntrustedJws, key: &'a Arc<Jwk>, allowed: &[&'static Algorithm]) -> Result<Self, Error> {
        check_allowed(jws, allowed)?;
        if key.fits_algorithm(jws.header().algorithm()) { Ok(Self { jws, key }) } else { Err(Error::KeyUnknown) }
    }

    /// The algorithm.
    pub fn algorithm(&self) -> &'static Algorithm {
        self.jws.header().algorithm()
    }

    /// The key.
    pub const fn key(&self) -> &'a Arc<Jwk> {
        self.key
    }

    /// What was signed: the first two segments with the dot between them (RFC 7515 section 5.1).
    pub fn message(&self) -> &'a [u8] {
        self.jws.signing_input()
    }

    /// The signature's bytes.
    pub fn signature(&self) -> &'a [u8] {
        self.jws.signature()
    }

    /// Checks the signature here and now.
    ///
    /// # Errors
    /// `signature_invalid`.
    pub fn verify(self, engine: &dyn SignatureEngine) -> Result<VerifiedJws, Error> {
        self.conclude(HostVerdict::Unable, engine)
    }

    /// Ends a check that the host was asked for (see [`HostVerdict::settle`]).
    ///
    /// # Errors
    /// `signature_invalid`.
    pub fn conclude(self, verdict: HostVerdict, engine: &dyn SignatureEngine) -> Result<VerifiedJws, Error> {
        verdict
            .settle(engine, self.algorithm().scheme(), self.key.prepared(), self.message(), self.signature())
            .map_err(|_| Error::SignatureInvalid)
            .map(|()| self.verified())
    }

    fn verified(self) -> VerifiedJws {
        VerifiedJws { jws: self.jws.clone(), key: self.key.clone() }
    }
}

fn check_allowed(jws: &UntrustedJws, allowed: &[&'static Algorithm]) -> Result<(), Error> {
    if allowed.contains(&jws.header().algorithm()) { Ok(()) } else { Err(Error::AlgorithmNotAllowed) }
}

/// Checks, in this order: `alg` on the allow-list, exactly one usable key, the signature.
///
/// # Errors
/// `algorithm_not_allowed`, `key_unknown`, `key_ambiguous`, `signature_invalid`.
pub fn verify(
    jws: &UntrustedJws,
    keys: &JwkSet,
    allowed: &[&'static Algorithm],
    engine: &dyn SignatureEngine,
) -> Result<VerifiedJws, Error> {
    SignatureCheck::select(jws, keys, allowed)?.verify(engine)
}
