//! The token endpoint: requests and the answer (RFC 6749 sections 4.1.3, 4.4.2, 5; RFC 7636 section 4.5; RFC 7009).

use core::fmt;

use alloc::string::String;

use super::{AuthorizationCode, AuthorizationServerMetadata, ClientConfig, Transaction, server_error::server_error};
use crate::{
    basic_credentials::basic_credentials,
    error::Error,
    form::Form,
    http_url::HttpUrl,
    json::{Object, Value},
    jwt::Scope,
    limits,
    time::UnixTime,
};

/// A POST to an authorization server with a body of type `application/x-www-form-urlencoded`, asking for JSON. No redirect may be followed: the
/// body would go along.
pub struct FormRequest {
    /// The endpoint.
    pub url: String,
    /// The `Authorization` header, for a client with a secret.
    pub authorization: Option<String>,
    /// The form body.
    pub body: String,
}

impl fmt::Debug for FormRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FormRequest").field("url", &self.url).finish_non_exhaustive()
    }
}

/// Exchanges a code, with the verifier that proves who asked for it. It takes the code: a code serves once.
///
/// # Errors
/// `metadata_invalid` where the server has no token endpoint.
pub fn code_request(
    code: AuthorizationCode,
    transaction: &Transaction,
    config: &ClientConfig,
    metadata: &AuthorizationServerMetadata,
) -> Result<FormRequest, Error> {
    let mut form = Form::default();
    form.append_pair("grant_type", "authorization_code")
        .append_pair("code", code.expose())
        .append_pair("redirect_uri", &transaction.redirect_uri)
        .append_pair("client_id", &config.client_id)
        .append_pair("code_verifier", &transaction.code_verifier);
    if let Some(resource) = &config.resource {
        form.append_pair("resource", resource);
    }
    drop(code);
    Ok(FormRequest { url: metadata.token_endpoint()?.as_str().into(), authorization: None, body: form.finish() })
}

/// Asks for new tokens with the refresh token (RFC 6749 section 6), for the scope that was granted; `None` where there is no refresh token.
///
/// # Errors
/// `metadata_invalid` where the server has no token endpoint.
pub fn refresh_request(
    tokens: &TokenSet,
    config: &ClientConfig,
    metadata: &AuthorizationServerMetadata,
) -> Result<Option<FormRequest>, Error> {
    let Some(refresh_token) = &tokens.refresh_token else { return Ok(None) };
    let mut form = Form::default();
    form.append_pair("grant_type", "refresh_token")
        .append_pair("refresh_token", refresh_token)
        .append_pair("client_id", &config.client_id);
    if let Some(resource) = &config.resource {
        form.append_pair("resource", resource);
    }
    let url = metadata.token_endpoint()?.as_str().into();
    Ok(Some(FormRequest { url, authorization: None, body: form.finish() }))
}

/// The client credentials grant (RFC 6749 section 4.4), for machines that can keep a secret; never for a page.
pub fn client_credentials_request(
    token_endpoint: &HttpUrl,
    client_id: &str,
    client_secret: &str,
    scope: &Scope,
    resource: Option<&str>,
) -> FormRequest {
    let mut form = Form::default();
    form.append_pair("grant_type", "client_credentials");
    if !scope.is_empty() {
        form.append_pair("scope", &scope.to_text());
    }
    if let Some(resource) = resource {
        form.append_pair("resource", resource);
    }
    let authorization = Some(basic_credentials(client_id, client_secret));
    FormRequest { url: token_endpoint.as_str().into(), authorization, body: form.finish() }
}

/// Revokes an access token (RFC 7009 section 2.1); `None` where the server offers no revocation.
pub fn revocation_request(
    tokens: &TokenSet,
    config: &ClientConfig,
    metadata: &AuthorizationServerMetadata,
) -> Option<FormRequest> {
    let url = metadata.revocation_endpoint()?.as_str().into();
    // The refresh token, where there is one, takes the access tokens of its grant along (RFC 7009 section 2.1).
    let (token, hint) = match &tokens.refresh_token {
        Some(token) => (token, "refresh_token"),
        None => (&tokens.access_token, "access_token"),
    };
    let mut form = Form::default();
    form.append_pair("token", token).append_pair("token_type_hint", hint).append_pair("client_id", &config.client_id);
    Some(FormRequest { url, authorization: None, body: form.finish() })
}

/// What the token endpoint gave. The texts are not shown and not stored anywhere else.
#[derive(Clone)]
pub struct TokenSet {
    pub(super) access_token: String,
    pub(super) refresh_token: Option<String>,
    pub(super) id_token: Option<String>,
    pub(super) scope: Scope,
    pub(super) expires_at: Option<UnixTime>,
    pub(super) received_at: UnixTime,
    /// The thumbprint of the key that the access token is bound to.
    pub(super) jkt: Option<String>,
}

