//! The public side of every refusal (RFC 6750 section 3, RFC 9110 section 15, RFC 9457).

use edgeward::{
    Error,
    error::{ServerError, Unmet},
    resource_server::{
        Policy, Request,
        challenge::{Answer, refuse},
    },
};
use serde_json::{Value, json};

use crate::outside::{World, header, merged, policy, refused};

const INVALID_TOKEN: &str = concat!(
    r#"Bearer realm="edgeward test", error="invalid_token", "#,
    r#"error_description="The access token is malformed, revoked, or not one for this API""#
);
const EXPIRED: &str = concat!(
    r#"Bearer realm="edgeward test", error="invalid_token", "#,
    r#"error_description="The access token has expired""#
);
const INSUFFICIENT: &str = concat!(
    r#"Bearer realm="edgeward test", error="insufficient_scope", "#,
    r#"error_description="The access token does not carry the scope that this request needs", scope="a b""#
);
const NO_RIGHTS: &str = concat!(
    r#"Bearer realm="edgeward test", error="insufficient_scope", "#,
    r#"error_description="The request needs other rights than the access token has""#
);
const STEP_UP: &str = concat!(
    r#"Bearer realm="edgeward test", error="insufficient_user_authentication", "#,
    r#"error_description="The request needs another authentication of the user", acr_values="phr phrh", max_age="5", scope="a""#
);
const MALFORMED: &str = concat!(
    r#"Bearer realm="edgeward test", error="invalid_request", "#,
    r#"error_description="The request carries its token in a malformed way""#
);

fn unmet(scope: &str) -> Unmet {
    Unmet { demands: "any_of[0].scope".into(), scope: Some(scope.into()), ..Unmet::default() }
}

fn step_up() -> Error {
    let unmet = Unmet { acr_values: Some("phr phrh".into()), max_age: Some(5), ..unmet("a") };
    Error::AuthenticationInsufficient(Box::new(unmet))
}

const INVALID_PROOF: &str = concat!(
    r#"Bearer realm="edgeward test", error="invalid_dpop_proof", "#,
    r#"error_description="The DPoP proof is absent, malformed, or not one for this request""#
);

const USE_NONCE: &str = concat!(
    r#"Bearer realm="edgeward test", error="use_dpop_nonce", "#,
    r#"error_description="The DPoP proof has to carry the nonce of this answer""#
);

