//! The JavaScript surface in a page: the same tests as in Node, and those that hold it against what the browser itself says.
#![cfg(target_arch = "wasm32")]
#![allow(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::std_instead_of_alloc,
    clippy::string_slice,
    clippy::unwrap_used,
    missing_docs,
    unreachable_pub,
    reason = "a test that can't go on has failed, and says where by panicking"
)]

wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);

#[path = "wasm/browser.rs"]
mod browser;
#[path = "wasm/client.rs"]
mod client;
#[path = "wasm/error.rs"]
mod error;
#[path = "wasm/gate.rs"]
mod gate;
#[path = "wasm/pkce.rs"]
mod pkce;
#[path = "core/signed_ahead.rs"]
mod signed_ahead;