impl TokenSet {
    /// Reads the answer, good or bad: tokens come with status 200 alone (RFC 6749 section 5.1). `requested_scope` is what was asked for: an answer without `scope` grants just that
    /// (RFC 6749 section 5.1). `jkt` is the thumbprint of the key that the request proved to have: then the tokens must be bound to it, and a
    /// server that gives others is not believed (RFC 9449 section 5).
    ///
    /// # Errors
    /// `token_request_refused` for an error answer, `token_response_invalid` where it is no answer at all.
    pub fn from_response(
        status: u16,
        text: &str,
        requested_scope: &str,
        jkt: Option<&str>,
        now: UnixTime,
    ) -> Result<Self, Error> {
        let invalid = |parameter| Error::TokenResponseInvalid { parameter };
        if text.len() > limits::MAX_TOKEN_RESPONSE_BYTES {
            return Err(invalid("(document size)"));
        }
        let members = Object::parse(text.as_bytes()).map_err(|_| invalid("(document)"))?;
        let string = |parameter| string(&members, parameter).map_err(|()| invalid(parameter));
        if let Some(error) = string("error")? {
            return Err(Error::TokenRequestRefused(server_error(error, string("error_description")?)));
        }
        let access_token = string("access_token")?
            .filter(|token| !token.is_empty() && token.bytes().all(|byte| byte.is_ascii_graphic()));
        if status != 200 {
            return Err(invalid("(status)"));
        }
        // RFC 6749 appendix A.12 without the space, which no Authorization header could carry.
        let access_token = access_token.ok_or_else(|| invalid("access_token"))?.into();
        // Another type would have to be used in another way, and can't be (RFC 6749 section 7.1).
        let token_type = if jkt.is_some() { "DPoP" } else { "Bearer" };
        if !string("token_type")?.is_some_and(|kind| kind.eq_ignore_ascii_case(token_type)) {
            return Err(invalid("token_type"));
        }
        let expires_at = match members.get("expires_in") {
            None => None,
            Some(Value::Number(seconds)) => {
                let seconds = seconds.as_u64().filter(|seconds| *seconds <= limits::MAX_NUMERIC_DATE_SECONDS);
                Some(now.plus(seconds.ok_or_else(|| invalid("expires_in"))?))
            }
            Some(_) => return Err(invalid("expires_in")),
        };
        let scope = Scope::parse(string("scope")?.unwrap_or(requested_scope)).ok_or_else(|| invalid("scope"))?;
        Ok(Self {
            access_token,
            refresh_token: string("refresh_token")?.map(Into::into),
            id_token: string("id_token")?.map(Into::into),
            scope,
            expires_at,
            received_at: now,
            jkt: jkt.map(Into::into),
        })
    }

    /// These tokens in place of others: what did not come anew stays (RFC 6749 section 6, OIDC Core section 12.2).
    pub(super) fn after(self, before: &Self) -> Self {
        Self {
            refresh_token: self.refresh_token.or_else(|| before.refresh_token.clone()),
            id_token: self.id_token.or_else(|| before.id_token.clone()),
            ..self
        }
    }

    /// Whether an ID token came.
    pub const fn has_id_token(&self) -> bool {
        self.id_token.is_some()
    }

    /// Whether they can be renewed: a refresh token came.
    pub const fn can_be_renewed(&self) -> bool {
        self.refresh_token.is_some()
    }

    /// The access token, for an Authorization header.
    pub fn expose_access_token(&self) -> &str {
        &self.access_token
    }

    /// The scopes granted, which may be fewer than asked for.
    pub const fn scope(&self) -> &Scope {
        &self.scope
    }

    /// When the access token expires, where the server said.
    pub const fn expires_at(&self) -> Option<UnixTime> {
        self.expires_at
    }

    /// The thumbprint of the key that the access token is bound to, where it is bound to one.
    pub fn jkt(&self) -> Option<&str> {
        self.jkt.as_deref()
    }

    /// When the access token has to be renewed, where the server said when it expires: some time before.
    pub fn renew_at(&self) -> Option<UnixTime> {
        let expires_at = self.expires_at?;
        let lifetime = expires_at.since(self.received_at).as_secs();
        Some(expires_at.minus(lifetime.div_euclid(5).min(limits::RENEWAL_MARGIN_SECONDS)))
    }
}

impl fmt::Debug for TokenSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TokenSet")
            .field("scope", &self.scope)
            .field("expires_at", &self.expires_at)
            .finish_non_exhaustive()
    }
}

/// A member that is a text where it is there.
pub(super) fn string<'a>(members: &'a Object, parameter: &str) -> Result<Option<&'a str>, ()> {
    match members.get(parameter) {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(_) => Err(()),
    }
}
