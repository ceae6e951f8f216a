//! One JSON Web Key, as a public key for verifying signatures (RFC 7517 section 4, RFC 7518 section 6).

use alloc::{string::String, vec::Vec};

use super::{
    Algorithm, Header, PublicKey,
    public_key::{string, unusable},
};
use crate::{
    crypto::{PreparedKey, SignatureEngine},
    error::Error,
    json::{Object, Value},
    limits,
};

/// Members that only a private or symmetric key has (RFC 7518 sections 6.2.2, 6.3.2 and 6.4).
/// A key set that shows one has leaked it, so the key is not one to trust.
const PRIVATE_MEMBERS: [&str; 8] = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];

/// A key that may verify signatures, with what the issuer said of its use.
#[derive(Clone, Debug)]
pub struct Jwk {
    kid: Option<String>,
    algorithm: Option<&'static Algorithm>,
    issuer: Option<String>,
    key: PreparedKey,
}

impl Jwk {
    /// Reads a JWK and has the engine look at it (an EC point must lie on its curve).
    ///
    /// # Errors
    /// `key_unusable`, with the rule it broke.
    pub fn parse(text: &[u8], engine: &dyn SignatureEngine) -> Result<Self, Error> {
        let members = Object::parse(text).map_err(|_| unusable("it is not one strict JSON object"))?;
        Self::from_members(&members, engine)
    }

    /// The same of members already read.
    ///
    /// # Errors
    /// `key_unusable`, with the rule it broke.
    pub(crate) fn from_members(members: &Object, engine: &dyn SignatureEngine) -> Result<Self, Error> {
        if PRIVATE_MEMBERS.iter().any(|member| members.contains_key(member)) {
            return Err(unusable("it shows private members"));
        }
        check_use(members)?;
        let algorithm = match string(members, "alg")? {
            None => None,
            Some(name) => Some(
                Algorithm::by_name(name).ok_or_else(|| unusable("\"alg\" is not a supported signature algorithm"))?,
            ),
        };
        let key = PublicKey::from_members(members)?;
        if algorithm.is_some_and(|algorithm| algorithm.key_type() != key.key_type()) {
            return Err(unusable("\"alg\" does not fit \"kty\" and \"crv\""));
        }
        if !engine.accepts_key(&key) {
            return Err(unusable(
                "the engine does not take it: no point of its curve, or a family that is not compiled in",
            ));
        }
        let kid = string(members, "kid")?;
        if kid.is_some_and(|kid| kid.len() > limits::MAX_KID_BYTES) {
            return Err(unusable("\"kid\" is too long"));
        }
        // No member of RFC 7517, so one of another type is no fault of the key's.
        let issuer = members.get("issuer").and_then(Value::as_str).map(Into::into);
        Ok(Self { kid: kid.map(Into::into), algorithm, issuer, key: key.into() })
    }

    /// The `kid` member (RFC 7517 section 4.5).
    pub fn kid(&self) -> Option<&str> {
        self.kid.as_deref()
    }

    /// The public key.
    pub const fn key(&self) -> &PublicKey {
        self.key.key()
    }

    /// The public key, for an engine.
    pub const fn prepared(&self) -> &PreparedKey {
        &self.key
    }

    /// The `issuer` member, which key sets for several tenants have: whose tokens the key signs.
    pub fn issuer(&self) -> Option<&str> {
        self.issuer.as_deref()
    }

    /// Whether it may verify a token with this header: the type fits, its own `alg` agrees, and so does `kid`
    /// wherever the token names one.
    pub(super) fn fits(&self, header: &Header) -> bool {
        self.fits_algorithm(header.algorithm()) && header.kid().is_none_or(|kid| self.kid() == Some(kid))
    }

    /// Whether it is a key for this algorithm, and its own `alg` says nothing else.
    pub fn fits_algorithm(&self, algorithm: &Algorithm) -> bool {
        self.key().key_type() == algorithm.key_type()
            && self.algorithm.is_none_or(|own| own.scheme() == algorithm.scheme())
    }
}

/// `use` must be "sig", and `key_ops` offer "verify", wherever they are present (RFC 7517 sections 4.2 and 4.3). Where both are, they
/// must say the same, so there is then nothing but signing in `key_ops`.
fn check_use(members: &Object) -> Result<(), Error> {
    let usage = string(members, "use")?;
    if usage.is_some_and(|usage| usage != "sig") {
        return Err(unusable("\"use\" is not \"sig\""));
    }
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
    if !seen.contains(&"verify") {
        return Err(unusable("\"key_ops\" does not offer \"verify\""));
    }
    if usage.is_some() && seen.iter().any(|operation| !["sign", "verify"].contains(operation)) {
        return Err(unusable("\"use\" and \"key_ops\" contradict each other"));
    }
    Ok(())
}
