//! Error codes and sentences.

use std::collections::BTreeSet;

use edgeward::{Error, error::Problem, error::ServerError};

fn all() -> Vec<Error> {
    let answer = || ServerError { error: "access_denied".into(), error_description: None };
    let problems = || vec![Problem { path: "issuers[0]".into(), problem: "is wrong".into() }];
    vec![
        Error::TokenTooLarge,
        Error::TokenMalformed { reason: "r" },
        Error::HeaderInvalid { parameter: "alg" },
        Error::CriticalHeaderUnsupported,
        Error::AlgorithmNotAllowed,
        Error::KeySetMalformed { reason: "r" },
        Error::KeyUnusable { reason: "r" },
        Error::KeyUnknown,
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
        Error::NonceMismatch,
        Error::ProofOfPossessionMissing,
        Error::AuthorizedPartyMismatch,
        Error::CredentialsMissing,
        Error::CredentialsMalformed { reason: "r" },
        Error::PathAmbiguous,
        Error::RouteUnknown,
        Error::MethodNotAllowed { allow: "GET".into() },
        Error::ScopeMissing { scope: "a".into() },
        Error::TokenInactive,
        Error::KeySetUnavailable,
        Error::IntrospectionUnavailable,
        Error::UpstreamUnavailable,
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

/// The table that documents and TypeScript are made from has exactly the errors there are.
#[test]
fn the_table_of_errors_is_whole() {
    let codes = |errors: &[Error]| errors.iter().map(Error::code).collect::<BTreeSet<_>>();
    assert_eq!(codes(&all()), Error::TABLE.iter().map(|row| row.code).collect());
    for error in all() {
        let row = Error::TABLE.iter().find(|row| row.code == error.code()).unwrap();
        assert_eq!((error.reason(), error.reference()), (row.reason, row.reference), "{}", row.code);
        assert!(!row.reference.is_empty(), "{}", row.code);
        if !row.subject.is_empty() {
            assert_eq!(error.subject(), Some(row.subject), "{}", row.code);
        }
    }
}

#[test]
fn an_error_about_a_claim_names_it() {
    for error in all() {
        match &error {
            Error::ClaimMissing { .. } | Error::ClaimInvalid { .. } => assert_eq!(error.subject(), Some("sub")),
            Error::ClaimConditionUnmet { claim } => assert_eq!(error.subject(), Some(claim.as_str())),
            Error::HashMismatch { .. } => assert_eq!(error.subject(), Some("at_hash")),
            Error::ProofRequestMismatch { .. } => assert_eq!(error.subject(), Some("htu")),
            Error::HeaderInvalid { .. } => assert_eq!(error.subject(), Some("alg")),
            Error::MetadataInvalid { .. } => assert_eq!(error.subject(), Some("issuer")),
            Error::TokenResponseInvalid { .. } => assert_eq!(error.subject(), Some("token_type")),
            _ => {}
        }
    }
}

#[test]
fn problems_are_listed_with_their_places() {
    let problem = |path: &str| Problem { path: path.into(), problem: "is wrong".into() };
    let error = Error::PolicyInvalid { problems: vec![problem("issuers[0]"), problem("routes[3].path")] };
    assert_eq!(error.to_string(), "the policy is not valid: issuers[0]: is wrong; routes[3].path: is wrong");
}
