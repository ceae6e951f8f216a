//! What the limbs hold is no public surface, so these tests are part of the crate.

#![allow(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::many_single_char_names,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that meets what it doesn't expect has to fail"
)]

extern crate std;

mod bounds;
mod cases;
mod crafted;
mod differential;
mod digits;
mod field;
mod interval;
mod numbers;
mod points;
mod scalar;
mod vectors;
