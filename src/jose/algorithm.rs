//! The one table of signature algorithms (RFC 7518 section 3.1).
//!
//! A name is looked up here once; everything below receives the entry and never looks at the name again.
//! `none` and the HMAC family are not in the table, so no spelling of them reaches a key.

use core::fmt;

/// One row of the table: an `alg` name with everything that follows from it.
#[derive(PartialEq, Eq)]
pub struct Algorithm {
    name: &'static str,
    scheme: Scheme,
    key_type: KeyType,
}

/// How a signature is computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scheme {
    /// ECDSA on P-256 with SHA-256, the signature as `r || s` (RFC 7518 section 3.4).
    EcdsaP256Sha256,
    /// RSASSA-PKCS1-v1_5 with SHA-256 (RFC 7518 section 3.3).
    RsaPkcs1Sha256,
}

/// Which keys fit (RFC 7518 section 6.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyType {
    /// `kty` "EC" with `crv` "P-256".
    EcP256,
    /// `kty` "RSA".
    Rsa,
}

/// ECDSA using P-256 and SHA-256.
pub static ES256: Algorithm = Algorithm { name: "ES256", scheme: Scheme::EcdsaP256Sha256, key_type: KeyType::EcP256 };

/// RSASSA-PKCS1-v1_5 using SHA-256.
pub static RS256: Algorithm = Algorithm { name: "RS256", scheme: Scheme::RsaPkcs1Sha256, key_type: KeyType::Rsa };

/// Every algorithm there is.
pub static ALGORITHMS: [&Algorithm; 2] = [&ES256, &RS256];

impl Algorithm {
    /// The row of this `alg` name, compared exactly; `None` for every other spelling.
    pub fn by_name(name: &str) -> Option<&'static Self> {
        ALGORITHMS.into_iter().find(|algorithm| algorithm.name == name)
    }

    /// The `alg` name.
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// How the signature is computed.
    pub const fn scheme(&self) -> Scheme {
        self.scheme
    }

    /// Which keys fit.
    pub const fn key_type(&self) -> KeyType {
        self.key_type
    }
}

impl fmt::Debug for Algorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}
