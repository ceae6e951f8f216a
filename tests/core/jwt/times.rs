//! `exp`, `nbf`, `iat` and ages (RFC 7519 sections 4.1.4 to 4.1.6).

use edgeward::{
    Error,
    jwt::{Rules, RulesBuilder},
};
use serde_json::{Value, json};

use crate::tokens::{NOW, access_claims, judge_at, named, with};

const TOLERANCE: u64 = 30;

fn at(builder: RulesBuilder, claims: &Value, now: u64) -> Result<(), Error> {
    judge_at(Some("at+jwt"), claims, &named(builder).build().unwrap(), now).map(|_| ())
}

fn tolerant() -> RulesBuilder {
    Rules::access_token().clock_tolerance_seconds(TOLERANCE)
}

fn claimed(claim: &str, value: Value) -> Value {
    with(access_claims(), claim, Some(value))
}

/// Attack class 19: at `exp` itself the token is no longer good; the tolerance moves that moment, and ends.
#[test]
fn the_edges_of_exp_nbf_and_iat_are_exact() {
    for tolerance in [0, 1, 30, 300] {
        let rules = || Rules::access_token().clock_tolerance_seconds(tolerance);
        let token = claimed("nbf", json!(NOW));
        let exp = NOW + 300;
        assert_eq!(at(rules(), &token, exp + tolerance - 1), Ok(()));
        assert_eq!(at(rules(), &token, exp + tolerance), Err(Error::TokenExpired));
        assert_eq!(at(rules(), &token, NOW - tolerance.min(10)), Ok(()));
        let early = claimed("nbf", json!(NOW));
        let early = with(early, "iat", Some(json!(1)));
        assert_eq!(at(rules(), &early, NOW - tolerance), Ok(()));
        assert_eq!(at(rules(), &early, NOW - tolerance - 1), Err(Error::TokenNotYetValid));
        let issued = claimed("iat", json!(NOW));
        assert_eq!(at(rules(), &issued, NOW - tolerance), Ok(()));
        assert_eq!(at(rules(), &issued, NOW - tolerance - 1), Err(Error::TokenIssuedInFuture));
    }
}

/// A fraction of a second counts and is never rounded into a verdict.
#[test]
fn fractions_are_compared_and_not_rounded() {
    let rules = || Rules::access_token().clock_tolerance_seconds(0);
    let expiring = with(claimed("exp", json!(10.5)), "iat", Some(json!(1)));
    assert_eq!(at(rules(), &expiring, 10), Ok(()));
    assert_eq!(at(rules(), &expiring, 11), Err(Error::TokenExpired));
    let starting = with(claimed("nbf", json!(10.5)), "iat", Some(json!(1)));
    assert_eq!(at(rules(), &starting, 10), Err(Error::TokenNotYetValid));
    assert_eq!(at(rules(), &starting, 11), Ok(()));
    let issued = claimed("iat", json!(10.5));
    assert_eq!(at(rules(), &issued, 10), Err(Error::TokenIssuedInFuture));
    assert_eq!(at(rules(), &issued, 11), Ok(()));
}

/// The default tolerance is the one of `limits`.
#[test]
fn thirty_seconds_are_tolerated_where_nothing_is_said() {
    assert_eq!(at(Rules::access_token(), &access_claims(), NOW + 300 + 29), Ok(()));
    assert_eq!(at(Rules::access_token(), &access_claims(), NOW + 300 + 30), Err(Error::TokenExpired));
}

/// No clock and no tolerance makes the arithmetic wrap around.
#[test]
fn the_ends_of_the_clock_are_safe() {
    assert_eq!(at(tolerant(), &access_claims(), u64::MAX), Err(Error::TokenExpired));
    assert_eq!(at(tolerant(), &access_claims(), 0), Err(Error::TokenIssuedInFuture));
    let from_the_start = with(with(access_claims(), "iat", Some(json!(0))), "exp", Some(json!(0)));
    assert_eq!(at(Rules::access_token().clock_tolerance_seconds(0), &from_the_start, 0), Err(Error::TokenExpired));
    let greatest = claimed("exp", json!(253_402_300_799_u64));
    assert_eq!(at(tolerant(), &greatest, NOW), Ok(()));
    assert_eq!(at(tolerant().max_age_seconds(u64::MAX), &greatest, NOW), Ok(()));
}

/// How long ago a token may have been issued, with `iat` then required.
#[test]
fn the_edges_of_the_greatest_age_are_exact() {
    let rules = || tolerant().max_age_seconds(600);
    let aged = |seconds: u64| claimed("iat", json!(NOW - seconds));
    assert_eq!(at(rules(), &aged(600), NOW), Ok(()));
    assert_eq!(at(rules(), &aged(600 + TOLERANCE), NOW), Ok(()));
    assert_eq!(at(rules(), &aged(600 + TOLERANCE + 1), NOW), Err(Error::TokenTooOld));
    assert_eq!(at(rules(), &claimed("iat", json!(1_699_999_369.5)), NOW), Err(Error::TokenTooOld));
    assert_eq!(at(Rules::access_token().clock_tolerance_seconds(0).max_age_seconds(0), &aged(0), NOW), Ok(()));
    assert_eq!(
        at(Rules::access_token().clock_tolerance_seconds(0).max_age_seconds(0), &aged(1), NOW),
        Err(Error::TokenTooOld)
    );
    let legacy = named(Rules::any_type()).max_age_seconds(600).build().unwrap();
    let without = with(access_claims(), "iat", None);
    assert_eq!(judge_at(None, &without, &legacy, NOW).unwrap_err(), Error::ClaimMissing { claim: "iat" });
}

/// RFC 7519 section 4.1.6 gives `iat` no rule about the future: it is refused unless that is allowed, and always where an age is asked.
#[test]
fn a_future_iat_passes_only_where_it_is_allowed_and_no_age_is_asked() {
    let ahead = claimed("iat", json!(NOW + TOLERANCE + 1));
    assert_eq!(at(tolerant(), &ahead, NOW), Err(Error::TokenIssuedInFuture));
    assert_eq!(at(tolerant().future_issuance_allowed(), &ahead, NOW), Ok(()));
    let aged = tolerant().future_issuance_allowed().max_age_seconds(600);
    assert_eq!(
        at(aged, &ahead, NOW),
        Err(Error::TokenIssuedInFuture),
        "or a forged clock would make it young for ever"
    );
    let with_type = tolerant().future_issuance_allowed();
    assert_eq!(at(with_type, &claimed("iat", json!("soon")), NOW), Err(Error::ClaimInvalid { claim: "iat" }));
}

/// Said by name: then `exp` may be absent, and one that is there counts as ever.
#[test]
fn without_expiry_required_an_exp_that_is_there_still_counts() {
    let rules = || tolerant().without_expiry_required();
    let without = with(access_claims(), "exp", None);
    assert_eq!(at(tolerant(), &without, NOW), Err(Error::ClaimMissing { claim: "exp" }));
    assert_eq!(at(rules(), &without, NOW), Ok(()));
    let token = judge_at(Some("at+jwt"), &without, &named(rules()).build().unwrap(), NOW).unwrap();
    assert_eq!(token.expires_at(), None);
    assert_eq!(at(rules(), &claimed("exp", json!(NOW - TOLERANCE)), NOW), Err(Error::TokenExpired));
    for exp in [json!(null), json!("never"), json!(false), json!(-1)] {
        assert_eq!(at(rules(), &claimed("exp", exp.clone()), NOW), Err(Error::ClaimInvalid { claim: "exp" }), "{exp}");
    }
}
