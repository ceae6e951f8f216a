//! A signed-in user: the tokens, and who they speak of.

use alloc::{format, string::String};

use super::{AuthorizationServerMetadata, ClientConfig, TokenSet, Transaction, id_token};
use crate::{
    crypto::SignatureEngine,
    error::Error,
    jose::JwkSet,
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

impl Session {
    /// Ends a sign-in: checks the ID token with the issuer's keys.
    ///
    /// # Errors
    /// `token_response_invalid` where no ID token came, and every error of its validation.
    pub fn start(
        tokens: TokenSet,
        transaction: &Transaction,
        config: &ClientConfig,
        keys: &JwkSet,
        engine: &dyn SignatureEngine,
        now: UnixTime,
    ) -> Result<Self, Error> {
        let text = tokens.id_token.as_deref().ok_or(Error::TokenResponseInvalid { parameter: "id_token" })?;
        let id_token = id_token::validate(text, &tokens.access_token, transaction, config, keys, engine, now)?;
        Ok(Self { tokens, id_token })
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
