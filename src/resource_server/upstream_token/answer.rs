//! What the token endpoint has answered (RFC 6749 sections 5.1 and 5.2, RFC 8693 section 2.2), judged strictly: the token becomes a header.

use alloc::string::String;

use super::{
    policy::{GrantType, TokenRequest},
    request::ACCESS_TOKEN,
};
use crate::{
    error::{Error, whole_seconds},
    json::{Object, Value},
    limits,
};

/// What is used of a good answer.
pub(crate) struct TokenAnswer {
    pub(super) access_token: String,
    /// How long it is good, in seconds; `None` where the server does not say.
    pub(super) expires_in: Option<u64>,
}

/// Error codes that are shown to the operator: those of RFC 6749 sections 4.1.2.1 and 5.2, RFC 8693 section 2.2.2 and RFC 8707 section 2. No text of the
/// server's is: it could be the secret that was sent, or the token.
const ERRORS: [&str; 9] = [
    "access_denied",
    "invalid_client",
    "invalid_grant",
    "invalid_request",
    "invalid_scope",
    "invalid_target",
    "unauthorized_client",
    "unsupported_grant_type",
    "use_dpop_nonce",
];

impl TokenAnswer {
    /// Reads the status, a line feed and the document.
    ///
    /// # Errors
    /// `upstream_token_unavailable` where the server can't answer now, `upstream_token_invalid` where this is no answer,
    /// `upstream_token_refused` where it gives the gate none, `subject_token_refused` and `subject_token_invalid` where it gives none for the client's token.
    pub(super) fn read(answer: &str, request: &TokenRequest) -> Result<Self, Error> {
        let grant_type = request.grant_type;
        let (status, document) = answer.split_once('\n').ok_or(Error::UPSTREAM_TOKEN_UNAVAILABLE)?;
        if status.starts_with('5') || matches!(status, "408" | "429") {
            return Err(Error::UPSTREAM_TOKEN_UNAVAILABLE);
        }
        if document.len() > limits::MAX_TOKEN_RESPONSE_BYTES {
            return Err(invalid("(document size)"));
        }
        let members = Object::parse(document.as_bytes()).map_err(|_| invalid("(document)"))?;
        // Some servers say so with status 200.
        if let Some(error) = members.get("error") {
            return Err(refused(error.as_str().unwrap_or_default(), grant_type));
        }
        if status != "200" {
            return Err(invalid("(status)"));
        }
        let text = |parameter| members.get(parameter).and_then(Value::as_str);
        // Another type would have to be used in another way (RFC 6749 section 7.1).
        if !text("token_type").is_some_and(|kind| kind.eq_ignore_ascii_case(request.token_type)) {
            return Err(invalid("token_type"));
        }
        if grant_type == GrantType::TokenExchange && !text("issued_token_type").is_some_and(is_access_token) {
            return Err(invalid("issued_token_type"));
        }
        let access_token = text("access_token").filter(|token| is_b64token(token)).ok_or(invalid("access_token"))?;
        let expires_in = match members.get("expires_in") {
            None => None,
            Some(value) => Some(value.as_u64().filter(|seconds| *seconds > 0).ok_or(invalid("expires_in"))?),
        };
        Ok(Self { access_token: access_token.into(), expires_in })
    }
}

fn invalid(parameter: &'static str) -> Error {
    Error::UpstreamTokenInvalid { parameter, retry_after_seconds: whole_seconds(limits::FETCH_BACKOFF_SECONDS) }
}

fn refused(error: &str, grant_type: GrantType) -> Error {
    let error = ERRORS.into_iter().find(|known| *known == error).unwrap_or(match error {
        "server_error" | "temporarily_unavailable" => return Error::UPSTREAM_TOKEN_UNAVAILABLE,
        _ => "another error",
    });
    match (grant_type, error) {
        // RFC 6749 section 5.2: what was presented is invalid, expired or revoked, and that was the client's token.
        (GrantType::TokenExchange, "invalid_grant") => Error::SubjectTokenInvalid,
        // RFC 8693 section 2.2.2: the client's token is not acceptable, or there is no such target for it.
        (GrantType::TokenExchange, "access_denied" | "invalid_request" | "invalid_scope" | "invalid_target") => {
            Error::SubjectTokenRefused { error }
        }
        _ => Error::UpstreamTokenRefused { error, retry_after_seconds: whole_seconds(limits::FETCH_BACKOFF_SECONDS) },
    }
}

/// What is said to be a JWT is an access token all the same where it comes as a bearer token (RFC 8693 section 3).
fn is_access_token(kind: &str) -> bool {
    kind == ACCESS_TOKEN || kind == "urn:ietf:params:oauth:token-type:jwt"
}

/// RFC 6750 section 2.1, within its bound: nothing that could end a header, or begin another.
fn is_b64token(token: &str) -> bool {
    let body = token.trim_end_matches('=');
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~+/".contains(&byte);
    !body.is_empty() && token.len() <= limits::MAX_UPSTREAM_TOKEN_BYTES && body.bytes().all(is_plain)
}
