//! The JOSE header of a JWS (RFC 7515 section 4).

use core::fmt;

use alloc::{boxed::Box, string::String};

use super::Algorithm;
use crate::{
    error::Error,
    json::{Object, Value},
    limits,
};

/// Parameters that would change what the token means. None is supported, and ignoring one would misread the token:
/// `enc` marks a JWE (RFC 7516), `zip` compression (RFC 7516 section 4.1.3), `b64` an unencoded payload (RFC 7797).
const REFUSED_PARAMETERS: [&str; 3] = ["enc", "zip", "b64"];

/// A header of good form with an algorithm of the table. Nothing in it is trusted before the signature holds.
///
/// `jku`, `x5u` and `x5c` are never read, and `jwk` by DPoP alone (RFC 9449 section 4.2): a key that comes with a token proves
/// nothing about its issuer.
#[derive(Clone)]
pub struct Header {
    algorithm: &'static Algorithm,
    kid: Option<String>,
    typ: Option<String>,
    jwk: Option<Box<Value>>,
}

impl fmt::Debug for Header {
    /// Leaves out the `jwk`: whoever sends a key may have sent its private part.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { algorithm, kid, typ, jwk: _ } = self;
        f.debug_struct("Header")
            .field("algorithm", algorithm)
            .field("kid", kid)
            .field("typ", typ)
            .finish_non_exhaustive()
    }
}

impl Header {
    /// Reads a decoded header. The order is `crit` (RFC 7515 section 4.1.11), refused parameters, `alg`, then the rest.
    ///
    /// # Errors
    /// `token_too_large`, `token_malformed`, `critical_header_unsupported`, `header_invalid`, `algorithm_not_allowed`.
    pub fn parse(decoded: &[u8]) -> Result<Self, Error> {
        if decoded.len() > limits::MAX_HEADER_BYTES {
            return Err(Error::TokenTooLarge);
        }
        let mut members = Object::parse(decoded)
            .map_err(|_| Error::TokenMalformed { reason: "the header is not one strict JSON object" })?;
        if members.contains_key("crit") {
            return Err(Error::CriticalHeaderUnsupported);
        }
        for parameter in REFUSED_PARAMETERS {
            if members.contains_key(parameter) {
                return Err(Error::HeaderInvalid { parameter });
            }
        }
        let name = string(&members, "alg")?.ok_or_else(|| Error::HeaderInvalid { parameter: "alg" })?;
        let algorithm = Algorithm::by_name(name).ok_or_else(|| Error::AlgorithmNotAllowed)?;
        let kid = string(&members, "kid")?;
        if kid.is_some_and(|kid| kid.len() > limits::MAX_KID_BYTES) {
            return Err(Error::HeaderInvalid { parameter: "kid" });
        }
        // RFC 7519 section 5.2: "JWT" here means that the payload is itself a JWT, and none is unwrapped.
        if string(&members, "cty")?.is_some_and(|cty| without_application(cty).eq_ignore_ascii_case("JWT")) {
            return Err(Error::HeaderInvalid { parameter: "cty" });
        }
        let (kid, typ) = (kid.map(Into::into), string(&members, "typ")?.map(Into::into));
        Ok(Self { algorithm, kid, typ, jwk: members.remove("jwk").map(Box::new) })
    }

    /// The `alg` parameter's row of the algorithm table.
    pub const fn algorithm(&self) -> &'static Algorithm {
        self.algorithm
    }

    /// The `kid` parameter (RFC 7515 section 4.1.4).
    pub fn kid(&self) -> Option<&str> {
        self.kid.as_deref()
    }

    /// The `typ` parameter (RFC 7515 section 4.1.9).
    pub fn typ(&self) -> Option<&str> {
        self.typ.as_deref()
    }

    /// The `typ` parameter as the name of a media type: without "application/", which may be left out (RFC 7515 section 4.1.9).
    /// Compare it without regard to case (RFC 2045 section 5.1).
    pub fn media_type(&self) -> Option<&str> {
        self.typ().map(without_application)
    }

    /// The `jwk` parameter. Whoever made the token chose it.
    pub(crate) fn jwk(&self) -> Option<&Value> {
        self.jwk.as_deref()
    }
}

/// `typ` and `cty` may leave out the "application/" of a media type (RFC 7515 sections 4.1.9 and 4.1.10).
pub(crate) fn without_application(media_type: &str) -> &str {
    match media_type.split_at_checked("application/".len()) {
        Some((prefix, rest)) if prefix.eq_ignore_ascii_case("application/") => rest,
        _ => media_type,
    }
}

fn string<'a>(members: &'a Object, parameter: &'static str) -> Result<Option<&'a str>, Error> {
    match members.get(parameter) {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(_) => Err(Error::HeaderInvalid { parameter }),
    }
}
