//! The gate from the outside: requests in, decisions out, with canned documents for whatever it asks for.
//!
//! Each module is named after the source file it tests. What needs a signed token runs where both algorithms are compiled
//! in; the rest also runs without any, on public routes, refusals and opaque tokens.

#![cfg(not(target_arch = "wasm32"))]
#![allow(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::std_instead_of_alloc,
    clippy::std_instead_of_core,
    clippy::string_slice,
    clippy::unwrap_used,
    missing_docs,
    unreachable_pub,
    reason = "a test that meets the unexpected must stop, and has std"
)]
#![cfg_attr(
    not(all(feature = "rs256", feature = "es256")),
    allow(dead_code, reason = "without algorithms the tests that need a signed token are left out")
)]

#[path = "../chance.rs"]
mod chance;
mod counting;
#[path = "../engine.rs"]
mod engine;
mod outside;
mod proofs;
#[path = "../signing.rs"]
mod signing;

#[cfg(all(feature = "rs256", feature = "es256"))]
mod authorize;
#[cfg(all(feature = "rs256", feature = "es256"))]
mod back_off;
mod bearer;
mod challenge;
mod client_authentication;
#[cfg(all(feature = "rs256", feature = "es256"))]
mod client_certificate;
mod cors;
mod crowd;
#[cfg(all(feature = "rs256", feature = "es256"))]
mod dpop;
#[cfg(all(feature = "rs256", feature = "es256"))]
mod dpop_gate;
#[cfg(all(feature = "rs256", feature = "es256"))]
mod dpop_header;
mod dpop_htu;
mod dpop_htu_properties;
#[cfg(all(feature = "rs256", feature = "es256"))]
mod dpop_nonce;
#[cfg(all(feature = "rs256", feature = "es256"))]
mod dpop_policy;
#[cfg(feature = "es256")]
mod dpop_vectors;
mod forward;
#[cfg(all(feature = "rs256", feature = "es256"))]
mod gate;
#[cfg(all(feature = "rs256", feature = "es256"))]
mod ground;
#[cfg(all(feature = "rs256", feature = "es256"))]
mod host;
mod http_url;
mod introspection;
#[cfg(all(feature = "rs256", feature = "es256"))]
mod introspection_kinds;
mod introspection_statements;
#[cfg(all(feature = "rs256", feature = "es256"))]
mod issuer;
#[cfg(all(feature = "rs256", feature = "es256"))]
mod key_cache;
#[cfg(all(feature = "rs256", feature = "es256"))]
mod known_token;
#[cfg(all(feature = "rs256", feature = "es256"))]
mod known_token_model;
#[cfg(all(feature = "rs256", feature = "es256"))]
mod known_token_outside;
mod metadata;
mod policy;
mod policy_document;
#[cfg(all(feature = "rs256", feature = "es256"))]
mod policy_mutation;
#[cfg(all(feature = "rs256", feature = "es256"))]
mod progress;
#[cfg(all(feature = "rs256", feature = "es256"))]
mod proof_memory;
#[cfg(all(feature = "rs256", feature = "es256"))]
mod refresh;
#[cfg(all(feature = "rs256", feature = "es256"))]
mod requirement;
mod requirement_document;
#[cfg(all(feature = "rs256", feature = "es256"))]
mod requirement_introspection;
mod resource_metadata;
#[cfg(all(feature = "rs256", feature = "es256"))]
mod revocation;
#[cfg(all(feature = "rs256", feature = "es256"))]
mod revocation_administration;
mod route;
#[cfg(all(feature = "rs256", feature = "es256"))]
mod sender_constraint;
#[cfg(all(feature = "rs256", feature = "es256"))]
mod shared_fetch;
#[cfg(all(feature = "rs256", feature = "es256"))]
mod single_flight;
#[cfg(all(feature = "rs256", feature = "es256"))]
mod stale_keys;
#[cfg(all(feature = "rs256", feature = "es256"))]
mod stored_keys;
#[cfg(feature = "es256")]
mod tenants;
#[cfg(all(feature = "rs256", feature = "es256"))]
mod token_cache;
#[cfg(all(feature = "rs256", feature = "es256"))]
mod token_cache_memory;
#[cfg(all(feature = "rs256", feature = "es256"))]
mod token_validator;
#[cfg(all(feature = "rs256", feature = "es256"))]
mod unknown_kid;
mod upstream;
#[cfg(all(feature = "rs256", feature = "es256"))]
mod upstream_token;
#[cfg(all(feature = "rs256", feature = "es256"))]
mod upstream_token_answer;
#[cfg(all(feature = "rs256", feature = "es256"))]
mod upstream_token_exchange;
mod upstream_token_policy;
