//! Signature and claims of one issuer's tokens, and nothing else, for JavaScript: `SlimCore`. The keys are given to it, it remembers no token,
//! and the host is asked nothing.

use alloc::string::String;

use wasm_bindgen::prelude::wasm_bindgen;

use super::{input::Input, token_text::token_text, unix_time};
use crate::{crypto::FastEngine, error::Error, jose::JwkSet, jwt::Verifier, limits, resource_server::read_verifier};

/// An issuer's rules and keys at work.
#[wasm_bindgen]
pub struct SlimCore {
    verifier: Verifier,
    keys: JwkSet,
    input: Input,
}

#[wasm_bindgen]
impl SlimCore {
    /// Reads what the issuer's tokens must say; `SlimPolicy` in `js/slim-verifier.ts` is its type. Until there is a key set, no token is taken.
    ///
    /// # Errors
    /// Throws `policy_invalid`, which names every problem and its place.
    #[wasm_bindgen(constructor)]
    pub fn new(policy: &str) -> Result<Self, Error> {
        Ok(Self { verifier: read_verifier(policy)?, keys: JwkSet::default(), input: Input::default() })
    }

    /// No token longer than this is taken, in bytes.
    #[wasm_bindgen(js_name = maxTokenBytes)]
    pub fn max_token_bytes() -> usize {
        limits::MAX_TOKEN_BYTES
    }

    /// Makes room for so many bytes of a token, and says where. It stays there until the next call of this function.
    #[wasm_bindgen(js_name = reserveInput)]
    pub fn reserve_input(&mut self, bytes: usize) -> *const u8 {
        self.input.reserve(bytes)
    }

    /// Takes a JWK set (RFC 7517 section 5) instead of the one there was.
    ///
    /// # Errors
    /// Throws `key_set_malformed`; the one there was then stays.
    #[wasm_bindgen(js_name = provideKeySet)]
    pub fn provide_key_set(&mut self, text: &str) -> Result<(), Error> {
        let keys = JwkSet::parse(text.as_bytes(), &FastEngine)?;
        if keys.is_empty() {
            return Err(Error::KeySetMalformed { reason: "it has no usable key" });
        }
        self.keys = keys;
        Ok(())
    }

    /// Judges the token whose text of so many bytes has been written, at `now` in seconds since the epoch. Gives what it says, as JSON text;
    /// `VerifiedToken` in `js/verifier.ts` is its type.
    ///
    /// # Errors
    /// Throws what is wrong with the token, and `key_set_unavailable` before there is a key set.
    pub fn verify(&self, length: usize, now: f64) -> Result<String, Error> {
        let malformed = Error::TokenMalformed { reason: "it is no text" };
        let text = self.input.text(length).ok_or(malformed)?;
        if self.keys.is_empty() {
            return Err(Error::KEY_SET_UNAVAILABLE);
        }
        Ok(token_text(&self.verifier.verify(text, &self.keys, unix_time(now))?))
    }
}
