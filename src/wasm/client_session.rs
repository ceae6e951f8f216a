//! What the browser client does with a session: requests with its tokens, proofs of possession, other tabs, the way out.

use alloc::string::{String, ToString};

use super::{
    client::{ClientCore, Stage, describe, seconds},
    random::random,
    unix_time,
};
use crate::{
    client::{Advice, DpopKey, ProofRequest, Session, end_session_url, is_nonce, proof, revocation_request},
    error::Error,
    json::{Object, Value},
    limits,
};
impl ClientCore {
    /// The session, as JSON text of `claims` (the ID token's), `scope`, `expires_at`, `renew_at`, `can_renew` and `is_bound`; nothing where
    /// nobody is signed in.
    pub fn session(&self) -> Option<String> {
        let session = self.session.as_ref()?;
        let tokens = session.tokens();
        let described = Object::from([
            ("claims", session.user().clone().into()),
            ("scope", tokens.scope().to_text().into()),
            ("expires_at", seconds(tokens.expires_at())),
            ("renew_at", seconds(tokens.renew_at())),
            ("can_renew", tokens.can_be_renewed().into()),
            ("is_bound", tokens.jkt().is_some().into()),
        ]);
        Some(described.to_json())
    }

    /// The `Authorization` header for a request to an origin; none for origins that the configuration does not name, and once the token has expired.
    pub fn authorization(&self, origin: &str, now: f64) -> Option<String> {
        self.session.as_ref()?.authorization(origin, &self.config, unix_time(now))
    }

    /// What an API's answer asks for, by its status and `WWW-Authenticate`: JSON text, see [`Advice::to_json`].
    pub fn advice(status: u16, www_authenticate: &str) -> String {
        Advice::of(status, www_authenticate).to_json()
    }

    /// Whether the configuration asks for tokens that are bound to a key.
    pub fn wants_key(&self) -> bool {
        self.config.dpop()
    }

    /// Whether it has a key for proofs.
    pub fn has_key(&self) -> bool {
        self.key.is_some()
    }

    /// Takes the public half of a key (a JWK as JSON text): from now on tokens are asked for that are bound to it.
    ///
    /// # Errors
    /// Throws `key_unusable`.
    pub fn use_key(&mut self, jwk: &str) -> Result<(), Error> {
        self.key = Some(DpopKey::parse(jwk, &*self.engine)?);
        Ok(())
    }

    /// What is to be signed, by ES256 and the private half, for a proof of a request. `with_token` is whether the request carries the access token.
    ///
    /// # Errors
    /// Throws `proof_missing` where there is no key, `session_unknown` where there is no token, `randomness_invalid`, `proof_nonce_mismatch`.
    #[expect(clippy::needless_pass_by_value, reason = "wasm-bindgen hands optional texts over by value")]
    pub fn proof_input(
        &self,
        method: &str,
        url: &str,
        nonce: Option<String>,
        with_token: bool,
        now: f64,
    ) -> Result<String, Error> {
        let key = self.key.as_ref().ok_or_else(|| Error::ProofMissing)?;
        let access_token = match (&self.session, with_token) {
            (_, false) => None,
            (Some(session), true) => Some(session.tokens().expose_access_token()),
            (None, true) => return Err(Error::SessionUnknown),
        };
        let request = ProofRequest { method, url, access_token, nonce: nonce.as_deref() };
        key.signing_input(&request, &random()?, unix_time(now))
    }

    /// The proof, of what was signed and its signature.
    ///
    /// # Errors
    /// Throws `signature_invalid` where it is not 64 bytes long.
    pub fn proof(signing_input: &str, signature: &[u8]) -> Result<String, Error> {
        proof(signing_input, signature)
    }

    /// Whether a server's nonce can be sent back in a proof, so that it may be kept; see [`is_nonce`].
    pub fn is_nonce(text: &str) -> bool {
        is_nonce(text)
    }

    /// What the token endpoint's refusal asks of proofs: "nonce" for one with the nonce that came along, "key" where the client has to prove a key and
    /// did not, "clock" where a proof was not taken, which may be for its time, and nothing otherwise (RFC 9449 sections 5 and 8).
    pub fn proof_asked(&self, status: u16, text: &str) -> Option<String> {
        let document = Object::parse(text.as_bytes()).ok().filter(|_| status >= 400)?;
        let asked = match (document.get("error").and_then(Value::as_str)?, self.has_key()) {
            ("use_dpop_nonce", true) => "nonce",
            ("use_dpop_nonce" | "invalid_dpop_proof", false) => "key",
            ("invalid_dpop_proof", true) => "clock",
            _ => return None,
        };
        Some(asked.into())
    }

    /// The session for another tab, or for storage: JSON text with the tokens in it. Nothing where nobody is signed in.
    pub fn share(&self, with_refresh_token: bool) -> Option<String> {
        Some(self.session.as_ref()?.to_json(&self.config, with_refresh_token))
    }

