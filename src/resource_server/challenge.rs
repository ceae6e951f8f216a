//! The outer layer of errors: what a caller gets to see (RFC 6750 section 3, RFC 9110 section 15, RFC 9457).
//!
//! Many private reasons share one public answer, so that an answer helps who made a mistake and not who probes.

use alloc::{
    format,
    string::{String, ToString},
    vec::Vec,
};

use super::{About, Policy, credentials::Scheme, progress::Response};
use crate::{
    error::{Error, Problem, Unmet},
    json::Object,
};

/// The public answers there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// 401 with a bare challenge: no credentials came, so no error is named (RFC 6750 section 3.1).
    Unauthenticated,
    /// 400 `invalid_request`: the credentials are malformed.
    InvalidRequest,
    /// 401 `invalid_token`.
    InvalidToken,
    /// 401 `invalid_dpop_proof` (RFC 9449 section 7.1).
    InvalidProof,
    /// 401 `use_dpop_nonce`: the proof is good but for the nonce that comes with this answer (RFC 9449 section 9).
    UseDpopNonce,
    /// 401 `invalid_token`, with the one reason that helps an honest client: get a new one.
    ExpiredToken,
    /// 403 `insufficient_scope`, with the scope that would do.
    InsufficientScope,
    /// 403 `insufficient_scope` without one: the request needs other rights than scopes (RFC 6750 section 3.1).
    InsufficientRights,
    /// 401 `insufficient_user_authentication`, with the authentication that would do (RFC 9470 section 3).
    InsufficientUserAuthentication,
    /// 403 without a challenge: the token is good, and there is no way to the origin with it.
    Forbidden,
    /// 400 without a challenge: the request itself can't be read safely.
    BadRequest,
    /// 404.
    NotFound,
    /// 405 with `Allow`.
    MethodNotAllowed,
    /// 503 with `Retry-After`: the token was not judged, or the one that the origin is to get can't be had.
    Unavailable,
    /// 507: what was to be kept has no place (RFC 4918 section 11.5).
    InsufficientStorage,
    /// 502: the origin can't be reached.
    BadGateway,
    /// 504: the origin takes too long.
    GatewayTimeout,
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
            Error::ScopeMissing(_) => Self::InsufficientScope,
            Error::RightsMissing(_) => Self::InsufficientRights,
            Error::AuthenticationInsufficient(_) => Self::InsufficientUserAuthentication,
            Error::PathAmbiguous | Error::RevocationInvalid { .. } => Self::BadRequest,
            Error::RouteUnknown | Error::RevocationUnknown => Self::NotFound,
            Error::DenyListFull => Self::InsufficientStorage,
            Error::MethodNotAllowed { .. } => Self::MethodNotAllowed,
            Error::KeySetUnavailable { .. }
            | Error::KeyNotYetKnown { .. }
            | Error::IntrospectionUnavailable { .. }
            | Error::ProofMemoryUnavailable
            | Error::DenyListUnavailable { .. }
            | Error::UpstreamTokenUnavailable { .. }
            | Error::UpstreamTokenInvalid { .. }
            | Error::UpstreamTokenRefused { .. }
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
            | Error::ProofKeyMismatch
            | Error::TokenUnbound
            | Error::CertificateMismatch
            | Error::CertificateUntrusted
            | Error::TokenNotForRoute(_)
            | Error::TokenRevoked
            | Error::SubjectTokenInvalid
            | Error::TokenInactive => Self::InvalidToken,
            Error::SubjectTokenRefused { .. } => Self::Forbidden,
            Error::ProofMissing
            | Error::ProofInvalid { .. }
            | Error::ProofRequestMismatch { .. }
            | Error::ProofTokenMismatch
            | Error::ProofTooOld
            | Error::ProofReplayed => Self::InvalidProof,
            Error::ProofNonceMismatch => Self::UseDpopNonce,
            Error::UpstreamUnavailable => Self::BadGateway,
            Error::UpstreamTimeout => Self::GatewayTimeout,
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
            | Error::PushedRequestRefused(_)
            | Error::PushedResponseInvalid { .. }
            | Error::SessionMismatch { .. }
            | Error::SessionUnknown
            | Error::TokenRequestRefused(_) => Self::Misconfigured,
        }
    }

    /// The HTTP status and its name (RFC 9110 section 15).
    pub const fn status(self) -> (u16, &'static str) {
        match self {
            Self::Unauthenticated
            | Self::InvalidToken
            | Self::InvalidProof
            | Self::UseDpopNonce
            | Self::ExpiredToken
            | Self::InsufficientUserAuthentication => (401, "Unauthorized"),
            Self::InvalidRequest | Self::BadRequest => (400, "Bad Request"),
            Self::InsufficientScope | Self::InsufficientRights | Self::Forbidden => (403, "Forbidden"),
            Self::NotFound => (404, "Not Found"),
            Self::MethodNotAllowed => (405, "Method Not Allowed"),
            Self::Unavailable => (503, "Service Unavailable"),
            Self::InsufficientStorage => (507, "Insufficient Storage"),
            Self::BadGateway => (502, "Bad Gateway"),
            Self::GatewayTimeout => (504, "Gateway Timeout"),
            Self::Misconfigured => (500, "Internal Server Error"),
        }
    }

    /// The `error` code of RFC 6750 section 3.1, RFC 9449 section 7.1 or RFC 9470 section 3, and a sentence for it.
    pub const fn error(self) -> Option<(&'static str, &'static str)> {
        match self {
            Self::InvalidRequest => Some(("invalid_request", "The request carries its token in a malformed way")),
            Self::InvalidToken => {
                Some(("invalid_token", "The access token is malformed, revoked, or not one for this API"))
            }
            Self::InvalidProof => {
                Some(("invalid_dpop_proof", "The DPoP proof is absent, malformed, or not one for this request"))
            }
            Self::UseDpopNonce => Some(("use_dpop_nonce", "The DPoP proof has to carry the nonce of this answer")),
            Self::ExpiredToken => Some(("invalid_token", "The access token has expired")),
            Self::InsufficientScope => {
                Some(("insufficient_scope", "The access token does not carry the scope that this request needs"))
            }
            Self::InsufficientRights => {
                Some(("insufficient_scope", "The request needs other rights than the access token has"))
            }
            Self::InsufficientUserAuthentication => {
                Some(("insufficient_user_authentication", "The request needs another authentication of the user"))
            }
            Self::Unauthenticated
            | Self::Forbidden
            | Self::BadRequest
            | Self::NotFound
            | Self::MethodNotAllowed
            | Self::Unavailable
            | Self::InsufficientStorage
            | Self::BadGateway
            | Self::GatewayTimeout
            | Self::Misconfigured => None,
        }
    }
}

