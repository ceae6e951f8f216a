//! The crate's own verification, for where the engines of others are slow: WebAssembly has no carry flag and no wide multiplication.
//!
//! It takes variable time by design: keys, messages and signatures are public. It must never be given a secret.

#[allow(dead_code, unused_imports, reason = "the engine that uses it comes with the next commit")]
#[cfg(feature = "es256")]
pub(crate) mod p256;
#[cfg(any(feature = "rs256", feature = "ps256-ps384-ps512"))]
#[allow(dead_code, unused_imports, reason = "the engine that uses it comes with the next commit")]
pub(crate) mod rsa;
