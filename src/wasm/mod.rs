//! The JavaScript surface (feature `wasm`): translation only, no decisions.
//!
//! Structured values cross as JSON text in one piece, errors as JavaScript `Error` objects with a stable `code`.

mod client;
mod error;
mod gate;
mod pkce;

pub use client::ClientCore;
pub use gate::{GateCore, GatePolicy, GateStep};
pub use pkce::{code_challenge, generate_code_verifier};

use crate::time::UnixTime;

/// JavaScript's seconds since the epoch. A clock that shows nonsense (negative, not a number) counts as the epoch, at which no
/// token is valid yet.
#[expect(
    clippy::as_conversions,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the cast saturates, and nonsense becomes the epoch, which fails closed"
)]
const fn unix_time(seconds: f64) -> UnixTime {
    UnixTime::from_seconds(seconds as u64)
}
