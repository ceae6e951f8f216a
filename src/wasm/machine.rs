//! The machine's client for JavaScript: one `MachineCore` for each client, which keeps its token in wasm memory.

use alloc::string::{String, ToString};

use wasm_bindgen::prelude::wasm_bindgen;

use super::{random::random, unix_time};
use crate::{
    client::{
        machine::{Answer, Asked, MachineClient, MachineToken, Question, Remedy, Step},
        proof,
    },
    crypto::{FastEngine, Host},
    error::Error,
    json::{Object, Value},
    limits,
};

/// A machine as a client of one authorization server.
#[wasm_bindgen]
pub struct MachineCore(MachineClient);

#[wasm_bindgen]
impl MachineCore {
    /// Reads a configuration (JSON text).
    ///
    /// # Errors
    /// Throws `config_invalid`, which names every problem and its place.
    #[wasm_bindgen(constructor)]
    pub fn new(config: &str) -> Result<Self, Error> {
        Ok(Self(MachineClient::parse(config)?))
    }

    /// Whether it needs a key for proofs before it can ask.
    #[wasm_bindgen(getter, js_name = needsKey)]
    pub fn needs_key(&self) -> bool {
        self.0.needs_key()
    }

    /// Takes the public half of a key (a JWK as JSON text), unless it has one.
    ///
    /// # Errors
    /// Throws `key_unusable`.
    #[wasm_bindgen(js_name = useKey)]
    pub fn use_key(&mut self, jwk: &str) -> Result<(), Error> {
        self.0.use_key(jwk, &Host::of_all(FastEngine))
    }

    /// What a caller does who needs a token since some moment and has just waited so many milliseconds, as JSON text: `authorization`, `token_type`,
    /// `access_token`, `expires_at` and `serial` of one that serves; or `milliseconds` to wait before the next call; or `url`, `body`, `authorization` and
    /// `client_assertion` of what to ask the authorization server, with `asked` for `answered`; or `retry_after_seconds` where it can't be asked.
    ///
    /// # Errors
    /// Throws `token_request_refused`, `token_response_invalid`, `metadata_invalid`.
    pub fn token(&mut self, since: f64, waited: u32, now: f64) -> Result<String, Error> {
        self.0.token(unix_time(since), waited, unix_time(now)).map(|step| describe(&step))
    }

    /// Goes on with the answer to what was asked; without a text where none came. `at`, `round` and `for_token` are those of `asked`.
    ///
    /// # Errors
    /// Those of `token`.
    #[expect(clippy::needless_pass_by_value, reason = "wasm-bindgen hands optional texts over by value")]
    #[expect(clippy::too_many_arguments, reason = "what would join them would have to be parsed")]
    pub fn answered(
        &mut self,
        at: f64,
        round: usize,
        for_token: bool,
        status: u16,
        text: Option<String>,
        nonce: Option<String>,
        now: f64,
    ) -> Result<String, Error> {
        let asked = Asked { at: unix_time(at), round, for_token };
        let answer = text.as_deref().map(|text| Answer { status, text, nonce: nonce.as_deref() });
        self.0.answered(asked, answer, unix_time(now)).map(|step| describe(&step))
    }

    /// Goes on where the platform could not sign the client assertion with the private key.
    ///
    /// # Errors
    /// Throws `key_unusable`, unless there is a token that still serves.
    pub fn unsigned(&mut self, at: f64, now: f64) -> Result<String, Error> {
        let asked = Asked { at: unix_time(at), round: 0, for_token: true };
        let error = Error::KeyUnusable { reason: "the platform can't sign with the private key" };
        self.0.failed(asked, error, unix_time(now)).map(|step| describe(&step))
    }

    /// The place of an API that the token may be sent to, by its origin.
    pub fn api(&self, origin: &str) -> Option<usize> {
        self.0.api(origin)
    }

