//! The browser client for JavaScript: one `ClientCore` for each page, which keeps the tokens in wasm memory.

use alloc::{
    boxed::Box,
    string::{String, ToString},
    vec::Vec,
};

use super::{random::random, unix_time, verdict::verdict as verdict_of};
use crate::{
    client::{
        AuthorizationCode, AuthorizationServerMetadata, ClientConfig, DpopKey, FormRequest, PendingSession, Session,
        TokenSet, Transaction,
        authorization::{self, Step},
        code_request, pushed_url, refresh_request, state_of,
    },
    crypto::{FastEngine, Host, HostVerdict, SignatureEngine},
    error::{Error, Reason},
    jose::{JwkSet, SignatureCheck},
    json::{Object, Value},
    time::UnixTime,
};

/// What tokens are asked for.
pub(super) enum Purpose {
    SignIn(Box<Transaction>),
    Renewal,
}

/// The stages of getting tokens; each call below takes one and leaves the next, so none can be left out.
pub(super) enum Stage {
    Idle,
    AwaitingTokens(Purpose),
    AwaitingKeys(Purpose, TokenSet),
    AwaitingVerdict(Purpose, Box<PendingSession>),
}

/// A client of one authorization server.
pub struct ClientCore {
    pub(super) config: ClientConfig,
    pub(super) metadata: Option<AuthorizationServerMetadata>,
    pub(super) key: Option<DpopKey>,
    pub(super) engine: Box<dyn SignatureEngine>,
    pub(super) stage: Stage,
    pub(super) session: Option<Session>,
    /// The tokens of a session that has ended here, until they are revoked.
    pub(super) left: Option<TokenSet>,
}
impl ClientCore {
    /// Reads a configuration (JSON text). `asks_host` is whether the caller has the platform check signatures; without it this module has to.
    ///
    /// # Errors
    /// Throws `config_invalid`, which names every problem and its place.
    pub fn new(config: &str, asks_host: bool) -> Result<Self, Error> {
        let engine: Box<dyn SignatureEngine> =
            if asks_host { Box::new(Host::of_all(FastEngine)) } else { Box::new(FastEngine) };
        let config = ClientConfig::parse(config)?;
        Ok(Self { config, metadata: None, key: None, engine, stage: Stage::Idle, session: None, left: None })
    }

    /// Where to look for the metadata, in this order.
    pub fn metadata_urls(&self) -> Vec<String> {
        self.config.metadata_urls()
    }

    /// Whether the metadata has been read.
    pub fn has_metadata(&self) -> bool {
        self.metadata.is_some()
    }

    /// Reads the metadata document.
    ///
    /// # Errors
    /// Throws `metadata_invalid`.
    pub fn read_metadata(&mut self, text: &str) -> Result<(), Error> {
        self.metadata = Some(self.config.read_metadata(text)?);
        Ok(())
    }

    /// Starts a sign-in: JSON text of `state` and `transaction`, the second to be stored under the first, and of `url` or, where the request has
    /// to be pushed first, `push`.
    ///
    /// # Errors
    /// Throws `config_invalid` for an option, `metadata_invalid`, `randomness_invalid`.
    pub fn login(&self, options: &str, now: f64) -> Result<String, Error> {
        let options = authorization::Options::from_json(options)?;
        let (metadata, jkt) = (self.metadata()?, self.jkt());
        let authorization = authorization::start(&self.config, metadata, &options, &random()?, jkt, unix_time(now))?;
        let transaction = authorization.transaction;
        let (member, step) = match authorization.step {
            Step::Redirect(url) => ("url", url.into()),
            Step::Push(request) => ("push", describe(&request)),
        };
        let described = Object::from([
            (member, step),
            ("state", transaction.state().into()),
            ("transaction", transaction.to_json().into()),
        ]);
        Ok(described.to_json())
    }

