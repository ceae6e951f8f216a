//! The classes of attacks on JWT, OAuth and gateways that a token, a key, a key set or a sign-in can carry, by the numbers and names that the
//! whole repository uses for them. Each test runs at the door where the attack would come in, mostly the gate's.
//!
//! The right answer is always: refused, with the generic public error and the precise private reason, and an honest token still passes.
#![cfg(not(target_arch = "wasm32"))]
#![cfg(all(feature = "rs256", feature = "es256"))]
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

mod algorithms;
mod answers;
mod claims;
mod cross_jwt;
mod dpop;
mod encoding;
#[path = "../jose/error.rs"]
mod every_error;
mod forging;
mod gate;
mod header;
mod header_form;
mod introspection;
mod keys;
mod leaks;
mod limits;
mod malleability;
mod names;
#[path = "../resource_server/outside.rs"]
#[allow(dead_code, reason = "other test binaries use more of it")]
mod outside;
mod return_to;
mod route_demands;
mod sign_in;
mod signatures;
#[path = "../signing.rs"]
#[allow(dead_code, reason = "other test binaries use more of it")]
mod signing;
#[path = "../client/sign_in.rs"]
#[allow(dead_code, reason = "other test binaries use more of it")]
mod signing_in;
mod smuggling;
