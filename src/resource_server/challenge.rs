//! The outer layer of errors: what a caller gets to see (RFC 6750 section 3, RFC 9110 section 15, RFC 9457).
//!
//! Many private reasons share one public answer, so that an answer helps who made a mistake and not who probes.

use alloc::{
    format,
    string::{String, ToString},
};

use super::{Policy, progress::Response};
use crate::{error::Error, json::Object, limits};

/// The public answers there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// 401 with a bare challenge: no credentials came, so no error is named (RFC 6750 section 3.1).
    Unauthenticated,
    /// 400 `invalid_request`: the credentials are malformed.
    InvalidRequest,
    /// 401 `invalid_token`.
    InvalidToken,
    /// 401 `invalid_token`, with the one reason that helps an honest client: get a new one.
    ExpiredToken,
    /// 403 `insufficient_scope`.
    InsufficientScope,
    /// 400 without a challenge: the request itself can't be read safely.
    BadRequest,
    /// 404.
    NotFound,
    /// 405 with `Allow`.
    MethodNotAllowed,
    /// 503 with `Retry-After`: the token was not judged.
    Unavailable,
    /// 502: the origin can't be reached.
    BadGateway,
    /// 500: the gate is misconfigured.
    Misconfigured,
}

impl Answer {
    /// The public answer to a private reason. Exhaustive, so a new reason can't be forgotten here.
    pub const fn to(error: &Error) -> Self {
        match error {
            Error::CredentialsMissing => Self::Unauthenticated,
            Error::CredentialsMalformed { .. } => Self::InvalidRequest,
            Error::TokenExpired => Self::ExpiredToken,
            Error::ScopeMissing { .. } => Self::InsufficientScope,
            Error::PathAmbiguous => Self::BadRequest,
            Error::RouteUnknown => Self::NotFound,
            Error::MethodNotAllowed { .. } => Self::MethodNotAllowed,
            Error::KeySetUnavailable
            | Error::IntrospectionUnavailable
            | Error::KeySetMalformed { .. }
            | Error::MetadataInvalid { .. } => Self::Unavailable,
            Error::TokenTooLarge
            | Error::TokenMalformed { .. }
            | Error::HeaderInvalid { .. }
            | Error::CriticalHeaderUnsupported
            | Error::AlgorithmNotAllowed
            | Error::KeyUnusable { .. }
            | Error::KeyUnknown
            | Error::KeyAmbiguous
            | Error::SignatureInvalid
            | Error::ClaimMissing { .. }
            | Error::ClaimInvalid { .. }
            | Error::TypeMismatch
            | Error::IssuerUnknown
            | Error::AudienceMismatch
            | Error::TokenNotYetValid
            | Error::TokenIssuedInFuture
            | Error::TokenTooOld
            | Error::ClaimConditionUnmet { .. }
            | Error::TenantMismatch
            | Error::NonceForbidden
            | Error::ProofOfPossessionMissing
            | Error::NonceMismatch
            | Error::AuthorizedPartyMismatch
            | Error::AuthenticationTooOld
            | Error::AuthenticationContextMismatch
            | Error::HashMismatch { .. }
            | Error::ProofRequestMismatch { .. }
            | Error::ProofTokenMismatch
            | Error::ProofKeyMismatch
            | Error::ProofTooOld
            | Error::ProofNonceMismatch
            | Error::ProofReplayed
            | Error::TokenInactive => Self::InvalidToken,
            Error::UpstreamUnavailable => Self::BadGateway,
            Error::PolicyInvalid { .. }
            | Error::ConfigInvalid { .. }
            | Error::RandomnessInvalid
            | Error::CallbackMalformed { .. }
            | Error::ImplicitResponseRefused
            | Error::TransactionUnknown
            | Error::StateMismatch
            | Error::CallbackIssuerMismatch
            | Error::AuthorizationRefused(_)
            | Error::TokenResponseInvalid { .. }
            | Error::TokenRequestRefused(_) => Self::Misconfigured,
        }
    }

