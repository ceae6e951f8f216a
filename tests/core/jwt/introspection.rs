//! Introspection answers read by themselves (RFC 7662 section 2.2). What the gate makes of them is in the resource server's tests.

use edgeward::{
    Error, UnixTime,
    jwt::{Rules, RulesBuilder, ValidatedToken, read_introspection},
    limits,
};
use serde_json::{Value, json};

use crate::tokens::{AUDIENCE, CLIENT_ID, ISSUER, NOW, access_claims, id_claims, logout_claims, named, with};

fn rules() -> Rules {
    named(Rules::introspection()).clock_tolerance_seconds(30).build().unwrap()
}

fn read(text: &str, rules: &Rules) -> Result<ValidatedToken, Error> {
    read_introspection(text, rules, UnixTime::from_seconds(NOW))
}

fn answer() -> Value {
    with(access_claims(), "active", Some(json!(true)))
}

fn check(claim: &str, value: Option<Value>) -> Result<(), Error> {
    read(&with(answer(), claim, value).to_string(), &rules()).map(|_| ())
}

#[test]
fn an_active_token_tells_what_it_grants() {
    let token = read(&answer().to_string(), &rules()).unwrap();
    assert_eq!((token.issuer(), token.subject(), token.client_id()), (Some(ISSUER), Some("ada"), Some(CLIENT_ID)));
    assert_eq!(token.scope().to_string(), "read write");
    assert_eq!(token.expires_at().unwrap().as_seconds(), NOW + 300);
}

/// Attack class 48: only the boolean true. False is a verdict, anything else no answer at all.
#[test]
fn active_must_be_the_boolean_true() {
    assert_eq!(check("active", Some(json!(false))), Err(Error::TokenInactive));
    assert_eq!(read(r#"{"active":false}"#, &rules()).unwrap_err(), Error::TokenInactive);
    for active in [json!("true"), json!(1), json!(null), json!([true]), json!({}), json!("")] {
        assert_eq!(check("active", Some(active.clone())), Err(Error::INTROSPECTION_UNAVAILABLE), "{active}");
    }
    assert_eq!(check("active", None), Err(Error::INTROSPECTION_UNAVAILABLE));
}

#[test]
fn what_is_no_strict_object_within_the_bound_is_no_answer() {
    let good = answer().to_string();
    let padded = |length: usize| format!("{good}{}", " ".repeat(length - good.len()));
    assert!(read(&padded(limits::MAX_INTROSPECTION_BYTES), &rules()).is_ok());
    let rows = [
        padded(limits::MAX_INTROSPECTION_BYTES + 1),
        String::new(),
        "[]".into(),
        "null".into(),
        "true".into(),
        format!("{good}x"),
        format!("\u{feff}{good}"),
        good.replacen('{', r#"{"active":true,"#, 1),
        good.replacen('{', r#"{"sub":"root","#, 1),
        good.replacen('{', r#"{"\u0073ub":"root","#, 1),
        good.replacen('{', &format!(r#"{{"x":{}{},"#, "[".repeat(20), "]".repeat(20)), 1),
        good.replacen('{', r#"{"exp":1e400,"#, 1),
    ];
    for text in rows {
        assert_eq!(read(&text, &rules()).unwrap_err(), Error::INTROSPECTION_UNAVAILABLE, "{text:.60}");
    }
}

/// RFC 7662 section 4: the resource server checks what the answer says as it would a JWT's claims.
#[test]
fn what_the_answer_says_must_hold() {
    for (claim, value, error) in [
        ("aud", None, Error::ClaimMissing { claim: "aud" }),
        ("aud", Some(json!("https://other.example")), Error::AudienceMismatch),
        ("iss", Some(json!("https://issuer.example/")), Error::IssuerUnknown),
        ("iss", Some(json!([ISSUER])), Error::ClaimInvalid { claim: "iss" }),
        ("exp", None, Error::ClaimMissing { claim: "exp" }),
        ("exp", Some(json!(NOW - 30)), Error::TokenExpired),
        ("nbf", Some(json!(NOW + 31)), Error::TokenNotYetValid),
        ("iat", Some(json!(NOW + 31)), Error::TokenIssuedInFuture),
        ("sub", Some(json!(1)), Error::ClaimInvalid { claim: "sub" }),
        ("client_id", Some(json!(["app"])), Error::ClaimInvalid { claim: "client_id" }),
        ("scope", Some(json!(["read"])), Error::ClaimInvalid { claim: "scope" }),
        ("token_type", Some(json!("refresh_token")), Error::TypeMismatch),
        ("token_type", Some(json!("DPoP")), Error::TypeMismatch),
        ("token_type", Some(json!("")), Error::TypeMismatch),
        ("token_type", Some(json!("N_A")), Error::TypeMismatch),
        ("token_type", Some(json!(null)), Error::ClaimInvalid { claim: "token_type" }),
        ("cnf", Some(json!({"jkt": "x"})), Error::ProofOfPossessionMissing),
        ("cnf", Some(json!(null)), Error::ProofOfPossessionMissing),
    ] {
        assert_eq!(check(claim, value.clone()), Err(error), "{claim}: {value:?}");
    }
    assert_eq!(check("iss", None), Ok(()), "RFC 7662 makes it optional");
    for kind in ["Bearer", "bearer", "BEARER"] {
        assert_eq!(check("token_type", Some(json!(kind))), Ok(()));
    }
}

/// Rules may ask more, and less by name.
#[test]
fn conditions_ages_and_openness_apply() {
    let holds = |builder: RulesBuilder, text: &Value| read(&text.to_string(), &builder.build().unwrap()).map(|_| ());
    let base = || named(Rules::introspection());
    let verdict = holds(base().require_claim("username"), &answer());
    assert_eq!(verdict, Err(Error::ClaimConditionUnmet { claim: "username".into() }));
    assert_eq!(holds(base().require_claim("username"), &with(answer(), "username", Some(json!("a")))), Ok(()));
    assert_eq!(
        holds(base().max_age_seconds(60), &with(answer(), "iat", None)),
        Err(Error::ClaimMissing { claim: "iat" })
    );
    assert_eq!(holds(base().without_expiry_required(), &with(answer(), "exp", None)), Ok(()));
    let least = json!({"active": true});
    assert_eq!(holds(Rules::introspection().any_issuer().any_audience().without_expiry_required(), &least), Ok(()));
    assert!(holds(Rules::introspection().any_issuer().audience(AUDIENCE), &least).is_err());
}

/// Attack class 23: an answer that nobody signed passes for no signed token. What an ID or logout token has to say besides would
/// not have been looked at, the nonce for one.
#[test]
fn an_answer_passes_under_no_other_kinds_rules() {
    let as_answer = |claims: Value| with(claims, "active", Some(json!(true))).to_string();
    let rows = [
        (named(Rules::access_token()), as_answer(access_claims())),
        (named(Rules::legacy_access_token()), as_answer(access_claims())),
        (Rules::id_token(CLIENT_ID).issuer(ISSUER).nonce("n"), as_answer(id_claims())),
        (Rules::logout_token(CLIENT_ID).issuer(ISSUER), as_answer(logout_claims())),
        (named(Rules::typed("at+jwt")), as_answer(access_claims())),
        (named(Rules::any_type()), as_answer(access_claims())),
    ];
    for (builder, text) in rows {
        let rules = builder.build().unwrap();
        assert_eq!(read(&text, &rules).unwrap_err(), Error::TypeMismatch, "{:?}", rules.profile());
    }
}