    /// What is to be signed, by ES256, for a proof of a request: to an API with its place and the access token, or to the token endpoint.
    ///
    /// # Errors
    /// Throws `proof_missing` where there is no key, `randomness_invalid`.
    #[wasm_bindgen(js_name = proofInput)]
    #[expect(clippy::needless_pass_by_value, reason = "wasm-bindgen hands optional texts over by value")]
    pub fn proof_input(
        &self,
        method: &str,
        url: &str,
        api: Option<usize>,
        access_token: Option<String>,
        now: f64,
    ) -> Result<String, Error> {
        self.0.proof_input((method, url), api.zip(access_token.as_deref()), &random()?, unix_time(now))
    }

    /// The proof, of what was signed and its signature.
    ///
    /// # Errors
    /// Throws `signature_invalid` where it is not 64 bytes long.
    pub fn proof(signing_input: &str, signature: &[u8]) -> Result<String, Error> {
        proof(signing_input, signature)
    }

    /// Looks at an API's answer to a request with the token of this number. Gives what would help, the same request once more: "nonce" with the nonce that
    /// came, "token" with another token; or nothing.
    #[wasm_bindgen(js_name = apiAnswered)]
    #[expect(clippy::needless_pass_by_value, reason = "wasm-bindgen hands optional texts over by value")]
    pub fn api_answered(
        &mut self,
        api: usize,
        serial: u32,
        status: u16,
        www_authenticate: &str,
        nonce: Option<String>,
    ) -> Option<String> {
        match self.0.api_answered((api, serial.into()), (status, www_authenticate), nonce.as_deref()) {
            Remedy::Nothing => None,
            Remedy::Nonce => Some("nonce".into()),
            Remedy::Token => Some("token".into()),
        }
    }

    /// How long an answer of the authorization server may take, in milliseconds.
    #[wasm_bindgen(js_name = fetchTimeoutMilliseconds)]
    pub fn fetch_timeout_milliseconds() -> u32 {
        limits::FETCH_TIMEOUT_MILLISECONDS
    }

    /// How many bytes it may have. Each kind of document has a finer bound when it is read.
    #[wasm_bindgen(js_name = maxDocumentBytes)]
    pub fn max_document_bytes() -> usize {
        limits::MAX_TOKEN_RESPONSE_BYTES.max(limits::MAX_METADATA_BYTES)
    }
}

fn describe(step: &Step) -> String {
    let described = match step {
        Step::Token(token) => describe_token(token),
        Step::Moment { milliseconds } => Object::from([("milliseconds", (*milliseconds).into())]),
        Step::Ask(question) => describe_question(question),
        Step::Unavailable { retry_after_seconds } => {
            Object::from([("retry_after_seconds", (*retry_after_seconds).into())])
        }
    };
    described.to_string()
}

fn describe_token(token: &MachineToken) -> Object {
    let (token_type, access_token) = token.parts();
    let expires_at = token.expires_at().map(|moment| moment.as_seconds().min(limits::MAX_NUMERIC_DATE_SECONDS));
    Object::from([
        ("authorization", token.authorization().into()),
        ("token_type", token_type.into()),
        ("access_token", access_token.into()),
        ("expires_at", expires_at.into()),
        ("serial", token.serial().into()),
    ])
}

fn describe_question(question: &Question) -> Object {
    let Asked { at, round, for_token } = question.asked;
    let asked =
        Object::from([("at", at.as_seconds().into()), ("round", round.into()), ("for_token", for_token.into())]);
    let text = |text: &Option<String>| Value::from(text.as_deref());
    let assertion = question.client_assertion.as_ref().map(|assertion| {
        Object::from([
            ("private_key_binding", assertion.private_key_binding.as_str().into()),
            ("alg", assertion.algorithm.name().into()),
            ("header", assertion.header.as_str().into()),
            ("claims", assertion.claims.as_str().into()),
        ])
    });
    Object::from([
        ("url", question.url.as_str().into()),
        ("authorization", text(&question.authorization)),
        ("body", text(&question.body)),
        ("client_assertion", assertion.map(Value::from).into()),
        ("asked", asked.into()),
    ])
}