    /// The URL to go to, by the answer to the pushed request.
    ///
    /// # Errors
    /// Throws `pushed_request_refused`, `pushed_response_invalid`, `metadata_invalid`.
    pub fn read_pushed(&self, status: u16, text: &str) -> Result<String, Error> {
        pushed_url(status, text, &self.config, self.metadata()?)
    }

    /// The `state` of a callback URL, which finds the stored transaction.
    ///
    /// # Errors
    /// Throws `callback_malformed`, `implicit_response_refused`, `state_mismatch`.
    pub fn state_of(url: &str) -> Result<String, Error> {
        state_of(url)
    }

    /// Checks a callback against its transaction and gives the token request as JSON text of `url` and `body`.
    ///
    /// # Errors
    /// Throws `transaction_unknown`, and every error of [`AuthorizationCode::from_callback`].
    pub fn callback(&mut self, url: &str, transaction: &str, now: f64) -> Result<String, Error> {
        let metadata = self.metadata()?;
        let transaction = Transaction::from_json(transaction)?;
        let code = AuthorizationCode::from_callback(url, &transaction, &self.config, metadata, unix_time(now))?;
        let request = code_request(code, &transaction, &self.config, metadata)?;
        self.stage = Stage::AwaitingTokens(Purpose::SignIn(Box::new(transaction)));
        Ok(describe(&request).to_json())
    }

    /// The request that renews the tokens, as JSON text of `url` and `body`; nothing where they can't be.
    ///
    /// # Errors
    /// Throws `metadata_invalid`.
    pub fn renew(&mut self) -> Result<Option<String>, Error> {
        let Some(session) = &self.session else { return Ok(None) };
        let Some(request) = refresh_request(session.tokens(), &self.config, self.metadata()?)? else { return Ok(None) };
        self.stage = Stage::AwaitingTokens(Purpose::Renewal);
        Ok(Some(describe(&request).to_json()))
    }

    /// Reads the token endpoint's answer and gives the `jwks_uri` to fetch for checking the ID token; nothing where none came with renewed tokens,
    /// which are then in use. A server that takes the refresh token no more ends the session.
    ///
    /// # Errors
    /// Throws `transaction_unknown` out of turn, `token_request_refused`, `token_response_invalid`, `metadata_invalid`.
    pub fn read_tokens(&mut self, status: u16, text: &str, now: f64) -> Result<Option<String>, Error> {
        let Stage::AwaitingTokens(purpose) = core::mem::replace(&mut self.stage, Stage::Idle) else {
            return Err(Error::TransactionUnknown);
        };
        let asked_before = self.session.as_ref().map(|session| session.tokens().scope().to_text());
        let (scope, is_renewal) = match &purpose {
            Purpose::SignIn(transaction) => (transaction.scope(), false),
            Purpose::Renewal => (asked_before.as_deref().unwrap_or_default(), true),
        };
        let tokens = TokenSet::from_response(status, text, scope, self.jkt(), unix_time(now)).inspect_err(|error| {
            if is_renewal && matches!(error, Error::TokenRequestRefused(answer) if answer.error == "invalid_grant") {
                self.session = None;
            }
        })?;
        if is_renewal && !tokens.has_id_token() {
            self.session = self.session.take().map(|session| session.renewed(tokens));
            return Ok(None);
        }
        let jwks_uri = self.metadata()?.jwks_uri()?.as_str().to_string();
        self.stage = Stage::AwaitingKeys(purpose, tokens);
        Ok(Some(jwks_uri))
    }

    /// Finds the ID token's key in the key set. What is found is checked by `conclude`; gives whether the host has to check the signature
    /// before, by `signatureAlgorithm` and what follows it.
    ///
    /// # Errors
    /// Throws `transaction_unknown` out of turn, `key_set_malformed`, and every error of [`PendingSession::new`].
    pub fn read_key_set(&mut self, text: &str) -> Result<bool, Error> {
        let Stage::AwaitingKeys(purpose, tokens) = core::mem::replace(&mut self.stage, Stage::Idle) else {
            return Err(Error::TransactionUnknown);
        };
        let keys = JwkSet::parse(text.as_bytes(), &*self.engine)?;
        let pending = PendingSession::new(tokens, &keys)?;
        let asks_host = self.engine.asks_host(pending.check()?.algorithm().scheme());
        self.stage = Stage::AwaitingVerdict(purpose, Box::new(pending));
        Ok(asks_host)
    }

