//! The browser client for JavaScript: one `ClientCore` for each page, which keeps the tokens in wasm memory.

use alloc::{
    boxed::Box,
    string::{String, ToString},
    vec::Vec,
};

use wasm_bindgen::prelude::wasm_bindgen;

use super::{random::random, unix_time};
use crate::{
    client::{
        AuthorizationCode, AuthorizationServerMetadata, ClientConfig, PendingSession, Session, TokenRequest, TokenSet,
        Transaction, authorization, code_request, end_session_url, revocation_request, state_of,
    },
    crypto::{FastEngine, Host, HostVerdict, SignatureEngine},
    error::Error,
    jose::{JwkSet, SignatureCheck},
    json::{Object, Value},
    limits,
};

/// The stages of signing in; each call below takes one and leaves the next, so none can be left out.
enum Stage {
    SignedOut,
    AwaitingTokens(Transaction),
    AwaitingKeys(Transaction, TokenSet),
    AwaitingVerdict(Transaction, PendingSession),
    SignedIn(Session),
}

/// A client of one authorization server.
#[wasm_bindgen]
pub struct ClientCore {
    config: ClientConfig,
    metadata: Option<AuthorizationServerMetadata>,
    engine: Box<dyn SignatureEngine>,
    stage: Stage,
}

#[wasm_bindgen]
impl ClientCore {
    /// Reads a configuration (JSON text). `asks_host` is whether the caller has the platform check signatures; without it this module has to.
    ///
    /// # Errors
    /// Throws `config_invalid`, which names every problem and its place.
    #[wasm_bindgen(constructor)]
    pub fn new(config: &str, asks_host: bool) -> Result<Self, Error> {
        let engine: Box<dyn SignatureEngine> =
            if asks_host { Box::new(Host::of_all(FastEngine)) } else { Box::new(FastEngine) };
        Ok(Self { config: ClientConfig::parse(config)?, metadata: None, engine, stage: Stage::SignedOut })
    }

    /// Where to look for the metadata, in this order.
    #[wasm_bindgen(js_name = metadataUrls)]
    pub fn metadata_urls(&self) -> Vec<String> {
        self.config.metadata_urls()
    }

    /// Whether the metadata has been read.
    #[wasm_bindgen(getter, js_name = hasMetadata)]
    pub fn has_metadata(&self) -> bool {
        self.metadata.is_some()
    }

    /// Reads the metadata document.
    ///
    /// # Errors
    /// Throws `metadata_invalid`.
    #[wasm_bindgen(js_name = readMetadata)]
    pub fn read_metadata(&mut self, text: &str) -> Result<(), Error> {
        self.metadata = Some(self.config.read_metadata(text)?);
        Ok(())
    }

    /// Starts a sign-in: JSON text of `url`, `state` and `transaction`, the last to be stored under `state`.
    ///
    /// # Errors
    /// Throws `config_invalid` for an option, `metadata_invalid`, `randomness_invalid`.
    pub fn login(&self, options: &str, now: f64) -> Result<String, Error> {
        let options = authorization::Options::from_json(options)?;
        let authorization = authorization::start(&self.config, self.metadata()?, &options, &random()?, unix_time(now))?;
        let transaction = authorization.transaction;
        let described = Object::from([
            ("url", authorization.url.into()),
            ("state", transaction.state().into()),
            ("transaction", transaction.to_json().into()),
        ]);
        Ok(described.to_string())
    }

