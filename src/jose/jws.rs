//! A JWS in compact serialization, taken apart but not yet believed (RFC 7515 sections 3.1 and 7.1).

use core::fmt;

use alloc::{string::String, sync::Arc, vec::Vec};

use super::{Header, base64url};
use crate::{
    error::Error,
    json::{Object, Value},
    limits,
    time::NumericDate,
};

/// A well-formed token whose signature has not been checked. Its claims can't be read. Clones share what was read.
#[derive(Clone)]
pub struct UntrustedJws(Arc<Parts>);

struct Parts {
    header: Header,
    signing_input: String,
    payload: Vec<u8>,
    signature: Vec<u8>,
    /// The payload as a claims set, read once: to choose the keys by, and again when the signature has held. `None` where it is none.
    claims: Option<Arc<Object>>,
}

impl UntrustedJws {
    /// Takes a compact JWS apart: size, three segments, canonical base64url, then the header.
    ///
    /// # Errors
    /// `token_too_large`, `token_malformed`, and those of [`Header::parse`].
    pub fn parse(token: &str) -> Result<Self, Error> {
        if token.len() > limits::MAX_TOKEN_BYTES {
            return Err(Error::TokenTooLarge);
        }
        let malformed = |reason| Error::TokenMalformed { reason };
        // A limit of four pieces is enough to see that there are too many, however many dots there are.
        let mut segments = token.splitn(4, '.');
        let (Some(header), Some(payload), Some(signature), None) =
            (segments.next(), segments.next(), segments.next(), segments.next())
        else {
            return Err(malformed("it must have three segments"));
        };
        let header = base64url::decode(header).ok_or_else(|| malformed("the header is not canonical base64url"))?;
        let header = Header::parse(&header)?;
        let payload = base64url::decode(payload).ok_or_else(|| malformed("the payload is not canonical base64url"))?;
        let signature = base64url::decode(signature)
            .filter(|signature| !signature.is_empty())
            .ok_or_else(|| malformed("the signature is not canonical base64url, or empty"))?;
        let (signing_input, _) = token.rsplit_once('.').ok_or_else(|| malformed("it must have three segments"))?;
        let claims = Object::parse(&payload).ok().map(Arc::new);
        Ok(Self(Arc::new(Parts { header, signing_input: signing_input.into(), payload, signature, claims })))
    }

    /// The header. What it says is the sender's claim until the signature holds.
    pub fn header(&self) -> &Header {
        &self.0.header
    }

    /// Whether the payload is one strict JSON object, as a claims set is (RFC 7519 section 4). It says nothing of what the claims are.
    ///
    /// # Errors
    /// `token_malformed`.
    pub fn check_claims_set(&self) -> Result<(), Error> {
        self.claims().map(drop)
    }

    /// The `iss` the token claims, used for one thing only: to choose whose keys it is checked against.
    /// The validated token's `iss` is compared again, exactly, after the signature.
    ///
    /// # Errors
    /// `token_malformed` where the payload is no claims set, `issuer_unknown` where it names no issuer.
    pub(crate) fn issuer_hint(&self) -> Result<&str, Error> {
        self.claims()?.get("iss").and_then(Value::as_str).ok_or_else(|| Error::IssuerUnknown)
    }

    /// The `iat` the token claims, used for one thing only: to choose between two refusals.
    pub(crate) fn issued_at_hint(&self) -> Option<NumericDate> {
        NumericDate::from_json(self.claims().ok()?.get("iat")?)
    }

    /// The payload as a claims set. What it says may be believed only once the signature has held.
    pub(super) fn claims(&self) -> Result<&Arc<Object>, Error> {
        self.0.claims.as_ref().ok_or_else(|| Error::PAYLOAD_MALFORMED)
    }

    /// What was signed: the first two segments with the dot between them (RFC 7515 section 5.1); ASCII.
    pub fn signing_input(&self) -> &[u8] {
        self.0.signing_input.as_bytes()
    }

    pub(super) fn payload(&self) -> &[u8] {
        &self.0.payload
    }

    /// The signature's bytes.
    pub fn signature(&self) -> &[u8] {
        &self.0.signature
    }
}

impl fmt::Debug for UntrustedJws {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UntrustedJws").field("algorithm", &self.header().algorithm()).finish_non_exhaustive()
    }
}
