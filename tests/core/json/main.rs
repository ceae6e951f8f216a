//! JSON as it is read and written, through the public surface.
#![cfg(not(target_arch = "wasm32"))]
#![allow(
    missing_docs,
    unreachable_pub,
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

#[path = "../chance.rs"]
mod chance;
mod depth;
mod differential;
mod duplicates;
mod generator;
mod grammar;
mod numbers;
mod objects;
mod place;
mod reference;
#[cfg(feature = "serde")]
mod serde;
mod strings;
mod writing;

use edgeward::json::{Fault, ParseError, Value};

fn parse(text: &str) -> Result<Value, ParseError> {
    Value::parse(text.as_bytes())
}

fn fault(text: &str) -> Option<Fault> {
    parse(text).err().map(|error| error.fault())
}
