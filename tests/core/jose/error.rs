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

#[test]
fn problems_are_listed_with_their_places() {
    let problem = |path: &str| Problem { path: path.into(), problem: "is wrong".into() };
    let error = Error::PolicyInvalid { problems: vec![problem("issuers[0]"), problem("routes[3].path")] };
    assert_eq!(error.to_string(), "the policy is not valid: issuers[0]: is wrong; routes[3].path: is wrong");
}
