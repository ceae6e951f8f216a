//! Tokens judged without a gate, for JavaScript: `VerifierCore`, whose `verify` gives a number or says that something is needed.

#![expect(clippy::needless_pass_by_value, reason = "wasm-bindgen hands texts and objects over as owned values")]

use alloc::{format, string::String, sync::Arc, vec::Vec};

use wasm_bindgen::prelude::wasm_bindgen;

use super::{
    host_engine::{engine_with_host, number},
    input::Input,
    step::{self, step},
    unix_time,
};
use crate::{
    error::Error,
    json::Value,
    jwt::ValidatedToken,
    limits,
    resource_server::{Need, PendingToken, TokenPolicy, TokenValidator, Validation},
    time::NumericDate,
};

/// What `verify` and `resume` give where something is needed.
const NEEDED: f64 = -1.0;

step!(VerifierStep, PendingToken, "A token that waits for something. It goes back into `VerifierCore.resume`.");

/// A token policy at work.
#[wasm_bindgen]
pub struct VerifierCore {
    validator: TokenValidator,
    input: Input,
    /// What the last call came to, until it is asked for: that has to be done before anything else is awaited.
    step: Option<VerifierStep>,
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
        Ok(Self { validator, input: Input::default(), step: None, token: None })
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
    /// was made of it can be kept; 0 where the token holds and is not remembered; -1 where something is needed: `takeStep`.
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
        self.keep(validation)
    }

    /// The step that the last call said something is needed for. It is there once.
    #[wasm_bindgen(js_name = takeStep)]
    pub fn take_step(&mut self) -> Option<VerifierStep> {
        self.step.take()
    }

    /// Goes on from a step with what it needed, or without it where that could not be had: the text of the document, or of a signature
    /// "holds", "fails" or "unable". Gives what `verify` gives.
    ///
    /// # Errors
    /// Those of `verify`.
    pub fn resume(&mut self, step: VerifierStep, answer: Option<String>, now: f64) -> Result<f64, Error> {
        let validation = self.validator.resume(step.pending, answer.as_deref(), unix_time(now));
        self.keep(validation)
    }

    /// The token that the last call found good, as JSON text; `VerifiedToken` in `js/verifier.ts` is its type. The same for the same
    /// number.
    pub fn token(&self) -> Option<String> {
        let token = self.token.as_ref()?;
        let scope = Value::from(token.scope().iter().map(Into::into).collect::<Vec<Value>>());
        let expires_at = Value::from(token.expires_at().map(NumericDate::as_seconds));
        // In one go: a copy of the claims would cost more than all of the text.
        Some(format!("{{\"claims\":{},\"scope\":{scope},\"expires_at\":{expires_at}}}", token.claims().as_object()))
    }

    /// Gives an issuer's key set before a token asks for it, as if it had been fetched at `now`.
    ///
    /// # Errors
    /// Throws `issuer_unknown`, `key_set_malformed`.
    #[wasm_bindgen(js_name = provideKeySet)]
    pub fn provide_key_set(&mut self, issuer: &str, text: &str, now: f64) -> Result<(), Error> {
        self.validator.provide_key_set(issuer, text, unix_time(now))
    }

    fn keep(&mut self, validation: Result<Validation, Error>) -> Result<f64, Error> {
        (self.step, self.token) = (None, None);
        match validation? {
            Validation::Need(need, pending) => {
                self.step = Some(VerifierStep { need, pending });
                Ok(NEEDED)
            }
            Validation::Valid { token, serial } => {
                self.token = Some(token);
                Ok(serial.map_or(0.0, number))
            }
        }
    }
}
