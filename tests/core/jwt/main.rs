//! The claim rules of every kind of token, through the public surface. Each module is named after the source file it tests.
#![cfg(not(target_arch = "wasm32"))]
#![allow(
    missing_docs,
    unreachable_pub,
    clippy::doc_markdown,
    clippy::std_instead_of_alloc,
    clippy::std_instead_of_core,
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    clippy::unwrap_used,
    reason = "a test that meets the unexpected must stop, and has std"
)]

mod condition;
#[path = "../engine.rs"]
mod engine;
mod id_token;
mod id_token_hashes;
mod introspection;
mod issuer;
mod logout_token;
mod profile;
mod rules;
mod scope;
#[path = "../signing.rs"]
#[allow(dead_code, reason = "other test binaries use more of it")]
mod signing;
mod times;
mod token;
mod tokens;
mod validate;

#[cfg(all(feature = "rs256", feature = "es256"))]
mod verifier;
