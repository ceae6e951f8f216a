//! The token itself: JOSE, the claim rules, and third-party vectors, through the public surface.
#![allow(
    missing_docs,
    clippy::doc_markdown,
    clippy::std_instead_of_alloc,
    clippy::std_instead_of_core,
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that meets the unexpected must stop, and has std"
)]

mod base64url;
mod error;
mod header;
mod json;
mod jwk;
mod jws;
mod scope;
#[path = "../signing.rs"]
mod signing;
mod time;

#[cfg(all(feature = "rs256", feature = "es256"))]
mod jwk_set;
#[cfg(all(feature = "rs256", feature = "es256"))]
mod validate;
#[cfg(all(feature = "rs256", feature = "es256"))]
mod vectors;
#[cfg(all(feature = "rs256", feature = "es256"))]
mod verify;
