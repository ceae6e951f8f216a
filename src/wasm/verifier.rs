//! Tokens judged without a gate, for JavaScript: `VerifierCore`, whose `verify` gives a number or says that something is needed.

#![expect(clippy::needless_pass_by_value, reason = "wasm-bindgen hands texts over as owned values")]

use alloc::{string::String, sync::Arc};

use wasm_bindgen::{JsError, JsValue, prelude::wasm_bindgen};

use super::{
    host_engine::{engine_with_host, number},
    input::Input,
    steps::{Steps, step_methods},
    token_text::token_text,
    unix_time,
    verdict::verdict as verdict_of,
};
use crate::{
    error::Error,
    jwt::ValidatedToken,
    limits,
    resource_server::{PendingToken, TokenPolicy, TokenValidator, Validation},
    time::UnixTime,
};

/// A token policy at work.
#[wasm_bindgen]
pub struct VerifierCore {
    validator: TokenValidator,
    input: Input,
    steps: Steps<PendingToken>,
    /// What the last call came to, until it is asked for: that has to be done before anything else is awaited.
    token: Option<Arc<ValidatedToken>>,
}

#[wasm_bindgen]
impl VerifierCore {
    /// Reads a policy document and sets it to work. `host_algorithms` are those whose signatures the caller checks, when a step needs it:
    /// names separated by spaces.
    ///
    /// # Errors
    /// Throws `policy_invalid`, which names every problem and its place.
    #[wasm_bindgen(constructor)]
    pub fn new(policy: &str, host_algorithms: &str) -> Result<Self, Error> {
        let validator = TokenValidator::new(TokenPolicy::parse(policy)?, engine_with_host(host_algorithms)?)?;
        Ok(Self { validator, input: Input::default(), steps: Steps::default(), token: None })
    }

    /// No token longer than this is taken, in bytes.
    #[wasm_bindgen(js_name = maxTokenBytes)]
    pub fn max_token_bytes() -> usize {
        limits::MAX_TOKEN_BYTES
    }

    /// How many tokens are remembered at most.
    #[wasm_bindgen(getter, js_name = maxRemembered)]
    pub fn max_remembered(&self) -> usize {
        self.validator.max_remembered()
    }

    /// Makes room for so many bytes of a token, and says where. It stays there until the next call of this function.
    #[wasm_bindgen(js_name = reserveInput)]
    pub fn reserve_input(&mut self, bytes: usize) -> *const u8 {
        self.input.reserve(bytes)
    }

    /// Judges the token whose text of so many bytes has been written, at `now` in seconds since the epoch. Gives its number, by which what
    /// was made of it can be kept; 0 where the token holds and is not remembered; a negative number where something is needed: -1 for the step
    /// with number 0, -2 for 1, and so on. That goes on by `resume` or `conclude`, or has to be abandoned.
    ///
    /// With `at_once` nothing but the host's verdict on a signature is needed: keys that are due to be fetched again serve while they are
    /// not too old.
    ///
    /// # Errors
    /// Throws what is wrong with the token, and `key_set_unavailable`.
    pub fn verify(&mut self, length: usize, at_once: bool, now: f64) -> Result<f64, Error> {
        let malformed = Error::TokenMalformed { reason: "it is no text" };
        let text = self.input.text(length).ok_or(malformed)?;
        let now = unix_time(now);
        let validation =
            if at_once { self.validator.validate_at_once(text, now) } else { self.validator.validate(text, now) };
        self.keep(validation, now)
    }

    /// Goes on from a step with the text of the document that it needed, or without it where that could not be had. Gives what `verify`
    /// gives.
    ///
    /// # Errors
    /// Those of `verify`.
    pub fn resume(&mut self, step: usize, answer: Option<String>, now: f64) -> Result<f64, JsValue> {
        self.go_on(step, answer.as_deref(), now)
    }

    /// Goes on from a step with the host's verdict on a signature: 0 where it fails, 1 where it holds, 2 where the host can't tell. Gives
    /// what `verify` gives.
    ///
    /// # Errors
    /// Those of `verify`.
    pub fn conclude(&mut self, step: usize, verdict: u8, now: f64) -> Result<f64, JsValue> {
        self.go_on(step, Some(verdict_of(verdict)), now)
    }

    /// The token that the last call found good, as JSON text; `VerifiedToken` in `js/verifier.ts` is its type. The same for the same
    /// number.
    pub fn token(&self) -> Option<String> {
        self.token.as_deref().map(token_text)
    }

    /// Gives an issuer's key set before a token asks for it, as if it had been fetched at `now`.
    ///
    /// # Errors
    /// Throws `issuer_unknown`, `key_set_malformed`.
    #[wasm_bindgen(js_name = provideKeySet)]
    pub fn provide_key_set(&mut self, issuer: &str, text: &str, now: f64) -> Result<(), Error> {
        self.validator.provide_key_set(issuer, text, unix_time(now))
    }

    fn go_on(&mut self, step: usize, answer: Option<&str>, now: f64) -> Result<f64, JsValue> {
        // That is a fault of the caller's code, and no token's.
        let pending = self.steps.take(step).ok_or_else(|| JsError::new("there is no such step"))?;
        let now = unix_time(now);
        let validation = self.validator.resume(pending, answer, now);
        Ok(self.keep(validation, now)?)
    }

    fn keep(&mut self, validation: Result<Validation, Error>, now: UnixTime) -> Result<f64, Error> {
        self.token = None;
        match validation? {
            Validation::Need(need, pending) => Ok(waiting(self.steps.add(need, pending, now))),
            Validation::Valid { token, serial } => {
                self.token = Some(token);
                Ok(serial.map_or(0.0, number))
            }
        }
    }
}

step_methods!(VerifierCore);

/// What `verify` and `resume` give for a step.
#[expect(clippy::as_conversions, clippy::cast_precision_loss, reason = "there are no 2^53 steps")]
const fn waiting(step: usize) -> f64 {
    -1.0 - step as f64
}