    /// The HTTP status and its name (RFC 9110 section 15).
    pub const fn status(self) -> (u16, &'static str) {
        match self {
            Self::Unauthenticated | Self::InvalidToken | Self::ExpiredToken => (401, "Unauthorized"),
            Self::InvalidRequest | Self::BadRequest => (400, "Bad Request"),
            Self::InsufficientScope => (403, "Forbidden"),
            Self::NotFound => (404, "Not Found"),
            Self::MethodNotAllowed => (405, "Method Not Allowed"),
            Self::Unavailable => (503, "Service Unavailable"),
            Self::BadGateway => (502, "Bad Gateway"),
            Self::Misconfigured => (500, "Internal Server Error"),
        }
    }

    /// The `error` code of RFC 6750 section 3.1 and a sentence for it.
    pub const fn error(self) -> Option<(&'static str, &'static str)> {
        match self {
            Self::InvalidRequest => Some(("invalid_request", "The request carries its token in a malformed way")),
            Self::InvalidToken => {
                Some(("invalid_token", "The access token is malformed, revoked, or not one for this API"))
            }
            Self::ExpiredToken => Some(("invalid_token", "The access token has expired")),
            Self::InsufficientScope => {
                Some(("insufficient_scope", "The access token does not carry the scope that this request needs"))
            }
            Self::Unauthenticated
            | Self::BadRequest
            | Self::NotFound
            | Self::MethodNotAllowed
            | Self::Unavailable
            | Self::BadGateway
            | Self::Misconfigured => None,
        }
    }
}

/// The whole answer to a refused request.
pub fn refuse(error: Error, policy: &Policy) -> Response {
    let answer = Answer::to(&error);
    let (status, title) = answer.status();
    let mut headers =
        [("content-type", "application/problem+json".into()), ("cache-control", "no-store".into())].to_vec();
    if answer == Answer::Unauthenticated || answer.error().is_some() {
        headers.push(("www-authenticate", challenge(answer, &error, policy)));
    }
    if let Error::MethodNotAllowed { allow } = &error {
        headers.push(("allow", allow.clone()));
    }
    if answer == Answer::Unavailable {
        headers.push(("retry-after", limits::FETCH_BACKOFF_SECONDS.to_string()));
    }
    // In the order of their names, whatever is among them.
    let mut problem = Object::new();
    if policy.explain {
        problem.insert("code", error.code());
        problem.insert("detail", error.to_string());
    }
    if let Some((code, description)) = answer.error() {
        problem.insert("error", code);
        problem.insert("error_description", description);
    }
    if let Error::ScopeMissing { scope } = &error {
        problem.insert("scope", scope.as_str());
    }
    problem.insert("status", status);
    problem.insert("title", title);
    problem.insert("type", "about:blank");
    Response { status, headers, body: problem.to_string(), error: Some(error) }
}

/// `WWW-Authenticate` (RFC 6750 section 3). Every value is fixed, or was checked to stand in a quoted string as it is:
/// the realm, the scopes and the metadata's URL when the policy was loaded. Nothing of the request gets in.
fn challenge(answer: Answer, error: &Error, policy: &Policy) -> String {
    let error_part = answer
        .error()
        .map(|(code, description)| format!(", error=\"{code}\", error_description=\"{description}\""))
        .unwrap_or_default();
    let scope_part = match error {
        Error::ScopeMissing { scope } => format!(", scope=\"{scope}\""),
        _ => String::new(),
    };
    // RFC 9728 section 5.1.
    let metadata = policy.resource_metadata.as_ref();
    let metadata_part =
        metadata.map(|metadata| format!(", resource_metadata=\"{}\"", metadata.url())).unwrap_or_default();
    format!("Bearer realm=\"{}\"{error_part}{scope_part}{metadata_part}", policy.realm)
}
