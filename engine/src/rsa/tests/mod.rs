//! RSA's own tests: limbs and columns are no public surface, so they are reached from inside.
#![allow(
    unreachable_pub,
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::cast_sign_loss,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that meets the unexpected must stop"
)]

mod emulated_lanes;
mod flaws;
mod generator;
mod interval;
mod interval_lanes;
mod moduli;

mod differential;
mod keys;
mod powers;
mod products;
mod proofs_scalar;
mod proofs_simd;
mod rows;
mod verdicts;
