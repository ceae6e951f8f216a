//! The JavaScript surface (feature `wasm`): translation only, no decisions.
//!
//! Structured values cross as JSON text in one piece, errors as JavaScript `Error` objects with a stable `code`;
//! the browser client's cross as text (`client_port.rs`).

#[cfg(feature = "wasm-client")]
mod client;
#[cfg(feature = "wasm-client")]
mod client_port;
#[cfg(feature = "wasm-client")]
mod client_session;
#[cfg(any(feature = "wasm-gate", feature = "wasm-verifier", feature = "wasm-slim", feature = "wasm-machine"))]
mod error;
#[cfg(feature = "wasm-gate")]
mod gate;
#[cfg(feature = "wasm-gate")]
mod gate_answer;
#[cfg(feature = "wasm-gate")]
mod gate_policy;
#[cfg(any(feature = "wasm-gate", feature = "wasm-verifier"))]
mod host_engine;
#[cfg(any(feature = "wasm-gate", feature = "wasm-verifier", feature = "wasm-slim"))]
mod input;
#[cfg(feature = "wasm-machine")]
mod machine;
#[cfg(feature = "wasm-pkce")]
mod pkce;
#[cfg(any(feature = "wasm-client", feature = "wasm-machine"))]
mod random;
#[cfg(feature = "wasm-slim")]
mod slim;
#[cfg(any(feature = "wasm-gate", feature = "wasm-verifier"))]
mod steps;
#[cfg(any(feature = "wasm-gate", feature = "wasm-verifier", feature = "wasm-slim"))]
mod token_text;
#[cfg(any(feature = "wasm-gate", feature = "wasm-verifier", feature = "wasm-client"))]
mod verdict;
#[cfg(feature = "wasm-verifier")]
mod verifier;

#[cfg(feature = "wasm-client")]
pub use client::ClientCore;
#[cfg(feature = "wasm-client")]
pub use client_port::ClientPort;
#[cfg(feature = "wasm-gate")]
pub use gate::{GateCore, Standing};
#[cfg(feature = "wasm-gate")]
pub use gate_policy::GatePolicy;
#[cfg(feature = "wasm-machine")]
pub use machine::MachineCore;
#[cfg(feature = "wasm-pkce")]
pub use pkce::{make_code_challenge, make_random_text, place_address};
#[cfg(feature = "wasm-slim")]
pub use slim::SlimCore;
#[cfg(feature = "wasm-verifier")]
pub use verifier::VerifierCore;

#[cfg(any(
    feature = "wasm-gate",
    feature = "wasm-verifier",
    feature = "wasm-slim",
    feature = "wasm-client",
    feature = "wasm-machine"
))]
use crate::time::UnixTime;

/// JavaScript's seconds since the epoch. A clock that shows nonsense (negative, not a number) counts as the end of time, when
/// every token has expired.
#[cfg(any(
    feature = "wasm-gate",
    feature = "wasm-verifier",
    feature = "wasm-slim",
    feature = "wasm-client",
    feature = "wasm-machine"
))]
#[expect(
    clippy::as_conversions,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "what is not a number or negative is taken out before, and the cast saturates"
)]
const fn unix_time(seconds: f64) -> UnixTime {
    if seconds >= 0.0 { UnixTime::from_seconds(seconds as u64) } else { UnixTime::from_seconds(u64::MAX) }
}