    /// The `state` of a callback URL, which finds the stored transaction.
    ///
    /// # Errors
    /// Throws `callback_malformed`, `implicit_response_refused`, `state_mismatch`.
    #[wasm_bindgen(js_name = stateOf)]
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
        self.stage = Stage::AwaitingTokens(transaction);
        Ok(describe(&request).to_string())
    }

    /// Reads the token endpoint's answer and gives the `jwks_uri` to fetch for checking the ID token.
    ///
    /// # Errors
    /// Throws `transaction_unknown` out of turn, `token_request_refused`, `token_response_invalid`, `metadata_invalid`.
    #[wasm_bindgen(js_name = readTokens)]
    pub fn read_tokens(&mut self, status: u16, text: &str, now: f64) -> Result<String, Error> {
        let Stage::AwaitingTokens(transaction) = core::mem::replace(&mut self.stage, Stage::SignedOut) else {
            return Err(Error::TransactionUnknown);
        };
        let tokens = TokenSet::from_response(status, text, transaction.scope(), unix_time(now))?;
        let jwks_uri = self.metadata()?.jwks_uri()?.as_str().to_string();
        self.stage = Stage::AwaitingKeys(transaction, tokens);
        Ok(jwks_uri)
    }

    /// Finds the ID token's key in the key set. Gives the path to go back to, once the user is signed in; nothing where the host has to check the
    /// signature first, by `signatureAlgorithm` and what follows it, and `conclude` then goes on.
    ///
    /// # Errors
    /// Throws `transaction_unknown` out of turn, `key_set_malformed`, and every error of [`Session::start`].
    #[wasm_bindgen(js_name = readKeySet)]
    pub fn read_key_set(&mut self, text: &str, now: f64) -> Result<Option<String>, Error> {
        let Stage::AwaitingKeys(transaction, tokens) = core::mem::replace(&mut self.stage, Stage::SignedOut) else {
            return Err(Error::TransactionUnknown);
        };
        let keys = JwkSet::parse(text.as_bytes(), &*self.engine)?;
        let pending = PendingSession::new(tokens, &keys)?;
        let asks_host = self.engine.asks_host(pending.check()?.algorithm().scheme());
        self.stage = Stage::AwaitingVerdict(transaction, pending);
        if asks_host { Ok(None) } else { self.end(HostVerdict::Unable, now).map(Some) }
    }

    /// Which algorithm the signature has: a place in `js/algorithm-name.ts`.
    #[wasm_bindgen(getter, js_name = signatureAlgorithm)]
    pub fn signature_algorithm(&self) -> Option<usize> {
        Some(self.check()?.algorithm().place())
    }

    /// Its key: JSON text of a JWK with its required members alone.
    #[wasm_bindgen(getter, js_name = signatureJwk)]
    pub fn signature_jwk(&self) -> Option<String> {
        Some(self.check()?.key().key().to_jwk())
    }

    /// What was signed.
    #[wasm_bindgen(getter, js_name = signedMessage)]
    pub fn signed_message(&self) -> Option<Vec<u8>> {
        Some(self.check()?.message().to_vec())
    }

    /// The signature.
    #[wasm_bindgen(getter)]
    pub fn signature(&self) -> Option<Vec<u8>> {
        Some(self.check()?.signature().to_vec())
    }

    /// Goes on with the host's verdict on the signature: 0 where it fails, 1 where it holds, 2 where the host can't tell, and this module
    /// has to. Gives the path to go back to: the user is signed in.
    ///
    /// # Errors
    /// Throws `transaction_unknown` out of turn, and every error of [`Session::start`].
    pub fn conclude(&mut self, verdict: u8, now: f64) -> Result<String, Error> {
        let verdict = match verdict {
            0 => HostVerdict::Fails,
            1 => HostVerdict::Holds,
            _ => HostVerdict::Unable,
        };
        self.end(verdict, now)
    }

    /// Who is signed in, as JSON text of `claims` (the ID token's), `scope` and `expires_at`.
    pub fn user(&self) -> Option<String> {
        let session = self.session()?;
        let tokens = session.tokens();
        let expires_at = tokens.expires_at().map(crate::time::UnixTime::as_seconds);
        let scope = tokens.scope().to_string();
        let claims = session.user().clone().into();
        let described = Object::from([("claims", claims), ("scope", scope.into()), ("expires_at", expires_at.into())]);
        Some(described.to_string())
    }

    /// The `Authorization` header for a request to an origin; none for origins that the configuration does not name.
    pub fn authorization(&self, origin: &str, now: f64) -> Option<String> {
        self.session()?.authorization(origin, &self.config, unix_time(now))
    }

    /// Forgets the tokens, also those of a sign-in that is not through yet. Gives JSON text of `revocation` (a request to
    /// make) and `end_session_url` (where to go), each where the server offers it.
    pub fn logout(&mut self) -> String {
        let tokens = match core::mem::replace(&mut self.stage, Stage::SignedOut) {
            Stage::SignedIn(session) => Some(session.into_tokens()),
            Stage::AwaitingKeys(_, tokens) => Some(tokens),
            Stage::AwaitingVerdict(_, pending) => Some(pending.into_tokens()),
            Stage::SignedOut | Stage::AwaitingTokens(_) => None,
        };
        let (Some(tokens), Some(metadata)) = (tokens, &self.metadata) else {
            return Object::new().to_string();
        };
        let revocation = revocation_request(&tokens, &self.config, metadata);
        let described = Object::from([
            ("revocation", revocation.as_ref().map(describe).into()),
            ("end_session_url", end_session_url(&tokens, &self.config, metadata).into()),
        ]);
        described.to_string()
    }

    /// How long a fetch may take, in milliseconds.
    #[wasm_bindgen(js_name = fetchTimeoutMilliseconds)]
    pub fn fetch_timeout_milliseconds() -> u32 {
        limits::FETCH_TIMEOUT_MILLISECONDS
    }

    /// The greatest document that is read from an authorization server, in bytes. Each kind has a finer bound when it is read.
    #[wasm_bindgen(js_name = maxDocumentBytes)]
    pub fn max_document_bytes() -> usize {
        limits::MAX_KEY_SET_BYTES
    }

    fn metadata(&self) -> Result<&AuthorizationServerMetadata, Error> {
        self.metadata.as_ref().ok_or(Error::MetadataInvalid { parameter: "(not read yet)" })
    }

    fn check(&self) -> Option<SignatureCheck<'_>> {
        match &self.stage {
            Stage::AwaitingVerdict(_, pending) => pending.check().ok(),
            _ => None,
        }
    }

    fn end(&mut self, verdict: HostVerdict, now: f64) -> Result<String, Error> {
        let Stage::AwaitingVerdict(transaction, pending) = core::mem::replace(&mut self.stage, Stage::SignedOut) else {
            return Err(Error::TransactionUnknown);
        };
        let session = pending.conclude(verdict, &transaction, &self.config, &*self.engine, unix_time(now))?;
        self.stage = Stage::SignedIn(session);
        Ok(transaction.return_to().to_string())
    }

    fn session(&self) -> Option<&Session> {
        match &self.stage {
            Stage::SignedIn(session) => Some(session),
            _ => None,
        }
    }
}

fn describe(request: &TokenRequest) -> Value {
    Object::from([("url", request.url.as_str().into()), ("body", request.body.as_str().into())]).into()
}
