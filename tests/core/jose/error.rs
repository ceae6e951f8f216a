//! Error codes and sentences.

use std::collections::BTreeSet;

use edgeward::{
    Error,
    error::{Problem, ServerError, Unmet},
};

/// One of each.
pub(crate) fn all() -> Vec<Error> {
    let answer = || Box::new(ServerError { error: "access_denied".into(), error_description: None });
    let problems = || vec![Problem { path: "issuers[0]".into(), problem: "is wrong".into() }];
    let unmet = || Box::new(Unmet { demands: "scope".into(), ..Unmet::default() });
    vec![
        Error::TokenTooLarge,
        Error::TokenMalformed { reason: "r" },
        Error::HeaderInvalid { parameter: "alg" },
        Error::CriticalHeaderUnsupported,
        Error::AlgorithmNotAllowed,
        Error::KeySetMalformed { reason: "r" },
        Error::KeyUnusable { reason: "r" },
        Error::KeyUnknown,
        Error::KeyNotYetKnown { retry_after_seconds: 7 },
        Error::KeyAmbiguous,
        Error::SignatureInvalid,
        Error::ClaimMissing { claim: "sub" },
        Error::ClaimInvalid { claim: "sub" },
        Error::TypeMismatch,
        Error::IssuerUnknown,
        Error::AudienceMismatch,
        Error::TokenExpired,
        Error::TokenNotYetValid,
        Error::TokenIssuedInFuture,
        Error::TokenTooOld,
        Error::ClaimConditionUnmet { claim: "realm_access.roles".into() },
        Error::TenantMismatch,
        Error::NonceForbidden,
        Error::AuthenticationTooOld,
        Error::AuthenticationContextMismatch,
        Error::HashMismatch { claim: "at_hash" },
        Error::ProofRequestMismatch { claim: "htu" },
        Error::ProofTokenMismatch,
        Error::ProofKeyMismatch,
        Error::ProofTooOld,
        Error::ProofNonceMismatch,
        Error::ProofReplayed,
        Error::TokenUnbound,
        Error::CertificateMismatch,
        Error::CertificateUntrusted,
        Error::ProofMissing,
        Error::ProofMemoryUnavailable,
        Error::ProofInvalid { reason: "x" },
        Error::NonceMismatch,
        Error::ProofOfPossessionMissing,
        Error::AuthorizedPartyMismatch,
        Error::CredentialsMissing,
        Error::CredentialsMalformed { reason: "r" },
        Error::PathAmbiguous,
        Error::RouteUnknown,
        Error::MethodNotAllowed { allow: "GET".into() },
        Error::ScopeMissing(unmet()),
        Error::TokenNotForRoute(unmet()),
        Error::RightsMissing(unmet()),
        Error::AuthenticationInsufficient(unmet()),
        Error::TokenInactive,
        Error::TokenRevoked,
        Error::DenyListUnavailable { retry_after_seconds: 2 },
        Error::DenyListFull,
        Error::RevocationUnknown,
        Error::RevocationInvalid { problems: problems() },
        Error::KeySetUnavailable { retry_after_seconds: 7 },
        Error::IntrospectionUnavailable { retry_after_seconds: 5 },
        Error::UpstreamTokenUnavailable { retry_after_seconds: 5 },
        Error::UpstreamTokenInvalid { parameter: "token_type", retry_after_seconds: 5 },
        Error::UpstreamTokenRefused { error: "invalid_client", retry_after_seconds: 5 },
        Error::SubjectTokenInvalid,
        Error::SubjectTokenRefused { error: "invalid_target" },
        Error::UpstreamUnavailable,
        Error::UpstreamTimeout,
        Error::PolicyInvalid { problems: problems() },
        Error::ConfigInvalid { problems: problems() },
        Error::MetadataInvalid { parameter: "issuer" },
        Error::RandomnessInvalid,
        Error::CallbackMalformed { reason: "r" },
        Error::ImplicitResponseRefused,
        Error::TransactionUnknown,
        Error::StateMismatch,
        Error::CallbackIssuerMismatch,
        Error::AuthorizationRefused(answer()),
        Error::TokenResponseInvalid { parameter: "token_type" },
        Error::PushedRequestRefused(answer()),
        Error::PushedResponseInvalid { parameter: "request_uri" },
        Error::SessionMismatch { claim: "sub" },
        Error::SessionUnknown,
        Error::TokenRequestRefused(answer()),
    ]
}

#[test]
fn codes_are_distinct_snake_case_words_and_each_error_has_a_sentence() {
    let errors = all();
    let codes: BTreeSet<_> = errors.iter().map(Error::code).collect();
    assert_eq!(codes.len(), errors.len());
    for error in errors {
        assert!(error.code().bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_'), "{}", error.code());
        assert!(error.to_string().len() > 15, "{}: {error}", error.code());
    }
}

/// The table is what the documents are made from, so nothing may be in the one and not in the other.
#[test]
fn the_table_has_every_error_once_with_its_reason_and_reference() {
    let errors = all();
    let codes: BTreeSet<_> = errors.iter().map(Error::code).collect();
    let table: BTreeSet<_> = Error::TABLE.iter().map(|row| row.code).collect();
    assert_eq!((codes, Error::TABLE.len()), (table, errors.len()));
    for error in errors {
        let row = Error::TABLE.iter().find(|row| row.code == error.code()).unwrap();
        assert_eq!((row.reason, row.reference), (error.reason(), error.reference()), "{}", row.code);
        assert!(
            ["RFC ", "OIDC ", "README", "docs/policy.md"].iter().any(|start| row.reference.starts_with(start)),
            "{}",
            row.reference
        );
        assert!(row.subject.is_empty() || error.subject() == Some(row.subject), "{}", row.code);
        assert!(!error.reason().name().is_empty());
    }
}

/// The claim or parameter concerned is told, wherever it is one.
#[test]
fn an_error_names_its_subject() {
    for (error, subject) in [
        (Error::ClaimMissing { claim: "sub" }, Some("sub")),
        (Error::HeaderInvalid { parameter: "kid" }, Some("kid")),
        (Error::HashMismatch { claim: "c_hash" }, Some("c_hash")),
        (Error::ClaimConditionUnmet { claim: "a.b".into() }, Some("a.b")),
        (Error::AudienceMismatch, Some("aud")),
        (Error::TokenExpired, Some("exp")),
        (Error::SignatureInvalid, None),
    ] {
        assert_eq!(error.subject(), subject, "{}", error.code());
    }
}

#[test]
fn problems_are_listed_with_their_places() {
    let problem = |path: &str| Problem { path: path.into(), problem: "is wrong".into() };
    let error = Error::PolicyInvalid { problems: vec![problem("issuers[0]"), problem("routes[3].path")] };
    assert_eq!(error.to_string(), "the policy is not valid: issuers[0]: is wrong; routes[3].path: is wrong");
}
