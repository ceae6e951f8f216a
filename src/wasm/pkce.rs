//! PKCE by itself (RFC 7636), with the platform's randomness.

use alloc::string::String;

use wasm_bindgen::prelude::wasm_bindgen;

use crate::{client::pkce, error::Error, limits};

/// A fresh `code_verifier`, or `state`, or `nonce`: 256 bits from the platform's generator as 43 characters.
///
/// # Errors
/// Throws `randomness_invalid` where the platform has none.
#[wasm_bindgen(js_name = generateCodeVerifier)]
pub fn generate_code_verifier() -> Result<String, Error> {
    pkce::random_text(&random::<{ limits::RANDOM_BYTES }>()?)
}

/// The S256 `code_challenge` of a `code_verifier` (RFC 7636 section 4.2).
#[wasm_bindgen(js_name = codeChallenge)]
pub fn code_challenge(code_verifier: &str) -> String {
    pkce::code_challenge(code_verifier)
}

/// Bytes of the platform's generator (`crypto.getRandomValues`).
pub(super) fn random<const N: usize>() -> Result<[u8; N], Error> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|_| Error::RandomnessInvalid)?;
    Ok(bytes)
}
