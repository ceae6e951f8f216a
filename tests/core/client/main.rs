//! The browser's and the machine's client, through the crate's public surface alone. Each module is named after the source
//! file it tests, each test after the requirement it proves.
#![cfg(not(target_arch = "wasm32"))]
#![allow(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    clippy::unwrap_used,
    missing_docs,
    unreachable_pub,
    reason = "a test that can't go on has failed, and says where by panicking"
)]

mod authorization;
mod callback;
mod challenge;
#[path = "../chance.rs"]
mod chance;
mod config;
mod machine;
mod machine_requests;
mod pkce;
mod pushed;
mod server_error;
mod sign_in;
mod token;
mod transaction;

// What follows needs tokens whose signatures hold, so the algorithms must have been compiled in.
#[cfg(all(feature = "rs256", feature = "es256"))]
mod dpop;
#[cfg(all(feature = "rs256", feature = "es256"))]
mod id_token;
#[cfg(all(feature = "rs256", feature = "es256"))]
mod kept_session;
#[cfg(all(feature = "rs256", feature = "es256"))]
mod renewal;
#[cfg(all(feature = "rs256", feature = "es256"))]
mod session;
#[cfg(all(feature = "rs256", feature = "es256"))]
#[path = "../signed_ahead.rs"]
mod signed_ahead;
#[cfg(all(feature = "rs256", feature = "es256"))]
#[path = "../signing.rs"]
#[allow(dead_code, reason = "other test binaries use more of it")]
mod signing;
