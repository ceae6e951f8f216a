//! From an untrusted JWS to a verified one: the only place that makes a [`VerifiedJws`].

use core::fmt;

use super::{
    Algorithm, Header, JwkSet, UntrustedJws,
    json::{self, Object},
};
use crate::{crypto::SignatureEngine, error::Error};

/// A JWS whose signature held under a key of the set it was checked against. Only [`verify`] makes one.
pub struct VerifiedJws {
    header: Header,
    payload: Object,
}

impl VerifiedJws {
    /// The signed header.
    pub const fn header(&self) -> &Header {
        &self.header
    }

    /// The signed payload, which is a claims set (RFC 7519 section 4).
    pub const fn payload(&self) -> &Object {
        &self.payload
    }

    pub(crate) fn into_parts(self) -> (Header, Object) {
        (self.header, self.payload)
    }
}

impl fmt::Debug for VerifiedJws {
    /// Leaves out the payload, which is personal data.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("VerifiedJws").field("header", &self.header).finish_non_exhaustive()
    }
}

/// Checks, in this order: `alg` on the allow-list, exactly one usable key, the signature; then reads the payload.
///
/// # Errors
/// `algorithm_not_allowed`, `key_unknown`, `key_ambiguous`, `signature_invalid`, `token_malformed`.
pub fn verify(
    jws: &UntrustedJws,
    keys: &JwkSet,
    allowed: &[&'static Algorithm],
    engine: &dyn SignatureEngine,
) -> Result<VerifiedJws, Error> {
    let algorithm = jws.header().algorithm();
    if !allowed.contains(&algorithm) {
        return Err(Error::AlgorithmNotAllowed);
    }
    let key = keys.select(jws.header())?;
    engine
        .verify(algorithm.scheme(), key.key(), jws.signing_input(), jws.signature())
        .map_err(|_| Error::SignatureInvalid)?;
    let payload = json::parse_object(jws.payload())
        .ok_or(Error::TokenMalformed { reason: "the payload is not one strict JSON object" })?;
    Ok(VerifiedJws { header: jws.header().clone(), payload })
}
