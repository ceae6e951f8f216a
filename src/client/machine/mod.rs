//! The machine's client: a server, a command or a worker that has tokens of its own (client credentials, RFC 6749 section 4.4).
//!
//! One is kept the way the gate keeps its own (`resource_server::upstream_token`): until shortly before it ends, asked for once for all who
//! wait, and left alone for a while after a failure. [`MachineClient::token`] says what a caller does next; whoever runs it fetches, signs and waits.

mod api;
mod config;
mod step;

use core::fmt;

use alloc::{boxed::Box, format, vec::Vec};

use self::{api::Nonces, config::MachineConfig};
pub use self::{
    api::Remedy,
    step::{Answer, Asked, MachineToken, Question, Step},
};
use super::{AuthorizationServerMetadata, DpopKey};
use crate::{
    crypto::SignatureEngine,
    error::{Error, ServerError},
    http_url::HttpUrl,
    json::{Object, Value},
    limits,
    resource_server::{
        Need,
        key_fetch::next_moment,
        short_memory::Key,
        upstream_token::{Found, Subject, UpstreamToken, UpstreamTokens, token_request},
    },
    time::UnixTime,
};

/// A client of one authorization server, with at most one token.
pub struct MachineClient {
    config: MachineConfig,
    tokens: UpstreamTokens,
    /// Where metadata said that the token endpoint is.
    discovered: Option<HttpUrl>,
    /// Why the metadata that was looked at last is none.
    refusal: Option<Error>,
    key: Option<DpopKey>,
    nonces: Nonces,
}

impl MachineClient {
    /// Reads a configuration: a JSON object of `issuer` or `token_endpoint`, `client_id`, `client_secret` or `private_key` (a JWK with `alg`), and
    /// optionally `token_endpoint_auth_method`, `scope`, `resource` (RFC 8707), `audience`, `api_origins` (where the token may be sent), `dpop`
    /// and `allow_insecure_loopback`.
    ///
    /// # Errors
    /// `config_invalid` with every problem and its place.
    pub fn parse(config: &str) -> Result<Self, Error> {
        let (config, request) = MachineConfig::parse(config)?;
        let nonces = Nonces::new(config.api_origins.len());
        let tokens = UpstreamTokens::new(request);
        Ok(Self { config, tokens, discovered: None, refusal: None, key: None, nonces })
    }

    /// Whether it needs a key for proofs before it can ask.
    pub const fn needs_key(&self) -> bool {
        self.config.dpop && self.key.is_none()
    }

    /// Takes the public half of a key, a JWK. The first one stays: tokens are bound to it.
    ///
    /// # Errors
    /// `key_unusable` where it is no public key on P-256.
    pub fn use_key(&mut self, jwk: &str, engine: &dyn SignatureEngine) -> Result<(), Error> {
        if self.key.is_none() {
            self.key = Some(DpopKey::parse(jwk, engine)?);
        }
        Ok(())
    }

    /// What a caller does who needs a token since some moment, and has just waited so many milliseconds.
    ///
    /// # Errors
    /// `token_request_refused`, `token_response_invalid` and `metadata_invalid`, for a while after the server has answered so.
    pub fn token(&mut self, since: UnixTime, waited: u32, now: UnixTime) -> Result<Step, Error> {
        let key = Key::default();
        if now.since(since).as_secs() >= limits::MAX_WAIT_FOR_OTHERS_SECONDS {
            self.tokens.given_up(&key, now);
        }
        match self.tokens.find(&key, now) {
            // One caller renews it ahead of its end. The others go on with it.
            Found::Serves(token) => match self.tokens.take_refresh(now) {
                Some(()) => self.ask(now),
                None => Ok(Step::Token(MachineToken(token))),
            },
            Found::Refused(error) => told(error),
            Found::Awaited => Ok(Step::Moment { milliseconds: next_moment(waited.saturating_mul(2)) }),
            Found::None => self.ask(now),
        }
    }

    /// Goes on with an answer; `None` where none came. A token that still serves stays where there is no other.
    ///
    /// # Errors
    /// `token_request_refused`, `token_response_invalid`, `metadata_invalid`.
    pub fn answered(&mut self, asked: Asked, answer: Option<Answer<'_>>, now: UnixTime) -> Result<Step, Error> {
        if asked.for_token {
            self.token_answered(asked, answer, now)
        } else {
            self.metadata_answered(asked, answer, now)
        }
    }

    /// Goes on where the question could not be asked.
    ///
    /// # Errors
    /// The same error, where there is no token that still serves.
    pub fn failed(&mut self, asked: Asked, error: Error, now: UnixTime) -> Result<Step, Error> {
        self.concluded(asked, Some(error), now)
    }

    fn ask(&mut self, now: UnixTime) -> Result<Step, Error> {
        // Others wait from now on.
        self.tokens.asked(Key::default(), now);
        self.refusal = None;
        match self.token_question(0, now) {
            Some(question) => Ok(Step::Ask(question)),
            None => self.ask_for_metadata(Asked { at: now, round: 0, for_token: false }, now),
        }
    }

