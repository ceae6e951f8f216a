//! JOSE: what RFC 7515 (JWS), 7517 (JWK) and 7518 (JWA) say, and nothing of OAuth.
//!
//! The stages, each made only by the one before: text → [`UntrustedJws`] → [`JwkSet::select`] → [`VerifiedJws`].

pub mod algorithm;
pub mod base64url;
mod header;
pub mod json;
mod jwk;
mod jwk_set;
mod jws;
mod verify;

pub use algorithm::Algorithm;
pub use header::Header;
pub use jwk::{Jwk, Point, PublicKey};
pub use jwk_set::JwkSet;
pub use jws::UntrustedJws;
pub use verify::{VerifiedJws, verify};