    /// Takes a session that another tab or storage has given, unless there is one here that is as new, or another user's. Gives whether it did.
    ///
    /// # Errors
    /// Throws `session_unknown` where it is none of this client's, or bound to another key.
    pub fn adopt(&mut self, text: &str) -> Result<bool, Error> {
        let given = Session::from_json(text, &self.config, self.jkt())?;
        let is_wanted = self.session.as_ref().is_none_or(|own| given.is_renewal_of(own));
        if is_wanted {
            self.session = Some(given);
        }
        Ok(is_wanted)
    }

    /// Where tokens are revoked; nothing where the server has no such endpoint.
    pub fn revocation_endpoint(&self) -> Option<String> {
        Some(self.metadata.as_ref()?.revocation_endpoint()?.as_str().to_string())
    }

    /// Forgets the session, and does nothing else.
    pub fn forget(&mut self) {
        self.session = None;
        self.stage = Stage::Idle;
    }

    /// The request for userinfo, as JSON text of `url` and `authorization`; nothing where the server has no such endpoint.
    ///
    /// # Errors
    /// Throws `session_unknown` where nobody is signed in, `token_expired` once the token has, `metadata_invalid`.
    pub fn userinfo_request(&self, now: f64) -> Result<String, Error> {
        let session = self.session.as_ref().ok_or_else(|| Error::SessionUnknown)?;
        let metadata = self.metadata()?;
        let endpoint = Error::MetadataInvalid { parameter: "userinfo_endpoint" };
        metadata.userinfo_endpoint().ok_or(endpoint)?;
        let (url, authorization) =
            session.userinfo_request(metadata, unix_time(now)).ok_or_else(|| Error::TokenExpired)?;
        Ok(Object::from([("url", url.into()), ("authorization", authorization.into())]).to_json())
    }

    /// Reads the answer to it: JSON text of the claims.
    ///
    /// # Errors
    /// Throws `session_unknown`, `token_response_invalid`, `claim_invalid` where it speaks of another user.
    pub fn read_userinfo(&self, text: &str) -> Result<String, Error> {
        let session = self.session.as_ref().ok_or_else(|| Error::SessionUnknown)?;
        Ok(session.read_userinfo(text)?.to_json())
    }

    /// Ends the session here at once, also a sign-in that is not through yet. What tokens there were only [`Self::logout`] still has.
    pub fn leave(&mut self) {
        let session = self.session.take().map(Session::into_tokens);
        let under_way = match core::mem::replace(&mut self.stage, Stage::Idle) {
            Stage::AwaitingKeys(_, tokens) => Some(tokens),
            Stage::AwaitingVerdict(_, pending) => Some(pending.into_tokens()),
            Stage::Idle | Stage::AwaitingTokens(_) => None,
        };
        self.left = session.or(under_way);
    }

    /// What is left to do after [`Self::leave`]: JSON text of `revocation` (a request to make) and `end_session_url` (where to go), each where the
    /// server offers it. Nothing has the tokens then.
    pub fn logout(&mut self) -> String {
        if self.left.is_none() {
            self.leave();
        }
        let (Some(tokens), Some(metadata)) = (self.left.take(), &self.metadata) else {
            return Object::new().to_json();
        };
        let revocation = revocation_request(&tokens, &self.config, metadata);
        let described = Object::from([
            ("revocation", revocation.as_ref().map(describe).into()),
            ("end_session_url", end_session_url(&tokens, &self.config, metadata).into()),
        ]);
        described.to_json()
    }

    /// Bounds that JavaScript keeps, as JSON text: `fetch_timeout_milliseconds`, `max_document_bytes` (each kind has a finer bound when it is read),
    /// `tab_answer_milliseconds`, `worker_start_milliseconds`, `clock_tolerance_seconds`, `max_kept_tokens`, and `renewal_retry_seconds`, how long after a
    /// failed renewal the next one waits, from failure to failure.
    pub fn bounds() -> String {
        Object::from([
            ("fetch_timeout_milliseconds", limits::FETCH_TIMEOUT_MILLISECONDS.into()),
            ("max_document_bytes", limits::MAX_KEY_SET_BYTES.into()),
            ("tab_answer_milliseconds", limits::TAB_ANSWER_MILLISECONDS.into()),
            ("worker_start_milliseconds", limits::WORKER_START_MILLISECONDS.into()),
            ("clock_tolerance_seconds", limits::CLOCK_TOLERANCE_SECONDS.into()),
            ("max_kept_tokens", limits::MAX_KEPT_REFRESH_TOKENS.into()),
            ("renewal_retry_seconds", Value::Array(limits::RENEWAL_RETRY_SECONDS.map(Value::from).into())),
        ])
        .to_json()
    }
}