    fn ask_for_metadata(&mut self, asked: Asked, now: UnixTime) -> Result<Step, Error> {
        let urls = self.config.issuer.as_ref().map(AuthorizationServerMetadata::urls).unwrap_or_default();
        if let Some(url) = urls.into_iter().nth(asked.round) {
            return Ok(Step::Ask(Question { url, authorization: None, body: None, client_assertion: None, asked }));
        }
        let refusal = self.refusal.take();
        self.concluded(asked, refusal, now)
    }

    fn metadata_answered(&mut self, asked: Asked, answer: Option<Answer<'_>>, now: UnixTime) -> Result<Step, Error> {
        match answer.filter(|answer| answer.status == 200).map(|answer| self.read_metadata(answer.text)) {
            Some(Ok(token_endpoint)) => {
                self.discovered = Some(token_endpoint);
                return self.ask(now);
            }
            Some(Err(error)) => self.refusal = Some(error),
            None => {}
        }
        self.ask_for_metadata(Asked { round: asked.round.saturating_add(1), ..asked }, now)
    }

    fn read_metadata(&self, text: &str) -> Result<HttpUrl, Error> {
        let issuer = self.config.issuer.as_ref().map(HttpUrl::as_str).unwrap_or_default();
        let metadata = AuthorizationServerMetadata::parse(text, issuer, self.config.transport)?;
        if self.config.dpop && metadata.refuses_es256_proofs() {
            return Err(Error::MetadataInvalid { parameter: "dpop_signing_alg_values_supported" });
        }
        metadata.token_endpoint().cloned()
    }

    /// What the token endpoint is asked; `None` where it is not known where that is.
    fn token_question(&self, round: usize, now: UnixTime) -> Option<Question> {
        let request = &self.tokens.request;
        let endpoint = request.token_endpoint.as_ref().or(self.discovered.as_ref())?;
        let need = token_request(request, endpoint, &self.config.secret, "", now)?;
        let Need::Token { url, authorization, body, client_assertion } = need else { return None };
        let asked = Asked { at: now, round, for_token: true };
        Some(Question { url, authorization, body: Some(body), client_assertion, asked })
    }

    fn token_answered(&mut self, asked: Asked, answer: Option<Answer<'_>>, now: UnixTime) -> Result<Step, Error> {
        if let Some(nonce) = answer.as_ref().and_then(|answer| answer.nonce) {
            let is_kept = self.nonces.note(None, nonce);
            let is_asked_for = answer.as_ref().is_some_and(demands_nonce);
            if self.config.dpop && is_asked_for && is_kept && asked.round == 0 {
                self.tokens.asked(Key::default(), now);
                if let Some(question) = self.token_question(1, now) {
                    return Ok(Step::Ask(question));
                }
            }
        }
        let text = answer.map(|answer| format!("{}\n{}", answer.status, answer.text));
        let concluded = self.tokens.answered(Subject::NOBODY, text.as_deref(), asked.at, now);
        self.step_of(concluded)
    }

    fn concluded(&mut self, asked: Asked, error: Option<Error>, now: UnixTime) -> Result<Step, Error> {
        let concluded = self.tokens.concluded(Subject::NOBODY, error.map(Err), asked.at, now);
        self.step_of(concluded)
    }

    fn step_of(&mut self, concluded: Result<UpstreamToken, Error>) -> Result<Step, Error> {
        match concluded {
            Ok(token) => Ok(Step::Token(MachineToken(token))),
            Err(error) => {
                // The endpoint may have moved: the next to ask looks at the metadata again.
                self.discovered = None;
                told(error)
            }
        }
    }
}

/// RFC 9449 section 8.
fn demands_nonce(answer: &Answer<'_>) -> bool {
    answer.status >= 400
        && answer.text.len() <= limits::MAX_TOKEN_RESPONSE_BYTES
        && Object::parse(answer.text.as_bytes())
            .is_ok_and(|members| members.get("error").and_then(Value::as_str) == Some("use_dpop_nonce"))
}

/// A gate's reasons by their names for a client. Of what the server said only codes of the standards are told: anything else could be the secret.
fn told(error: Error) -> Result<Step, Error> {
    match error {
        Error::UpstreamTokenUnavailable { retry_after_seconds } => Ok(Step::Unavailable { retry_after_seconds }),
        Error::UpstreamTokenInvalid { parameter, .. } => Err(Error::TokenResponseInvalid { parameter }),
        Error::UpstreamTokenRefused { error, .. } => {
            Err(Error::TokenRequestRefused(Box::new(ServerError { error: error.into(), error_description: None })))
        }
        other => Err(other),
    }
}

impl fmt::Debug for MachineClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let origins: Vec<&str> = self.config.api_origins.iter().map(HttpUrl::as_str).collect();
        f.debug_struct("MachineClient").field("api_origins", &origins).finish_non_exhaustive()
    }
}