/// The whole answer to a refused request with a bearer token, or without a token.
pub fn refuse(error: Error, policy: &Policy) -> Response {
    refuse_by(Scheme::Bearer, error, policy)
}

/// The whole answer to a refused request with credentials of this scheme.
pub(super) fn refuse_by(scheme: Scheme, error: Error, policy: &Policy) -> Response {
    let answer = Answer::to(&error);
    let (status, title) = answer.status();
    let mut headers =
        [("content-type", "application/problem+json".into()), ("cache-control", "no-store".into())].to_vec();
    if answer == Answer::Unauthenticated || answer.error().is_some() {
        headers.push(("www-authenticate", challenge(answer, &error, policy, scheme)));
    }
    if let Error::MethodNotAllowed { allow } = &error {
        headers.push(("allow", allow.clone()));
    }
    if answer == Answer::Unavailable {
        headers.push(("retry-after", error.retry_after_seconds().to_string()));
    }
    // In the order of their names, whatever is among them.
    let needed = needed(&error).cloned().unwrap_or_default();
    let mut problem = Object::new();
    if let Some(acr_values) = needed.acr_values {
        problem.insert("acr_values", acr_values);
    }
    if policy.explain {
        problem.insert("code", error.code());
        problem.insert("detail", error.to_string());
    }
    if let Some((code, description)) = answer.error() {
        problem.insert("error", code);
        problem.insert("error_description", description);
    }
    if let Some(max_age) = needed.max_age {
        problem.insert("max_age", max_age);
    }
    // Who comes so far may write to the list.
    if let Error::RevocationInvalid { problems } = &error {
        problem.insert("problems", problems.iter().map(Problem::to_value).collect::<Vec<_>>());
    }
    if let Some(scope) = needed.scope {
        problem.insert("scope", scope);
    }
    problem.insert("status", status);
    problem.insert("title", title);
    problem.insert("type", "about:blank");
    let (body, about) = (problem.to_string(), About::default());
    Response { status, headers, body, error: Some(error), ground: None, about, key_set_is_stale: false }
}

/// What another token would need to be let through, for whoever can get one.
const fn needed(error: &Error) -> Option<&Unmet> {
    match error {
        Error::ScopeMissing(unmet) | Error::AuthenticationInsufficient(unmet) => Some(unmet),
        _ => None,
    }
}

/// `WWW-Authenticate` (RFC 6750 section 3, RFC 9449 sections 7.1 and 7.2). Every value is fixed, or was checked to stand in a quoted
/// string as it is: the realm, the scopes, the contexts and the metadata's URL when the policy was loaded. Nothing of the request gets in.
///
/// The error stands in the challenge of the scheme that was used. Where the policy takes DPoP, who used Bearer is told so; who used DPoP
/// is not told of Bearer, by which a bound token never passes.
fn challenge(answer: Answer, error: &Error, policy: &Policy, scheme: Scheme) -> String {
    let error_part = answer
        .error()
        .map(|(code, description)| format!(", error=\"{code}\", error_description=\"{description}\""))
        .unwrap_or_default();
    let mut challenge = format!("{} realm=\"{}\"{error_part}", scheme.name(), policy.realm);
    let mut add = |name, value: &str| challenge.extend([", ", name, "=\"", value, "\""]);
    if let Some(Unmet { acr_values, max_age, scope, .. }) = needed(error) {
        if let Some(values) = acr_values {
            add("acr_values", values);
        }
        if let Some(seconds) = max_age {
            add("max_age", &seconds.to_string());
        }
        if let Some(scope) = scope {
            add("scope", scope);
        }
    }
    // RFC 9728 section 5.1.
    let metadata = policy.resource_metadata.as_ref();
    if let Some(metadata) = metadata {
        add("resource_metadata", metadata.url());
    }
    let Some(dpop) = &policy.dpop else {
        return challenge;
    };
    if scheme == Scheme::Bearer {
        challenge.extend([", DPoP realm=\"", &policy.realm, "\""]);
        if let Some(metadata) = metadata {
            challenge.extend([", resource_metadata=\"", metadata.url(), "\""]);
        }
    }
    challenge.extend([", algs=\"", dpop.algs(), "\""]);
    challenge
}
