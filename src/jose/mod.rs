//! JOSE: what RFC 7515 (JWS), 7517 (JWK) and 7518 (JWA) say, and nothing of OAuth.
//!
//! The stages, each made only by the one before: text → [`UntrustedJws`] → [`SignatureCheck`] → [`VerifiedJws`].

pub mod algorithm;
pub mod base64url;
mod header;
mod jwk;
mod jwk_set;
mod jws;
mod public_key;
mod roca;
mod thumbprint;
mod verify;

pub use algorithm::Algorithm;
pub use header::Header;
pub(crate) use header::without_application;
pub use jwk::Jwk;
pub use jwk_set::JwkSet;
pub use jws::UntrustedJws;
pub use public_key::{Point, PublicKey};
pub use verify::{SignatureCheck, VerifiedJws, verify};
