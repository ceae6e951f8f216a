//! ECDSA on P-256 with a 256-bit hash (ES256, RFC 7518 section 3.4): verification alone, in variable time, made for WebAssembly.
//!
//! From the bottom up: [`word`] and [`limbs`] say what numbers are made of and how large they can get, [`columns`] multiplies,
//! [`field`] and [`scalar`] reduce modulo p and n, [`inverse`] divides; [`point`] has the fast formulas and [`complete`] those without
//! exceptions; [`digits`], [`multiples`] and [`sum`] multiply points, and [`ecdsa`] decides.

mod columns;
mod complete;
mod digits;
mod ecdsa;
mod field;
mod inverse;
mod limbs;
mod multiples;
mod point;
mod scalar;
mod sum;
#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests;
mod word;

pub(crate) use ecdsa::{Generator, verify};
pub(crate) use multiples::Table;
pub(crate) use point::Point;
pub(crate) use sum::Multiplicand;
