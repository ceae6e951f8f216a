//! A signed-in user: the tokens, and who they speak of.

use alloc::{format, string::String, sync::Arc};

use super::{AuthorizationServerMetadata, ClientConfig, TokenSet, Transaction, id_token};
use crate::{
    crypto::{HostVerdict, SignatureEngine},
    error::Error,
    jose::{Jwk, JwkSet, SignatureCheck, UntrustedJws, algorithm},
    json::{Object, Value},
    jwt::ValidatedToken,
    limits,
    time::UnixTime,
};

/// Tokens whose ID token holds for the sign-in that was started. It lives in memory alone: nothing writes it out.
#[derive(Debug)]
pub struct Session {
    tokens: TokenSet,
    id_token: ValidatedToken,
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
        let text = tokens.id_token.as_deref().ok_or(Error::TokenResponseInvalid { parameter: "id_token" })?;
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
    ///
    /// # Errors
    /// `signature_invalid`, and those of [`jwt::validate`](crate::jwt::validate).
    pub fn conclude(
        self,
        verdict: HostVerdict,
        transaction: &Transaction,
        config: &ClientConfig,
        engine: &dyn SignatureEngine,
        now: UnixTime,
    ) -> Result<Session, Error> {
        let verified = self.check()?.conclude(verdict, engine)?;
        let id_token = id_token::validate(&verified, &self.tokens.access_token, transaction, config, now)?;
        Ok(Session { tokens: self.tokens, id_token })
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
        self.id_token.claims().as_object()
    }

    /// The tokens.
    pub const fn tokens(&self) -> &TokenSet {
        &self.tokens
    }

    /// The `Authorization` header for a request to an origin; `None` for origins the configuration does not name, and
    /// once the token has expired.
    pub fn authorization(&self, origin: &str, config: &ClientConfig, now: UnixTime) -> Option<String> {
        let is_current = self.tokens.expires_at.is_none_or(|expires_at| now < expires_at);
        let allowed = is_current && config.allows_api_origin(origin);
        allowed.then(|| format!("Bearer {}", self.tokens.access_token))
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
        if subject.is_some() && subject == self.id_token.subject() {
            Ok(claims)
        } else {
            Err(Error::ClaimInvalid { claim: "sub" })
        }
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
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.append_pair("client_id", &config.client_id);
    if let Some(id_token) = &tokens.id_token {
        query.append_pair("id_token_hint", id_token);
    }
    if let Some(uri) = &config.post_logout_redirect_uri {
        query.append_pair("post_logout_redirect_uri", uri.as_str());
    }
    let separator = if endpoint.query().is_some() { '&' } else { '?' };
    Some(format!("{}{separator}{}", endpoint.as_str(), query.finish()))
}