/// Every private reason with its public answer: status, challenge, further headers.
fn every_reason() -> Vec<(Error, u16, Option<&'static str>)> {
    let reason = "private reason";
    let (claim, parameter) = ("claim", "parameter");
    let answer = || Box::new(ServerError { error: "x".into(), error_description: None });
    let token = |error| (error, 401, Some(INVALID_TOKEN));
    let proof = |error| (error, 401, Some(INVALID_PROOF));
    let unjudged = |error| (error, 503, None);
    let misconfigured = |error| (error, 500, None);
    vec![
        (Error::CredentialsMissing, 401, Some(r#"Bearer realm="edgeward test""#)),
        (Error::CredentialsMalformed { reason }, 400, Some(MALFORMED)),
        (Error::TokenExpired, 401, Some(EXPIRED)),
        (Error::ScopeMissing(Box::new(unmet("a b"))), 403, Some(INSUFFICIENT)),
        (Error::RightsMissing(Box::new(unmet("a"))), 403, Some(NO_RIGHTS)),
        (step_up(), 401, Some(STEP_UP)),
        token(Error::TokenNotForRoute(Box::new(unmet("a")))),
        (Error::PathAmbiguous, 400, None),
        (Error::RouteUnknown, 404, None),
        (Error::MethodNotAllowed { allow: "GET".into() }, 405, None),
        (Error::RevocationInvalid { problems: Vec::new() }, 400, None),
        (Error::RevocationUnknown, 404, None),
        (Error::SubjectTokenRefused { error: "invalid_target" }, 403, None),
        (Error::DenyListFull, 507, None),
        (Error::UpstreamUnavailable, 502, None),
        (Error::UpstreamTimeout, 504, None),
        unjudged(Error::KeySetUnavailable { retry_after_seconds: 5 }),
        unjudged(Error::KeyNotYetKnown { retry_after_seconds: 5 }),
        unjudged(Error::IntrospectionUnavailable { retry_after_seconds: 5 }),
        unjudged(Error::KeySetMalformed { reason }),
        unjudged(Error::MetadataInvalid { parameter }),
        token(Error::TokenTooLarge),
        token(Error::TokenMalformed { reason }),
        token(Error::HeaderInvalid { parameter }),
        token(Error::CriticalHeaderUnsupported),
        token(Error::AlgorithmNotAllowed),
        token(Error::KeyUnusable { reason }),
        token(Error::KeyUnknown),
        token(Error::KeyAmbiguous),
        token(Error::SignatureInvalid),
        token(Error::ClaimMissing { claim }),
        token(Error::ClaimInvalid { claim }),
        token(Error::TypeMismatch),
        token(Error::IssuerUnknown),
        token(Error::AudienceMismatch),
        token(Error::TokenNotYetValid),
        token(Error::TokenIssuedInFuture),
        token(Error::TokenTooOld),
        token(Error::ClaimConditionUnmet { claim: "a.b".into() }),
        token(Error::TenantMismatch),
        token(Error::NonceForbidden),
        token(Error::ProofOfPossessionMissing),
        token(Error::AuthenticationTooOld),
        token(Error::AuthenticationContextMismatch),
        token(Error::HashMismatch { claim }),
        token(Error::ProofKeyMismatch),
        token(Error::TokenUnbound),
        token(Error::CertificateMismatch),
        token(Error::CertificateUntrusted),
        proof(Error::ProofMissing),
        proof(Error::ProofInvalid { reason }),
        proof(Error::ProofRequestMismatch { claim }),
        proof(Error::ProofTokenMismatch),
        proof(Error::ProofTooOld),
        (Error::ProofNonceMismatch, 401, Some(USE_NONCE)),
        proof(Error::ProofReplayed),
        unjudged(Error::ProofMemoryUnavailable),
        token(Error::NonceMismatch),
        token(Error::AuthorizedPartyMismatch),
        token(Error::TokenInactive),
        token(Error::TokenRevoked),
        unjudged(Error::DenyListUnavailable { retry_after_seconds: 5 }),
        unjudged(Error::UpstreamTokenUnavailable { retry_after_seconds: 5 }),
        unjudged(Error::UpstreamTokenInvalid { parameter, retry_after_seconds: 5 }),
        unjudged(Error::UpstreamTokenRefused { error: "invalid_client", retry_after_seconds: 5 }),
        token(Error::SubjectTokenInvalid),
        misconfigured(Error::PolicyInvalid { problems: Vec::new() }),
        misconfigured(Error::ConfigInvalid { problems: Vec::new() }),
        misconfigured(Error::RandomnessInvalid),
        misconfigured(Error::CallbackMalformed { reason }),
        misconfigured(Error::ImplicitResponseRefused),
        misconfigured(Error::TransactionUnknown),
        misconfigured(Error::StateMismatch),
        misconfigured(Error::CallbackIssuerMismatch),
        misconfigured(Error::AuthorizationRefused(answer())),
        misconfigured(Error::TokenResponseInvalid { parameter }),
        misconfigured(Error::PushedRequestRefused(answer())),
        misconfigured(Error::PushedResponseInvalid { parameter }),
        misconfigured(Error::SessionMismatch { claim }),
        misconfigured(Error::SessionUnknown),
        misconfigured(Error::TokenRequestRefused(answer())),
    ]
}

fn parsed(policy: &Value) -> Policy {
    Policy::parse(&policy.to_string()).unwrap()
}

/// RFC 6750 section 3.1: each private reason has exactly one public answer, and the challenge's text is exact.
#[test]
fn every_reason_has_its_public_answer() {
    assert_eq!(every_reason().len(), Error::TABLE.len(), "none is left out");
    let policy = parsed(&policy());
    for (error, status, challenge) in every_reason() {
        let code = error.code();
        assert_eq!(Answer::to(&error).status().0, status, "{code}");
        let response = refuse(error, &policy);
        assert_eq!(response.status, status, "{code}");
        assert_eq!(header(&response.headers, "www-authenticate"), challenge, "{code}");
        assert_eq!(header(&response.headers, "content-type"), Some("application/problem+json"), "{code}");
        assert_eq!(header(&response.headers, "cache-control"), Some("no-store"), "{code}");
        assert_eq!(header(&response.headers, "retry-after"), (status == 503).then_some("5"), "{code}");
        assert_eq!(header(&response.headers, "allow"), (status == 405).then_some("GET"), "{code}");
        assert_eq!(response.error.map(|error| error.code()), Some(code));
    }
}

/// RFC 9457 section 3.1: status and title agree with the HTTP status; `error` and `error_description` with the challenge.
#[test]
fn the_body_is_a_problem_document_that_agrees_with_the_headers() {
    let policy = parsed(&policy());
    for (error, status, challenge) in every_reason() {
        let code = error.code();
        let response = refuse(error, &policy);
        let body: Value = serde_json::from_str(&response.body).unwrap();
        assert_eq!(body["type"], "about:blank", "{code}");
        assert_eq!(body["status"], status, "{code}");
        assert!(body["title"].is_string(), "{code}");
        for member in ["error", "error_description", "acr_values", "max_age", "scope"] {
            let in_challenge = challenge.and_then(|text| {
                let (_, rest) = text.split_once(&format!(" {member}=\""))?;
                rest.split_once('"').map(|(value, _)| value)
            });
            let in_body = body.get(member).map(|value| value.as_str().map_or_else(|| value.to_string(), Into::into));
            assert_eq!(in_body.as_deref(), in_challenge, "{code} {member}");
        }
    }
}

/// The private reason is told to nobody, unless the operator switched it on.
#[test]
fn the_private_reason_is_shown_only_with_explain() {
    let quiet = parsed(&policy());
    let explaining = parsed(&merged(policy(), json!({ "explain": true })));
    for (error, _, _) in every_reason() {
        let (code, detail) = (error.code(), error.to_string());
        let body: Value = serde_json::from_str(&refuse(error.clone(), &quiet).body).unwrap();
        assert_eq!((body.get("code"), body.get("detail")), (None, None), "{code}");
        let body: Value = serde_json::from_str(&refuse(error, &explaining).body).unwrap();
        assert_eq!((body["code"].as_str(), body["detail"].as_str()), (Some(code), Some(detail.as_str())));
    }
}

/// Attack 36: whatever the request holds, a header of the answer has no control character and only ASCII.
#[test]
fn nothing_of_the_request_gets_into_a_header() {
    let hostile = "\r\nSet-Cookie: a=b\r\n\"\\\0\u{e9}";
    let bearer = format!("Bearer {hostile}");
    let path = format!("/{hostile}");
    let cors = json!({ "origins": ["https://app.example"] });
    let mut world = World::new(&merged(policy(), json!({ "cors": cors, "explain": true })));
    let plain = Request { method: "GET", path: "/data", ..Request::default() };
    let preflight = Request { method: "OPTIONS", origin: Some("https://app.example"), ..plain };
    for request in [
        Request { method: hostile, ..plain },
        Request { path: &path, ..plain },
        Request { query: Some(hostile), ..plain },
        Request { authorization: Some(hostile), ..plain },
        Request { authorization: Some(&bearer), ..plain },
        Request { origin: Some(hostile), ..plain },
        Request { access_control_request_method: Some(hostile), ..preflight },
        Request { path: "/me", access_control_request_method: Some(hostile), ..preflight },
    ] {
        let response = refused(world.call(&request));
        for (name, value) in &response.headers {
            assert!(value.bytes().all(|byte| matches!(byte, 0x20..=0x7e)), "{name}: {value:?} for {request:?}");
            assert!(!value.contains("Set-Cookie"), "{name}: {value:?}");
        }
        assert!(!response.body.contains("Set-Cookie"), "{}", response.body);
    }
}

/// RFC 9110 section 15.6.3: the answer where the origin can't be reached after a request was let through.
#[test]
fn an_origin_that_cannot_be_reached_is_a_bad_gateway() {
    let response = World::new(&policy()).gate.upstream_failed();
    assert_eq!(response.status, 502);
    assert_eq!(response.body, r#"{"status":502,"title":"Bad Gateway","type":"about:blank"}"#);
    assert_eq!(header(&response.headers, "www-authenticate"), None);
    let response = World::new(&policy()).gate.upstream_timed_out();
    assert_eq!(response.body, r#"{"status":504,"title":"Gateway Timeout","type":"about:blank"}"#);
}
