#![doc = include_str!("../README.md")]
//!
//! # Modules
//! | module | what |
//! |---|---|
//! | `p256` | the curve, its field and its scalars; ECDSA |
//! | `rsa` | s^e mod n with 64-bit sums, or with 128-bit vectors; the two encodings |
//! | `workspace` | what is kept with a key so that its next signature takes less |
//! | `budget` | how much all keys together may keep |
//!
//! It is a crate of its own so that it can be compiled for speed where everything around it is compiled for size.
#![no_std]
#![forbid(unsafe_code)]

extern crate alloc;

mod budget;
mod p256;
#[cfg(all(test, not(target_arch = "wasm32")))]
mod proof;
mod rsa;
mod workspace;

pub use workspace::Workspace;

/// An RSA modulus in bits, at least (RFC 7518 section 3.3).
pub const MIN_RSA_MODULUS_BITS: usize = 2_048;

/// An RSA modulus in bits, at most: a verification grows with its square, and whoever sends a key chooses it.
pub const MAX_RSA_MODULUS_BITS: usize = 8_192;

/// An RSA public exponent in bits, at most: the work grows with its length, and nobody needs more than 65537 (17 bits).
pub const MAX_RSA_EXPONENT_BITS: usize = 33;

/// Memory in bytes that all keys together may keep for being checked faster: 160 tables of P-256, or about a thousand RSA keys. What has
/// no room is computed each time.
pub const MAX_PREPARED_KEYS_BYTES: usize = 4 * 1024 * 1024;

/// A hash of the SHA-2 family (FIPS 180-4).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hash {
    /// SHA-256.
    Sha256,
    /// SHA-384. Without feature `sha512` no signature with it holds.
    Sha384,
    /// SHA-512. Without feature `sha512` no signature with it holds.
    Sha512,
}

/// Whether the coordinates, big-endian, are those of a point on P-256 (SEC 1 section 3.2.2.1).
pub fn is_on_p256(x: &[u8; 32], y: &[u8; 32]) -> bool {
    p256::Point::from_coordinates(x, y).is_some()
}

/// Whether modulus and exponent, big-endian, are those of a key that is taken: both odd, and within this crate's bounds. Leading zeros
/// change nothing.
pub fn is_usable_rsa_key(n: &[u8], e: &[u8]) -> bool {
    rsa::is_usable(n, e)
}
