//! The public key inside a JWK: its numbers, checked for form and size (RFC 7518 section 6, RFC 8037 section 2).

use core::fmt;

use alloc::vec::Vec;

use super::{algorithm::KeyType, base64url, roca};
use crate::{
    error::Error,
    json::{Object, Value},
    limits,
};

/// The numbers of a public key, checked for form and size.
#[derive(Clone, PartialEq, Eq)]
pub enum PublicKey {
    /// A point on P-256.
    EcP256(Point<32>),
    /// A point on P-384.
    EcP384(Point<48>),
    /// A point on P-521.
    EcP521(Point<66>),
    /// An encoded point on edwards25519 (RFC 8032 section 5.1.2).
    Ed25519([u8; 32]),
    /// RSA, both numbers big-endian without leading zeros.
    Rsa {
        /// The modulus.
        n: Vec<u8>,
        /// The public exponent.
        e: Vec<u8>,
    },
}

/// Coordinates that should be those of a point on a curve, big-endian, each of the field's full size in bytes.
#[derive(Clone, PartialEq, Eq)]
pub struct Point<const SIZE: usize> {
    /// The x coordinate.
    pub x: [u8; SIZE],
    /// The y coordinate.
    pub y: [u8; SIZE],
}

impl PublicKey {
    /// Reads the members that `kty` calls for.
    ///
    /// # Errors
    /// `key_unusable`, with the rule it broke.
    pub(super) fn from_members(members: &Object) -> Result<Self, Error> {
        match string(members, "kty")? {
            Some("EC") => parse_ec(members),
            Some("OKP") => parse_okp(members),
            Some("RSA") => parse_rsa(members),
            _ => Err(unusable("\"kty\" is none of \"EC\", \"OKP\" and \"RSA\"")),
        }
    }

    /// Which algorithms it fits.
    pub const fn key_type(&self) -> KeyType {
        match self {
            Self::EcP256(_) => KeyType::EcP256,
            Self::EcP384(_) => KeyType::EcP384,
            Self::EcP521(_) => KeyType::EcP521,
            Self::Ed25519(_) => KeyType::Ed25519,
            Self::Rsa { .. } => KeyType::Rsa,
        }
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("PublicKey").field(&self.key_type()).finish()
    }
}

pub(super) const fn unusable(reason: &'static str) -> Error {
    Error::KeyUnusable { reason }
}

pub(super) fn string<'a>(members: &'a Object, name: &str) -> Result<Option<&'a str>, Error> {
    match members.get(name) {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(_) => Err(unusable("a member that must be a string is not one")),
    }
}

fn parse_ec(members: &Object) -> Result<PublicKey, Error> {
    match string(members, "crv")? {
        Some("P-256") => parse_point(members).map(PublicKey::EcP256),
        Some("P-384") => parse_point(members).map(PublicKey::EcP384),
        Some("P-521") => parse_point(members).map(PublicKey::EcP521),
        _ => Err(unusable("\"crv\" is none of \"P-256\", \"P-384\" and \"P-521\"")),
    }
}

fn parse_point<const SIZE: usize>(members: &Object) -> Result<Point<SIZE>, Error> {
    Ok(Point { x: octets(members, "x")?, y: octets(members, "y")? })
}

/// RFC 8037 section 2.
fn parse_okp(members: &Object) -> Result<PublicKey, Error> {
    if string(members, "crv")? != Some("Ed25519") {
        return Err(unusable("\"crv\" is not \"Ed25519\""));
    }
    octets(members, "x").map(PublicKey::Ed25519)
}

/// RFC 7518 section 6.2.1.2: the full size of a coordinate, leading zeros included.
fn octets<const SIZE: usize>(members: &Object, name: &str) -> Result<[u8; SIZE], Error> {
    let decoded = decoded(members, name)?;
    // Into an array that is there already: compiled for each size, `try_into` and what surrounds it would be several times as large.
    let mut octets = [0; SIZE];
    if decoded.len() != SIZE {
        return Err(unusable(NO_COORDINATE));
    }
    octets.copy_from_slice(&decoded);
    Ok(octets)
}

const NO_COORDINATE: &str = "a coordinate is not canonical base64url of the curve's size";

fn decoded(members: &Object, name: &str) -> Result<Vec<u8>, Error> {
    string(members, name)?.and_then(base64url::decode).ok_or_else(|| unusable(NO_COORDINATE))
}

fn parse_rsa(members: &Object) -> Result<PublicKey, Error> {
    // RFC 7518 section 2: a Base64urlUInt has the least number of octets, so no leading zero.
    let number = |name| -> Result<Vec<u8>, Error> {
        string(members, name)?
            .and_then(base64url::decode)
            .filter(|bytes| bytes.first().is_some_and(|first| *first != 0))
            .ok_or_else(|| unusable("\"n\" or \"e\" is not a Base64urlUInt"))
    };
    let n = number("n")?;
    let e = number("e")?;
    let bits = bit_length(&n);
    if !(limits::MIN_RSA_MODULUS_BITS..=limits::MAX_RSA_MODULUS_BITS).contains(&bits) || !is_odd(&n) {
        return Err(unusable("the modulus is even, or its size is out of bounds"));
    }
    if bit_length(&e) > limits::MAX_RSA_EXPONENT_BITS || !is_odd(&e) || e == [1] {
        return Err(unusable("the exponent is not odd, under 3, or over its bound"));
    }
    if roca::has_fingerprint(&n) {
        return Err(unusable("the modulus was made by a generator whose keys can be factored (CVE-2017-15361)"));
    }
    Ok(PublicKey::Rsa { n, e })
}

fn is_odd(number: &[u8]) -> bool {
    number.last().is_some_and(|byte| byte & 1 == 1)
}

/// Bits of a big-endian number without leading zero bytes.
fn bit_length(number: &[u8]) -> usize {
    let leading = number.first().map_or(0, |first| first.leading_zeros());
    number.len().saturating_mul(8).saturating_sub(usize::try_from(leading).unwrap_or(0))
}
