//! The one table of signature algorithms (RFC 7518 section 3.1, RFC 8037 section 3.1, RFC 9864 section 2.2).
//!
//! A name is looked up here once; everything below receives the entry and never looks at the name again.
//! `none` and the HMAC family are not in the table, so no spelling of them reaches a key.

use core::fmt;

pub use edgeward_engine::Hash;

/// One row of the table: an `alg` name with everything that follows from it.
#[derive(PartialEq, Eq)]
pub struct Algorithm {
    name: &'static str,
    scheme: Scheme,
    key_type: KeyType,
    is_available: bool,
}

/// How a signature is computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scheme {
    /// ECDSA on P-256 with SHA-256, the signature as `r || s` (RFC 7518 section 3.4).
    EcdsaP256Sha256,
    /// ECDSA on P-384 with SHA-384, in the same form.
    EcdsaP384Sha384,
    /// ECDSA on P-521 with SHA-512, in the same form.
    EcdsaP521Sha512,
    /// Ed25519 (RFC 8032 section 5.1.7, RFC 8037 section 3.1).
    Ed25519,
    /// RSASSA-PKCS1-v1_5 (RFC 7518 section 3.3).
    RsaPkcs1(Hash),
    /// RSASSA-PSS with MGF1 on the same hash, and a salt as long as the hash (RFC 7518 section 3.5).
    RsaPss(Hash),
}

/// Which keys fit (RFC 7518 section 6.1, RFC 8037 section 2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyType {
    /// `kty` "EC" with `crv` "P-256".
    EcP256,
    /// `kty` "EC" with `crv` "P-384".
    EcP384,
    /// `kty` "EC" with `crv` "P-521".
    EcP521,
    /// `kty` "OKP" with `crv` "Ed25519".
    Ed25519,
    /// `kty` "RSA".
    Rsa,
}

macro_rules! table {
    ($($static_name:ident $name:literal $scheme:expr, $key_type:ident, $feature:literal, $doc:literal;)*) => {
        $(
            #[doc = $doc]
            pub static $static_name: Algorithm = Algorithm {
                name: $name,
                scheme: $scheme,
                key_type: KeyType::$key_type,
                is_available: cfg!(feature = $feature),
            };
        )*
        /// Every algorithm there is, compiled in or not.
        pub static ALGORITHMS: &[&Algorithm] = &[$(&$static_name),*];
    };
}

table! {
    ES256 "ES256" Scheme::EcdsaP256Sha256, EcP256, "es256", "ECDSA using P-256 and SHA-256.";
    ES384 "ES384" Scheme::EcdsaP384Sha384, EcP384, "es384", "ECDSA using P-384 and SHA-384.";
    ES512 "ES512" Scheme::EcdsaP521Sha512, EcP521, "es512", "ECDSA using P-521 and SHA-512.";
    EDDSA "EdDSA" Scheme::Ed25519, Ed25519, "ed25519", "`EdDSA` as RFC 8037 names it; here on Ed25519 alone.";
    ED25519 "Ed25519" Scheme::Ed25519, Ed25519, "ed25519", "The same, by its fully-specified name (RFC 9864 section 2.2).";
    PS256 "PS256" Scheme::RsaPss(Hash::Sha256), Rsa, "ps256", "RSASSA-PSS using SHA-256.";
    PS384 "PS384" Scheme::RsaPss(Hash::Sha384), Rsa, "ps384-ps512", "RSASSA-PSS using SHA-384.";
    PS512 "PS512" Scheme::RsaPss(Hash::Sha512), Rsa, "ps384-ps512", "RSASSA-PSS using SHA-512.";
    RS256 "RS256" Scheme::RsaPkcs1(Hash::Sha256), Rsa, "rs256", "RSASSA-PKCS1-v1_5 using SHA-256.";
    RS384 "RS384" Scheme::RsaPkcs1(Hash::Sha384), Rsa, "rs384-rs512", "RSASSA-PKCS1-v1_5 using SHA-384.";
    RS512 "RS512" Scheme::RsaPkcs1(Hash::Sha512), Rsa, "rs384-rs512", "RSASSA-PKCS1-v1_5 using SHA-512.";
}

impl Algorithm {
    /// The row of this `alg` name, compared exactly; `None` for every other spelling.
    pub fn by_name(name: &str) -> Option<&'static Self> {
        ALGORITHMS.iter().copied().find(|algorithm| algorithm.name == name)
    }

    /// The algorithms that are compiled in (see the crate's features).
    pub fn available() -> impl Iterator<Item = &'static Self> {
        ALGORITHMS.iter().copied().filter(|algorithm| algorithm.is_available)
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

    /// Its place among [`ALGORITHMS`].
    #[cfg(any(feature = "wasm-gate", feature = "wasm-verifier", feature = "wasm-client"))]
    pub(crate) fn place(&self) -> usize {
        ALGORITHMS.iter().position(|algorithm| *algorithm == self).unwrap_or(usize::MAX)
    }

    /// Whether the Rust engine has it compiled in.
    pub const fn is_available(&self) -> bool {
        self.is_available
    }
}

impl fmt::Debug for Algorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}
