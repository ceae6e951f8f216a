//! Logout tokens (OIDC Back-Channel Logout 1.0 sections 2.4 and 2.6).

use edgeward::{Error, jwt::Rules};
use serde_json::{Value, json};

use crate::tokens::{CLIENT_ID, ISSUER, LOGOUT_EVENT, NOW, judge, judge_at, logout_claims, with};

fn rules() -> Rules {
    Rules::logout_token(CLIENT_ID).issuer(ISSUER).clock_tolerance_seconds(30).build().unwrap()
}

fn check(claims: &Value) -> Result<(), Error> {
    judge(Some("logout+jwt"), claims, &rules()).map(|_| ())
}

fn claimed(claim: &str, value: Value) -> Value {
    with(logout_claims(), claim, Some(value))
}

/// Section 2.4 recommends the explicit type; providers that predate it send "JWT" or none.
#[test]
fn a_good_logout_token_passes_with_each_of_its_types() {
    for typ in [Some("logout+jwt"), Some("application/logout+jwt"), Some("LOGOUT+JWT"), Some("JWT"), None] {
        assert_eq!(judge(typ, &logout_claims(), &rules()).map(|_| ()), Ok(()), "{typ:?}");
    }
    for typ in ["at+jwt", "secevent+jwt", "dpop+jwt", "", "logout", "logout+jwt "] {
        assert_eq!(judge(Some(typ), &logout_claims(), &rules()).unwrap_err(), Error::TypeMismatch, "{typ}");
    }
}

#[test]
fn its_required_claims_must_be_there() {
    for claim in ["iss", "aud", "iat", "exp", "jti", "events"] {
        assert_eq!(check(&with(logout_claims(), claim, None)), Err(Error::ClaimMissing { claim }), "{claim}");
        assert_eq!(check(&claimed(claim, Value::Null)), Err(Error::ClaimInvalid { claim }), "{claim}");
    }
}

/// Section 2.4: `events` holds the logout event, whose value is an object.
#[test]
fn the_logout_event_must_be_among_the_events() {
    for events in [
        json!({LOGOUT_EVENT: {}}),
        json!({LOGOUT_EVENT: {"more": 1}}),
        json!({LOGOUT_EVENT: {}, "https://other.example/event": {}}),
    ] {
        assert_eq!(check(&claimed("events", events)), Ok(()));
    }
    for events in [
        json!({}),
        json!([]),
        json!([LOGOUT_EVENT]),
        json!(LOGOUT_EVENT),
        json!(1),
        json!({LOGOUT_EVENT: null}),
        json!({LOGOUT_EVENT: true}),
        json!({LOGOUT_EVENT: []}),
        json!({LOGOUT_EVENT: "{}"}),
        json!({"http://schemas.openid.net/event/backchannel-logout/": {}}),
        json!({"https://schemas.openid.net/event/backchannel-logout": {}}),
        json!({"http://schemas.openid.net/event/Backchannel-Logout": {}}),
        json!({"nested": {LOGOUT_EVENT: {}}}),
    ] {
        assert_eq!(check(&claimed("events", events.clone())), Err(Error::ClaimInvalid { claim: "events" }), "{events}");
    }
}

/// Section 2.4: a `nonce` is prohibited in any form, so that no logout token is taken for an ID token.
#[test]
fn a_nonce_is_forbidden() {
    for nonce in ["n", ""] {
        assert_eq!(check(&claimed("nonce", json!(nonce))), Err(Error::NonceForbidden), "{nonce:?}");
    }
    for nonce in [json!(null), json!(1), json!([])] {
        assert_eq!(check(&claimed("nonce", nonce)), Err(Error::ClaimInvalid { claim: "nonce" }));
    }
}

/// Section 2.6 step 5: `sub`, `sid` or both.
#[test]
fn a_subject_or_a_session_is_named() {
    let without = |claims: &[&str]| claims.iter().fold(logout_claims(), |all, claim| with(all, claim, None));
    assert_eq!(check(&without(&["sub"])), Ok(()));
    assert_eq!(check(&without(&["sid"])), Ok(()));
    assert_eq!(check(&without(&["sub", "sid"])), Err(Error::ClaimMissing { claim: "sid" }));
    for claim in ["sub", "sid"] {
        for value in [json!(1), json!(null), json!(["s"]), json!({})] {
            assert_eq!(check(&claimed(claim, value)), Err(Error::ClaimInvalid { claim }), "{claim}");
        }
    }
}

/// Section 2.6 steps 3 and 4: issuer, audience and times as of an ID token.
#[test]
fn the_common_rules_hold() {
    for (claim, value, error) in [
        ("iss", json!("https://evil.example"), Error::IssuerUnknown),
        ("aud", json!("other"), Error::AudienceMismatch),
        ("aud", json!([]), Error::AudienceMismatch),
        ("iat", json!(NOW + 31), Error::TokenIssuedInFuture),
        ("exp", json!(NOW - 30), Error::TokenExpired),
        ("exp", json!("never"), Error::ClaimInvalid { claim: "exp" }),
        ("jti", json!(1), Error::ClaimInvalid { claim: "jti" }),
    ] {
        assert_eq!(check(&claimed(claim, value.clone())), Err(error), "{claim}: {value}");
    }
    assert!(check(&claimed("aud", json!(["other", CLIENT_ID]))).is_ok());
}

/// Section 2.4 asks for lives of two minutes at most; who wants that held says so.
#[test]
fn the_age_of_a_logout_token_can_be_bounded() {
    let rules = Rules::logout_token(CLIENT_ID).issuer(ISSUER).clock_tolerance_seconds(0).max_age_seconds(60);
    let rules = rules.build().unwrap();
    assert!(judge_at(None, &logout_claims(), &rules, NOW + 50).is_ok());
    assert_eq!(judge_at(None, &logout_claims(), &rules, NOW + 51).unwrap_err(), Error::TokenTooOld);
}

/// What it names can be read: whom and which session to end, and by what to know it again (section 2.6 step 6).
#[test]
fn it_tells_whom_to_log_out() {
    let token = judge(None, &logout_claims(), &rules()).unwrap();
    assert_eq!((token.subject(), token.jti()), (Some("ada"), Some("1")));
    assert_eq!(token.claims().string("sid"), Ok(Some("s1")));
}
