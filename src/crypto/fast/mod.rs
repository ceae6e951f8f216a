//! Signature verification written for WebAssembly: public data alone, in time that depends on it.

#[allow(dead_code, unused_imports, reason = "the engine that uses it comes with the next commit")]
#[cfg(feature = "es256")]
pub(crate) mod p256;
