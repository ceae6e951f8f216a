//! The crate's own verification, for where the engines of others are slow: WebAssembly has no carry flag and no wide multiplication.
//!
//! It takes variable time by design: keys, messages and signatures are public. It must never be given a secret.

#[cfg(any(feature = "es256", feature = "rs256", feature = "ps256-ps384-ps512"))]
mod budget;
mod engine;
#[cfg(feature = "es256")]
mod p256;
#[cfg(all(
    test,
    not(target_arch = "wasm32"),
    any(feature = "es256", feature = "rs256", feature = "ps256-ps384-ps512")
))]
mod proof;
#[cfg(any(feature = "rs256", feature = "ps256-ps384-ps512"))]
mod rsa;
mod workspace;

pub use engine::FastEngine;
pub(super) use workspace::Workspace;
