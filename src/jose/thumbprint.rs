//! A public key as the least JWK that says it, and the thumbprint made of that (RFC 7638).

use alloc::string::String;

use sha2::{Digest, Sha256};

use super::{Point, PublicKey, base64url};

impl PublicKey {
    /// The thumbprint: base64url of the SHA-256 of [`Self::to_jwk`]. Two keys have the same one only where they are the same key.
    pub fn thumbprint(&self) -> String {
        base64url::encode(&Sha256::digest(self.to_jwk()))
    }

    /// The key as a JWK of its required members alone, in the order of their names and without white space (RFC 7638 section 3,
    /// RFC 8037 section 2).
    pub fn to_jwk(&self) -> String {
        // Every value is base64url or a fixed name, so nothing needs escaping.
        match self {
            Self::EcP256(point) => ec("P-256", point),
            Self::EcP384(point) => ec("P-384", point),
            Self::EcP521(point) => ec("P-521", point),
            Self::Ed25519(x) => [r#"{"crv":"Ed25519","kty":"OKP","x":""#, &base64url::encode(x), r#""}"#].concat(),
            Self::Rsa { n, e } => {
                [r#"{"e":""#, &base64url::encode(e), r#"","kty":"RSA","n":""#, &base64url::encode(n), r#""}"#].concat()
            }
        }
    }
}

fn ec<const SIZE: usize>(curve: &str, point: &Point<SIZE>) -> String {
    let (x, y) = (base64url::encode(&point.x), base64url::encode(&point.y));
    [r#"{"crv":""#, curve, r#"","kty":"EC","x":""#, &x, r#"","y":""#, &y, r#""}"#].concat()
}
