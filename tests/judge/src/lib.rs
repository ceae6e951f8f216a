//! The judge as a module for JavaScript: one call for a row, a second one where the host had to check a signature.

mod judge;

use edgeward::crypto::{FastEngine, Host, HostVerdict, RustCrypto, SignatureEngine};
use serde_json::{Value, json};
use wasm_bindgen::prelude::wasm_bindgen;

use judge::{HostRequest, Step};

/// Whether RSA is computed with 128-bit vectors: where the module was compiled with them.
#[wasm_bindgen]
pub fn computes_with_vectors() -> bool {
    cfg!(target_feature = "simd128")
}

/// Judges a row. `engine` is "wasm" or "wasm-simd", which differ in how the module was compiled, "rustcrypto" or "webcrypto", `host`
/// what the host said when it was asked: "holds", "fails" or "unable".
/// The answer is JSON: `{"ask": {alg, jwk, message, signature}}`, the last two in hexadecimal, or `{"judgement": {…}}`.
#[wasm_bindgen]
pub fn judge_row(row: &str, engine: &str, host: Option<String>) -> String {
    let host = host.as_deref().map(|answer| HostVerdict::from_answer(Some(answer)));
    let engine: &dyn SignatureEngine = match engine {
        "webcrypto" => &Host::of_all(FastEngine),
        "rustcrypto" => &RustCrypto,
        _ => &FastEngine,
    };
    match judge::judge(row, engine, host) {
        Step::Ask(request) => json!({ "ask": describe(&request) }),
        Step::Judged(judgement) => json!({ "judgement": {
            "id": judgement.id,
            "layer": judgement.layer,
            "why": judgement.why,
            "expect": judgement.expect,
            "expected": judgement.expected.name(),
            "verdict": judgement.verdict.name(),
            "code": judgement.verdict.code(),
            "agrees": judgement.agrees(),
        } }),
    }
    .to_string()
}

fn describe(request: &HostRequest) -> Value {
    json!({
        "alg": request.alg,
        "jwk": request.jwk,
        "message": hexadecimal(&request.message),
        "signature": hexadecimal(&request.signature),
    })
}

fn hexadecimal(bytes: &[u8]) -> String {
    let digit = |value: u8| char::from_digit(u32::from(value), 16).unwrap_or_default();
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}
