//! A signed-in user: the tokens, and who they speak of.

use core::fmt;

use alloc::{string::String, sync::Arc};

use super::{AuthorizationServerMetadata, ClientConfig, TokenSet, Transaction, id_token};
use crate::{
    crypto::{HostVerdict, SignatureEngine},
    error::Error,
    form::Form,
    jose::{Jwk, JwkSet, SignatureCheck, UntrustedJws, VerifiedJws, algorithm},
    json::{Object, Value},
    limits,
    time::UnixTime,
};

/// Tokens whose ID token holds for the sign-in that was started. It lives in memory, unless the application chooses to have it
/// [kept](Self::to_json).
pub struct Session {
    pub(super) tokens: TokenSet,
    /// The ID token's.
    pub(super) claims: Object,
    /// What the sign-in's ID token said of the authentication, through all renewals.
    pub(super) authentication: Object,
    /// How often its tokens were renewed, which tells those of one second apart.
    pub(super) renewals: u64,
}

/// Tokens whose ID token has found its key, and waits for a verdict on its signature. Nothing of it is believed yet.
#[derive(Debug)]
pub struct PendingSession {
    tokens: TokenSet,
    jws: UntrustedJws,
    key: Arc<Jwk>,
}

impl PendingSession {
    /// Finds the key that the ID token names in the issuer's key set.
    ///
    /// # Errors
    /// `token_response_invalid` where no ID token came, those of [`UntrustedJws::parse`], `key_unknown`, `key_ambiguous`.
    pub fn new(tokens: TokenSet, keys: &JwkSet) -> Result<Self, Error> {
        let text = tokens.id_token.as_deref().ok_or_else(|| Error::TokenResponseInvalid { parameter: "id_token" })?;
        let jws = UntrustedJws::parse(text)?;
        let key = SignatureCheck::select(&jws, keys, algorithm::ALGORITHMS)?.key().clone();
        Ok(Self { tokens, jws, key })
    }

    /// What is to be checked, by an engine or by the host.
    ///
    /// # Errors
    /// None in fact: the key was found for this token.
    pub fn check(&self) -> Result<SignatureCheck<'_>, Error> {
        SignatureCheck::with_key(&self.jws, &self.key, algorithm::ALGORITHMS)
    }

    /// Ends a sign-in by the host's verdict; [`HostVerdict::Unable`] has the engine check the signature. Then come the claims.
    /// It takes nothing away: where a wrong clock was the reason, the same may be judged by a better one.
    ///
    /// # Errors
    /// `signature_invalid`, and those of [`jwt::validate`](crate::jwt::validate).
    pub fn conclude(
        &self,
        verdict: HostVerdict,
        transaction: &Transaction,
        config: &ClientConfig,
        engine: &dyn SignatureEngine,
        now: UnixTime,
    ) -> Result<Session, Error> {
        let verified = self.verified(verdict, engine)?;
        let id_token = id_token::validate(&verified, &self.tokens.access_token, transaction, config, now)?;
        let claims = id_token.claims().as_object().clone();
        let authentication = id_token::authentication_of(&claims);
        Ok(Session { tokens: self.tokens.clone(), claims, authentication, renewals: 0 })
    }

    /// Ends a renewal in the same way. The user stays whom `session` says (OIDC Core section 12.2).
    ///
    /// # Errors
    /// `session_mismatch`, `signature_invalid`, and those of [`jwt::validate`](crate::jwt::validate).
    pub fn conclude_renewal(
        &self,
        verdict: HostVerdict,
        session: &Session,
        config: &ClientConfig,
        engine: &dyn SignatureEngine,
        now: UnixTime,
    ) -> Result<Session, Error> {
        let verified = self.verified(verdict, engine)?;
        let access_token = &self.tokens.access_token;
        let id_token = id_token::validate_renewed(&verified, access_token, &session.authentication, config, now)?;
        let claims = id_token.claims().as_object().clone();
        Ok(Session { claims, ..session.renewed(self.tokens.clone()) })
    }

    fn verified(&self, verdict: HostVerdict, engine: &dyn SignatureEngine) -> Result<VerifiedJws, Error> {
        self.check()?.conclude(verdict, engine)
    }

    /// Gives the sign-in up: the tokens, for revoking them.
    pub fn into_tokens(self) -> TokenSet {
        self.tokens
    }
}

