//! One JSON Web Key, as a public key for verifying signatures (RFC 7517 section 4, RFC 7518 section 6).

use core::fmt;

use alloc::{string::String, vec::Vec};

use serde_json::Value;

use super::{
    Algorithm, Header,
    algorithm::KeyType,
    base64url,
    json::{self, Object},
};
use crate::{crypto::SignatureEngine, error::Error, limits};

/// Members that only a private or symmetric key has (RFC 7518 sections 6.2.2, 6.3.2 and 6.4).
/// A key set that shows one has leaked it, so the key is not one to trust.
const PRIVATE_MEMBERS: [&str; 8] = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];

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

/// A key that may verify signatures, with what the issuer said of its use.
#[derive(Clone, Debug)]
pub struct Jwk {
    kid: Option<String>,
    algorithm: Option<&'static Algorithm>,
    key: PublicKey,
}

impl Jwk {
    /// Reads a JWK and has the engine look at it (an EC point must lie on its curve).
    ///
    /// # Errors
    /// `key_unusable`, with the rule it broke.
    pub fn parse(text: &[u8], engine: &dyn SignatureEngine) -> Result<Self, Error> {
        let members = json::parse_object(text).ok_or(unusable("it is not one strict JSON object"))?;
        if PRIVATE_MEMBERS.iter().any(|member| members.contains_key(*member)) {
            return Err(unusable("it shows private members"));
        }
        if string(&members, "use")?.is_some_and(|usage| usage != "sig") {
            return Err(unusable("\"use\" is not \"sig\""));
        }
        check_key_ops(&members)?;
        let algorithm = match string(&members, "alg")? {
            None => None,
            Some(name) => {
                Some(Algorithm::by_name(name).ok_or(unusable("\"alg\" is not a supported signature algorithm"))?)
            }
        };
        let key = match string(&members, "kty")? {
            Some("EC") => parse_ec(&members)?,
            Some("OKP") => parse_okp(&members)?,
            Some("RSA") => parse_rsa(&members)?,
            _ => return Err(unusable("\"kty\" is none of \"EC\", \"OKP\" and \"RSA\"")),
        };
        if algorithm.is_some_and(|algorithm| algorithm.key_type() != key.key_type()) {
            return Err(unusable("\"alg\" does not fit \"kty\" and \"crv\""));
        }
        if !engine.accepts_key(&key) {
            return Err(unusable("the engine does not take it"));
        }
        let kid = string(&members, "kid")?;
        if kid.is_some_and(|kid| kid.len() > limits::MAX_KID_BYTES) {
            return Err(unusable("\"kid\" is too long"));
        }
        Ok(Self { kid: kid.map(Into::into), algorithm, key })
    }

    /// The `kid` member (RFC 7517 section 4.5).
    pub fn kid(&self) -> Option<&str> {
        self.kid.as_deref()
    }

    /// The public key.
    pub const fn key(&self) -> &PublicKey {
        &self.key
    }

    /// Whether it may verify a token with this header: the type fits, its own `alg` agrees, and so does `kid`
    /// wherever the token names one.
    pub(super) fn fits(&self, header: &Header) -> bool {
        let algorithm = header.algorithm();
        self.key.key_type() == algorithm.key_type()
            && self.algorithm.is_none_or(|own| own.scheme() == algorithm.scheme())
            && header.kid().is_none_or(|kid| self.kid() == Some(kid))
    }
}

const fn unusable(reason: &'static str) -> Error {
    Error::KeyUnusable { reason }
}

fn string<'a>(members: &'a Object, name: &str) -> Result<Option<&'a str>, Error> {
    match members.get(name) {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(_) => Err(unusable("a member that must be a string is not one")),
    }
}

/// RFC 7517 section 4.3: an array of distinct strings; here it must offer "verify" where it is present.
fn check_key_ops(members: &Object) -> Result<(), Error> {
    let Some(operations) = members.get("key_ops") else {
        return Ok(());
    };
    let Value::Array(operations) = operations else {
        return Err(unusable("\"key_ops\" is not an array"));
    };
    let mut seen: Vec<&str> = Vec::new();
    for operation in operations {
        match operation {
            Value::String(operation) if !seen.contains(&operation.as_str()) => seen.push(operation),
            _ => return Err(unusable("\"key_ops\" holds something twice or no string")),
        }
    }
    if seen.contains(&"verify") { Ok(()) } else { Err(unusable("\"key_ops\" does not offer \"verify\"")) }
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
    string(members, name)?
        .and_then(base64url::decode)
        .and_then(|bytes| bytes.try_into().ok())
        .ok_or(unusable("a coordinate is not canonical base64url of the curve's size"))
}

fn parse_rsa(members: &Object) -> Result<PublicKey, Error> {
    // RFC 7518 section 2: a Base64urlUInt has the least number of octets, so no leading zero.
    let number = |name| -> Result<Vec<u8>, Error> {
        string(members, name)?
            .and_then(base64url::decode)
            .filter(|bytes| bytes.first().is_some_and(|first| *first != 0))
            .ok_or(unusable("\"n\" or \"e\" is not a Base64urlUInt"))
    };
    let n = number("n")?;
    let e = number("e")?;
    let bits = bit_length(&n);
    if !(limits::MIN_RSA_MODULUS_BITS..=limits::MAX_RSA_MODULUS_BITS).contains(&bits) || !is_odd(&n) {
        return Err(unusable("the modulus is even, or its size is out of bounds"));
    }
    if e.len() > limits::MAX_RSA_EXPONENT_BYTES || !is_odd(&e) || e == [1] {
        return Err(unusable("the exponent is not odd and from 3 to five bytes"));
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
