//! The rules that are the same for every kind of token (RFC 7519 section 4.1, RFC 9068 section 2.2).

use edgeward::{Error, jose::algorithm::ES256, jwt::Rules, jwt::ValidatedToken};
use serde_json::{Value, json};

use crate::tokens::{AUDIENCE, ISSUER, NOW, access_claims, access_rules, judge, judge_with_key, named, with};

fn check(claims: &Value) -> Result<ValidatedToken, Error> {
    let rules = named(Rules::access_token()).audience("https://api2.example").build().unwrap();
    judge(Some("at+jwt"), claims, &rules)
}

fn claimed(claim: &str, value: Value) -> Value {
    with(access_claims(), claim, Some(value))
}

/// Attack class 11: what is signed may still be no claims set.
#[test]
fn a_signed_payload_that_is_no_strict_object_is_refused() {
    for payload in
        ["", "null", "[]", "\"ada\"", r#"{"sub":"a","sub":"b"}"#, r#"{"exp":1e400}"#, "{}}", "\u{feff}{}", " "]
    {
        let verdict = judge_with_key(&ES256, Some("at+jwt"), payload, &json!({}), &access_rules(), NOW);
        assert!(matches!(verdict, Err(Error::TokenMalformed { .. })), "{payload}");
    }
}

/// RFC 7519 section 4.1.1: compared exactly, and a string.
#[test]
fn another_issuer_is_refused() {
    for issuer in
        ["https://issuer.example/", "https://Issuer.example", "http://issuer.example", "https://evil.example", ""]
    {
        assert_eq!(check(&claimed("iss", json!(issuer))).unwrap_err(), Error::IssuerUnknown, "{issuer:?}");
    }
    for issuer in [json!(null), json!(1), json!([ISSUER]), json!({})] {
        assert_eq!(check(&claimed("iss", issuer)).unwrap_err(), Error::ClaimInvalid { claim: "iss" });
    }
    assert_eq!(check(&with(access_claims(), "iss", None)).unwrap_err(), Error::ClaimMissing { claim: "iss" });
}

/// RFC 7519 section 4.1.3: any of the expected audiences, each compared exactly.
#[test]
fn a_token_for_another_audience_is_refused() {
    for audience in [json!(AUDIENCE), json!(["x", AUDIENCE]), json!(["https://api2.example"])] {
        check(&claimed("aud", audience)).unwrap();
    }
    for audience in [json!("https://evil.example"), json!(""), json!([]), json!([""]), json!(format!("{AUDIENCE}/"))] {
        assert_eq!(check(&claimed("aud", audience.clone())).unwrap_err(), Error::AudienceMismatch, "{audience}");
    }
    for audience in [json!(null), json!(1), json!({}), json!([1]), json!([AUDIENCE, 1]), json!([[AUDIENCE]])] {
        assert_eq!(
            check(&claimed("aud", audience.clone())).unwrap_err(),
            Error::ClaimInvalid { claim: "aud" },
            "{audience}"
        );
    }
    assert_eq!(check(&with(access_claims(), "aud", None)).unwrap_err(), Error::ClaimMissing { claim: "aud" });
}

/// RFC 9068 section 2.2, and null is no value.
#[test]
fn an_access_token_has_all_its_required_claims() {
    for claim in ["iss", "aud", "exp", "sub", "client_id", "iat", "jti"] {
        assert_eq!(check(&with(access_claims(), claim, None)).unwrap_err(), Error::ClaimMissing { claim });
        assert_eq!(check(&claimed(claim, json!(null))).unwrap_err(), Error::ClaimInvalid { claim });
    }
}

/// The claims the crate hands out as text are text, of whatever profile.
#[test]
fn a_registered_claim_of_another_type_is_refused() {
    let any = named(Rules::any_type()).build().unwrap();
    for claim in ["sub", "client_id", "azp", "jti", "nonce", "sid"] {
        for value in [json!(1), json!(["x"]), json!({}), json!(true), json!(null)] {
            let verdict = judge(None, &claimed(claim, value.clone()), &any);
            assert_eq!(verdict.unwrap_err(), Error::ClaimInvalid { claim }, "{claim}: {value}");
        }
    }
    for scope in [json!(1), json!(null), json!(["read"]), json!("a\"b")] {
        assert_eq!(check(&claimed("scope", scope)).unwrap_err(), Error::ClaimInvalid { claim: "scope" });
    }
    assert!(check(&with(access_claims(), "scope", None)).unwrap().scope().is_empty());
}

/// Claims nobody knows are no fault (RFC 7519 section 4).
#[test]
fn unknown_claims_are_ignored() {
    check(&claimed("https://vendor.example/x", json!({"deep": [1, {"a": null}]}))).unwrap();
}