impl Session {
    /// Ends a sign-in at once: checks the ID token with the issuer's keys.
    ///
    /// # Errors
    /// Those of [`PendingSession::new`] and [`PendingSession::conclude`].
    pub fn start(
        tokens: TokenSet,
        transaction: &Transaction,
        config: &ClientConfig,
        keys: &JwkSet,
        engine: &dyn SignatureEngine,
        now: UnixTime,
    ) -> Result<Self, Error> {
        PendingSession::new(tokens, keys)?.conclude(HostVerdict::Unable, transaction, config, engine, now)
    }

    /// The ID token's claims.
    pub fn user(&self) -> &Object {
        &self.claims
    }

    /// The tokens.
    pub const fn tokens(&self) -> &TokenSet {
        &self.tokens
    }

    /// Whether it is the same user's as another one, and newer.
    pub fn is_renewal_of(&self, other: &Self) -> bool {
        let age = |session: &Self| (session.tokens.received_at, session.renewals);
        self.claims.get("sub") == other.claims.get("sub") && age(self) > age(other)
    }

    /// The same user with renewed tokens, where no ID token came with them.
    #[must_use = "it is the session to go on with"]
    pub fn renewed(&self, tokens: TokenSet) -> Self {
        Self {
            tokens: tokens.after(&self.tokens),
            claims: self.claims.clone(),
            authentication: self.authentication.clone(),
            renewals: self.renewals.saturating_add(1),
        }
    }

    /// The `Authorization` header for a request to an origin; `None` for origins the configuration does not name, and
    /// once the token has expired.
    pub fn authorization(&self, origin: &str, config: &ClientConfig, now: UnixTime) -> Option<String> {
        let allowed = self.is_current(now) && config.allows_api_origin(origin);
        allowed.then(|| self.credentials())
    }

    /// The request for what the authorization server says of the user (OIDC Core section 5.3.1): its URL and its `Authorization` header;
    /// `None` where the server has no such endpoint, and once the token has expired.
    pub fn userinfo_request(&self, metadata: &AuthorizationServerMetadata, now: UnixTime) -> Option<(String, String)> {
        let url = metadata.userinfo_endpoint().filter(|_| self.is_current(now))?;
        Some((url.as_str().into(), self.credentials()))
    }

    fn is_current(&self, now: UnixTime) -> bool {
        self.tokens.expires_at.is_none_or(|expires_at| now < expires_at)
    }

    fn credentials(&self) -> String {
        let scheme = if self.tokens.jkt.is_some() { "DPoP" } else { "Bearer" };
        [scheme, " ", &self.tokens.access_token].concat()
    }

    /// Ends the session here: gives the tokens, for revoking them and for [`end_session_url`].
    pub fn into_tokens(self) -> TokenSet {
        self.tokens
    }

    /// Reads a userinfo answer. Its `sub` must be the ID token's, or it speaks of someone else (OIDC Core section 5.3.2).
    ///
    /// # Errors
    /// `claim_invalid` for `sub`, `token_response_invalid` where it is no JSON object.
    pub fn read_userinfo(&self, text: &str) -> Result<Object, Error> {
        if text.len() > limits::MAX_TOKEN_RESPONSE_BYTES {
            return Err(Error::TokenResponseInvalid { parameter: "(document size)" });
        }
        let claims =
            Object::parse(text.as_bytes()).map_err(|_| Error::TokenResponseInvalid { parameter: "(document)" })?;
        let subject = claims.get("sub").and_then(Value::as_str);
        if subject.is_some() && subject == self.claims.get("sub").and_then(Value::as_str) {
            Ok(claims)
        } else {
            Err(Error::ClaimInvalid { claim: "sub" })
        }
    }
}

impl fmt::Debug for Session {
    /// Leaves out what the claims say.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session").field("tokens", &self.tokens).finish_non_exhaustive()
    }
}

/// Where to send the browser to sign out at the authorization server (OIDC RP-Initiated Logout section 2); `None` where the
/// server has no such endpoint. The ID token goes along as the hint that tells the server who signs out.
pub fn end_session_url(
    tokens: &TokenSet,
    config: &ClientConfig,
    metadata: &AuthorizationServerMetadata,
) -> Option<String> {
    let endpoint = metadata.end_session_endpoint()?;
    let mut query = Form::default();
    query.append_pair("client_id", &config.client_id);
    if let Some(id_token) = &tokens.id_token {
        query.append_pair("id_token_hint", id_token);
    }
    if let Some(uri) = &config.post_logout_redirect_uri {
        query.append_pair("post_logout_redirect_uri", uri.as_str());
    }
    let separator = if endpoint.query().is_some() { "&" } else { "?" };
    Some([endpoint.as_str(), separator, &query.finish()].concat())
}