    /// Which algorithm the signature has: a place in `js/algorithm-name.ts`.
    pub fn signature_algorithm(&self) -> Option<usize> {
        Some(self.check()?.algorithm().place())
    }

    /// Its key: JSON text of a JWK with its required members alone.
    pub fn signature_jwk(&self) -> Option<String> {
        Some(self.check()?.key().key().to_jwk())
    }

    /// What was signed.
    pub fn signed_message(&self) -> Option<Vec<u8>> {
        Some(self.check()?.message().to_vec())
    }

    /// The signature.
    pub fn signature(&self) -> Option<Vec<u8>> {
        Some(self.check()?.signature().to_vec())
    }

    /// Goes on with the host's verdict on the signature: 0 where it fails, 1 where it holds, 2 where the host can't tell or was not asked, and this
    /// module has to. Then the user is signed in, or the tokens are renewed. Gives the path to go back to; of renewed tokens nothing. Where the time is
    /// what is wrong, it may be called once more with that of a better clock.
    ///
    /// # Errors
    /// Throws `transaction_unknown` out of turn, and every error of [`Session::start`].
    pub fn conclude(&mut self, verdict: u8, now: f64) -> Result<Option<String>, Error> {
        let verdict = HostVerdict::from_answer(Some(verdict_of(verdict)));
        let Stage::AwaitingVerdict(purpose, pending) = core::mem::replace(&mut self.stage, Stage::Idle) else {
            return Err(Error::TransactionUnknown);
        };
        let (config, engine, now) = (&self.config, &*self.engine, unix_time(now));
        let concluded = match (&purpose, &self.session) {
            (Purpose::SignIn(transaction), _) => pending.conclude(verdict, transaction, config, engine, now),
            (Purpose::Renewal, Some(session)) => pending.conclude_renewal(verdict, session, config, engine, now),
            (Purpose::Renewal, None) => Err(Error::TransactionUnknown),
        };
        match concluded {
            Ok(session) => self.session = Some(session),
            Err(error) => {
                if error.reason() == Reason::Time {
                    self.stage = Stage::AwaitingVerdict(purpose, pending);
                }
                return Err(error);
            }
        }
        match purpose {
            Purpose::SignIn(transaction) => Ok(Some(transaction.return_to().to_string())),
            Purpose::Renewal => Ok(None),
        }
    }

    /// Gives up what is under way: a sign-in, or a renewal, which leaves the session as it is.
    pub fn abandon(&mut self) {
        self.stage = Stage::Idle;
    }

    fn check(&self) -> Option<SignatureCheck<'_>> {
        match &self.stage {
            Stage::AwaitingVerdict(_, pending) => pending.check().ok(),
            _ => None,
        }
    }
}

impl ClientCore {
    /// The metadata.
    ///
    /// # Errors
    /// `metadata_invalid` where it has not been read.
    pub(super) fn metadata(&self) -> Result<&AuthorizationServerMetadata, Error> {
        self.metadata.as_ref().ok_or_else(|| Error::MetadataInvalid { parameter: "(not read yet)" })
    }

    /// The thumbprint of the key for proofs.
    pub(super) fn jkt(&self) -> Option<&str> {
        self.key.as_ref().map(DpopKey::thumbprint)
    }
}

/// A request for JavaScript to make.
pub(super) fn describe(request: &FormRequest) -> Value {
    Object::from([("url", request.url.as_str().into()), ("body", request.body.as_str().into())]).into()
}

/// Moments as JavaScript has them.
pub(super) fn seconds(time: Option<UnixTime>) -> Value {
    time.map(UnixTime::as_seconds).into()
}
