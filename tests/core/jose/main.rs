//! JOSE and third-party vectors, through the public surface.
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

mod base64url;
mod cookbook;
#[path = "../engine.rs"]
mod engine;
mod error;
mod generated;
mod header;
mod host_keys;
mod interop;
mod jwk;
mod jws;
mod key_set_form;
mod key_use;
mod payload;
mod roca;
mod rows;
#[path = "../signing.rs"]
#[cfg_attr(
    not(all(feature = "rs256", feature = "es256")),
    allow(dead_code, reason = "what needs signatures is compiled out with the algorithms")
)]
mod signing;
mod thumbprint;
mod time;

#[cfg(all(feature = "rs256", feature = "es256"))]
mod dates;
#[cfg(all(feature = "rs256", feature = "es256"))]
mod depth;
#[cfg(all(feature = "rs256", feature = "es256"))]
mod fast_engine;
#[cfg(all(feature = "rs256", feature = "es256"))]
#[path = "../../judge/src/judge/mod.rs"]
mod judge;
#[cfg(all(feature = "rs256", feature = "es256"))]
mod jwk_set;
#[cfg(all(feature = "rs256", feature = "es256"))]
mod rsa_range;
#[cfg(all(feature = "rs256", feature = "es256"))]
mod strictness;
#[cfg(all(feature = "rs256", feature = "es256"))]
mod vectors;
#[cfg(all(feature = "rs256", feature = "es256"))]
mod verify;
