//! Asking the authorization server about a token, and reading what it says (RFC 7662).

use alloc::string::String;

use serde_json::Value;

use super::{
    BearerToken,
    issuer::{IntrospectionClient, Issuer},
};
use crate::{
    basic_credentials::basic_credentials,
    error::Error,
    http_url::HttpUrl,
    jose::json,
    jwt::{Claims, Expectations, Profile, ValidatedToken, validate_claims},
    limits,
    resource_server::Need,
    time::UnixTime,
};

/// The request: the token in a form body (RFC 7662 section 2.1), the gate's own credentials as HTTP Basic.
pub(super) fn request(endpoint: &HttpUrl, client: &IntrospectionClient, secret: &str, token: &BearerToken) -> Need {
    let body = form_urlencoded::Serializer::new(String::new())
        .append_pair("token", token.expose())
        .append_pair("token_type_hint", "access_token")
        .finish();
    Need::Introspection {
        url: endpoint.as_str().into(),
        authorization: basic_credentials(&client.client_id, secret),
        body,
    }
}

/// Reads the answer: `active` must be the boolean true, and what else it says must hold for this API as well.
///
/// # Errors
/// `introspection_unavailable` where it is no introspection answer; `token_inactive`; `claim_missing`, `claim_invalid`,
/// `issuer_unknown`, `audience_mismatch`, `token_expired`, `token_not_yet_valid`, `token_issued_in_future`, `type_mismatch`.
pub(super) fn read(text: &str, issuer: &Issuer, now: UnixTime) -> Result<ValidatedToken, Error> {
    if text.len() > limits::MAX_INTROSPECTION_BYTES {
        return Err(Error::IntrospectionUnavailable);
    }
    let claims = json::parse_object(text.as_bytes()).map(Claims::new).ok_or(Error::IntrospectionUnavailable)?;
    match claims.get("active") {
        Some(Value::Bool(true)) => {}
        Some(Value::Bool(false)) => return Err(Error::TokenInactive),
        _ => return Err(Error::IntrospectionUnavailable),
    }
    // RFC 7662 section 2.2: a type of RFC 6749 section 5.1. A refresh token, or one bound to a key, is none for this door.
    if claims.string("token_type")?.is_some_and(|kind| !kind.eq_ignore_ascii_case("Bearer")) {
        return Err(Error::TypeMismatch);
    }
    validate_claims(claims, &Expectations { profile: Profile::Introspection, ..issuer.expectations() }, now)
}
