//! RSA signature verification: RSASSA-PKCS1-v1_5 and RSASSA-PSS (RFC 8017 sections 8.1.2 and 8.2.2).
//!
//! | file | what |
//! |---|---|
//! | `key.rs` | a key with what a verification needs of it, made once; the two schemes |
//! | `pkcs1.rs`, `pss.rs`, `digest.rs` | the encodings, and the hashes under them |
//! | `number.rs` | octets to limbs and back, and what little is done with canonical numbers |
//! | `montgomery.rs` | the constants of a modulus |
//! | `scalar.rs`, `scalar/` | s^e mod n with 64-bit sums, for every key |
//! | `simd.rs`, `simd/` | s^65537 mod n with 128-bit vectors, up to 4,096 bits |
//!
//! Both ways are Montgomery's ("Modular multiplication without trial division", 1985) with columns summed before anything is
//! carried, so the one question of correctness beyond algebra is whether a sum can leave its machine word. The arithmetic is
//! therefore generic over the word: the tests run the same source over intervals and so for every input at once.

mod digest;
mod key;
mod montgomery;
mod number;
mod pkcs1;
mod pss;
mod scalar;
// The tests run its source over vectors that are emulated.
#[cfg(any(all(test, not(target_arch = "wasm32")), all(target_arch = "wasm32", target_feature = "simd128")))]
mod simd;
#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests;

pub(crate) use key::{Key, is_usable};
