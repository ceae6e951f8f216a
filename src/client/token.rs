//! The token endpoint: requests and the answer (RFC 6749 sections 4.1.3, 4.4.2, 5; RFC 7636 section 4.5; RFC 7009).

use core::fmt;

use alloc::{format, string::String};

use super::{AuthorizationCode, AuthorizationServerMetadata, ClientConfig, Transaction, server_error::server_error};
use crate::{
    basic_credentials::basic_credentials,
    error::Error,
    http_url::HttpUrl,
    json::{Object, Value},
    jwt::Scope,
    limits,
    time::UnixTime,
};

/// A POST with a body of type `application/x-www-form-urlencoded`, asking for JSON. No redirect may be followed: the
/// body would go along.
pub struct TokenRequest {
    /// The endpoint.
    pub url: String,
    /// The `Authorization` header, for a client with a secret.
    pub authorization: Option<String>,
    /// The form body.
    pub body: String,
}

impl fmt::Debug for TokenRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TokenRequest").field("url", &self.url).finish_non_exhaustive()
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
) -> Result<TokenRequest, Error> {
    let mut form = form_urlencoded::Serializer::new(String::new());
    form.append_pair("grant_type", "authorization_code")
        .append_pair("code", code.expose())
        .append_pair("redirect_uri", &transaction.redirect_uri)
        .append_pair("client_id", &config.client_id)
        .append_pair("code_verifier", &transaction.code_verifier);
    if let Some(resource) = &config.resource {
        form.append_pair("resource", resource);
    }
    drop(code);
    Ok(TokenRequest { url: metadata.token_endpoint()?.as_str().into(), authorization: None, body: form.finish() })
}

/// The client credentials grant (RFC 6749 section 4.4), for machines that can keep a secret; never for a page.
pub fn client_credentials_request(
    token_endpoint: &HttpUrl,
    client_id: &str,
    client_secret: &str,
    scope: &Scope,
    resource: Option<&str>,
) -> TokenRequest {
    let mut form = form_urlencoded::Serializer::new(String::new());
    form.append_pair("grant_type", "client_credentials");
    if !scope.is_empty() {
        form.append_pair("scope", &format!("{scope}"));
    }
    if let Some(resource) = resource {
        form.append_pair("resource", resource);
    }
    let authorization = Some(basic_credentials(client_id, client_secret));
    TokenRequest { url: token_endpoint.as_str().into(), authorization, body: form.finish() }
}

/// Revokes an access token (RFC 7009 section 2.1); `None` where the server offers no revocation.
pub fn revocation_request(
    tokens: &TokenSet,
    config: &ClientConfig,
    metadata: &AuthorizationServerMetadata,
) -> Option<TokenRequest> {
    let url = metadata.revocation_endpoint()?.as_str().into();
    // The refresh token, where there is one, takes the access tokens of its grant along (RFC 7009 section 2.1).
    let (token, hint) = match &tokens.refresh_token {
        Some(token) => (token, "refresh_token"),
        None => (&tokens.access_token, "access_token"),
    };
    let mut form = form_urlencoded::Serializer::new(String::new());
    form.append_pair("token", token).append_pair("token_type_hint", hint).append_pair("client_id", &config.client_id);
    Some(TokenRequest { url, authorization: None, body: form.finish() })
}

/// What the token endpoint gave. The texts are not shown and not stored anywhere else.
pub struct TokenSet {
    pub(super) access_token: String,
    pub(super) refresh_token: Option<String>,
    pub(super) id_token: Option<String>,
    pub(super) scope: Scope,
    pub(super) expires_at: Option<UnixTime>,
}

impl TokenSet {
    /// Reads the answer, good or bad: tokens come with status 200 alone (RFC 6749 section 5.1). `requested_scope` is what was asked for: an answer without `scope` grants just that
    /// (RFC 6749 section 5.1).
    ///
    /// # Errors
    /// `token_request_refused` for an error answer, `token_response_invalid` where it is no answer at all.
    pub fn from_response(status: u16, text: &str, requested_scope: &str, now: UnixTime) -> Result<Self, Error> {
        let invalid = |parameter| Error::TokenResponseInvalid { parameter };
        if text.len() > limits::MAX_TOKEN_RESPONSE_BYTES {
            return Err(invalid("(document size)"));
        }
        let members = Object::parse(text.as_bytes()).map_err(|_| invalid("(document)"))?;
        if let Some(error) = string(&members, "error")? {
            return Err(Error::TokenRequestRefused(server_error(error, string(&members, "error_description")?)));
        }
        let access_token = string(&members, "access_token")?
            .filter(|token| !token.is_empty() && token.bytes().all(|byte| byte.is_ascii_graphic()));
        if status != 200 {
            return Err(invalid("(status)"));
        }
        // RFC 6749 appendix A.12 without the space, which no Authorization header could carry.
        let access_token = access_token.ok_or(invalid("access_token"))?.into();
        // Another type would have to be used in another way, and can't be (RFC 6749 section 7.1).
        if !string(&members, "token_type")?.is_some_and(|kind| kind.eq_ignore_ascii_case("Bearer")) {
            return Err(invalid("token_type"));
        }
        let expires_at = match members.get("expires_in") {
            None => None,
            Some(Value::Number(seconds)) => {
                let seconds = seconds.as_u64().filter(|seconds| *seconds <= limits::MAX_NUMERIC_DATE_SECONDS);
                Some(now.plus(seconds.ok_or(invalid("expires_in"))?))
            }
            Some(_) => return Err(invalid("expires_in")),
        };
        let scope = Scope::parse(string(&members, "scope")?.unwrap_or(requested_scope)).ok_or(invalid("scope"))?;
        Ok(Self {
            access_token,
            refresh_token: string(&members, "refresh_token")?.map(Into::into),
            id_token: string(&members, "id_token")?.map(Into::into),
            scope,
            expires_at,
        })
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
}

impl fmt::Debug for TokenSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TokenSet")
            .field("scope", &self.scope)
            .field("expires_at", &self.expires_at)
            .finish_non_exhaustive()
    }
}

fn string<'a>(members: &'a Object, parameter: &'static str) -> Result<Option<&'a str>, Error> {
    match members.get(parameter) {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(_) => Err(Error::TokenResponseInvalid { parameter }),
    }
}
