//! One signature by one of the crate's engines, with the key read beforehand: what a check of a token costs at least.

use edgeward::{
    crypto::{FastEngine, RustCrypto, SignatureEngine},
    jose::{Algorithm, Jwk},
};
use wasm_bindgen::prelude::wasm_bindgen;

/// A key, the algorithm it is for, and the engine that uses it.
#[wasm_bindgen]
pub struct EngineKey {
    engine: Box<dyn SignatureEngine>,
    algorithm: &'static Algorithm,
    jwk: Jwk,
}

#[wasm_bindgen]
impl EngineKey {
    /// Reads a public key (JSON text of a JWK). None where there is no such engine or algorithm, or the engine does not take the key.
    pub fn read(engine: &str, alg: &str, jwk: &str) -> Option<Self> {
        let engine = engine_by_name(engine)?;
        let algorithm = Algorithm::by_name(alg).filter(|algorithm| algorithm.is_available())?;
        let jwk = Jwk::parse(jwk.as_bytes(), engine.as_ref()).ok()?;
        Some(Self { engine, algorithm, jwk })
    }

    /// Whether the signature holds.
    pub fn verify(&self, message: &[u8], signature: &[u8]) -> bool {
        self.engine.verify(self.algorithm.scheme(), self.jwk.prepared(), message, signature).is_ok()
    }
}

/// A new engine is one more line, here and in `contenders/wasm-engine.mjs`.
fn engine_by_name(name: &str) -> Option<Box<dyn SignatureEngine>> {
    match name {
        "wasm" => Some(Box::new(FastEngine)),
        "rustcrypto" => Some(Box::new(RustCrypto)),
        _ => None,
    }
}
