//! ID tokens (OIDC Core sections 2 and 3.1.3.7).

use edgeward::{
    Error,
    jwt::{Rules, RulesBuilder},
};
use serde_json::{Value, json};

use crate::tokens::{CLIENT_ID, ISSUER, NOW, id_claims, judge, judge_at, with};

const TOLERANCE: u64 = 30;

fn rules() -> RulesBuilder {
    Rules::id_token(CLIENT_ID).issuer(ISSUER).clock_tolerance_seconds(TOLERANCE)
}

fn check(claims: &Value, rules: RulesBuilder) -> Result<(), Error> {
    judge(Some("JWT"), claims, &rules.build().unwrap()).map(|_| ())
}

fn claimed(claim: &str, value: Value) -> Value {
    with(id_claims(), claim, Some(value))
}

#[test]
fn a_good_id_token_passes() {
    assert_eq!(check(&id_claims(), rules()), Ok(()));
    assert_eq!(judge(None, &id_claims(), &rules().build().unwrap()).map(|_| ()), Ok(()));
}

/// RFC 7800 section 3: an ID token may say which key is its owner's. It opens no API, so nobody has to prove that key here.
#[test]
fn an_id_token_that_names_a_key_needs_no_proof() {
    assert_eq!(check(&claimed("cnf", json!({"jkt": "x"})), rules()), Ok(()));
}

/// OIDC Core section 2: required of every ID token.
#[test]
fn its_required_claims_must_be_there() {
    for claim in ["iss", "sub", "aud", "exp", "iat"] {
        assert_eq!(check(&with(id_claims(), claim, None), rules()), Err(Error::ClaimMissing { claim }), "{claim}");
        assert_eq!(check(&claimed(claim, Value::Null), rules()), Err(Error::ClaimInvalid { claim }), "{claim}");
    }
}

/// OIDC Core section 3.1.3.7 step 11: the nonce that was sent comes back, exactly.
#[test]
fn the_nonce_sent_comes_back_exactly() {
    let sent = || rules().nonce("n-0S6_WzA2Mj");
    assert_eq!(check(&claimed("nonce", json!("n-0S6_WzA2Mj")), sent()), Ok(()));
    assert_eq!(check(&id_claims(), sent()), Err(Error::NonceMismatch), "absent");
    for nonce in ["", "n-0S6_WzA2M", "n-0S6_WzA2Mj ", "N-0S6_WzA2Mj", "n-0S6_WzA2Mjj", "other"] {
        assert_eq!(check(&claimed("nonce", json!(nonce)), sent()), Err(Error::NonceMismatch), "{nonce:?}");
    }
    for nonce in [json!(1), json!(null), json!(["n-0S6_WzA2Mj"]), json!({})] {
        for rules in [sent(), rules()] {
            assert_eq!(check(&claimed("nonce", nonce.clone()), rules), Err(Error::ClaimInvalid { claim: "nonce" }));
        }
    }
    assert_eq!(check(&claimed("nonce", json!("any")), rules()), Ok(()), "none was sent");
}

/// OIDC Core section 3.1.3.7 steps 3 to 5.
#[test]
fn the_audience_is_this_client_and_so_is_azp() {
    for (aud, azp, verdict) in [
        (json!(CLIENT_ID), json!(null), Ok(())),
        (json!([CLIENT_ID]), json!(null), Ok(())),
        (json!(CLIENT_ID), json!(CLIENT_ID), Ok(())),
        (json!([CLIENT_ID, "other"]), json!(CLIENT_ID), Ok(())),
        (json!(["other", CLIENT_ID]), json!(CLIENT_ID), Ok(())),
        (json!([CLIENT_ID, "other"]), json!(null), Err(Error::AuthorizedPartyMismatch)),
        (json!([CLIENT_ID, CLIENT_ID]), json!(null), Err(Error::AuthorizedPartyMismatch)),
        (json!([CLIENT_ID, "other"]), json!("other"), Err(Error::AuthorizedPartyMismatch)),
        (json!(CLIENT_ID), json!("other"), Err(Error::AuthorizedPartyMismatch)),
        (json!(CLIENT_ID), json!(""), Err(Error::AuthorizedPartyMismatch)),
        (json!(CLIENT_ID), json!("APP"), Err(Error::AuthorizedPartyMismatch)),
        (json!(CLIENT_ID), json!([CLIENT_ID]), Err(Error::ClaimInvalid { claim: "azp" })),
        (json!(CLIENT_ID), json!(1), Err(Error::ClaimInvalid { claim: "azp" })),
        (json!("other"), json!(CLIENT_ID), Err(Error::AudienceMismatch)),
        (json!([]), json!(CLIENT_ID), Err(Error::AudienceMismatch)),
        (json!("app2"), json!(null), Err(Error::AudienceMismatch)),
    ] {
        let claims = with(claimed("aud", aud.clone()), "azp", Some(azp.clone()).filter(|azp| !azp.is_null()));
        assert_eq!(check(&claims, rules()), verdict, "aud {aud}, azp {azp}");
    }
}

/// OIDC Core section 3.1.3.7 step 13: `max_age` makes `auth_time` required, and its edge is exact.
#[test]
fn the_edges_of_max_age_are_exact() {
    let at = |auth_time: Value, max_age: u64| {
        check(&claimed("auth_time", auth_time), rules().max_authentication_age_seconds(max_age))
    };
    assert_eq!(at(json!(NOW - 600), 600), Ok(()));
    assert_eq!(at(json!(NOW - 600 - TOLERANCE), 600), Ok(()));
    assert_eq!(at(json!(NOW - 600 - TOLERANCE - 1), 600), Err(Error::AuthenticationTooOld));
    assert_eq!(at(json!(1_699_999_369.5), 600), Err(Error::AuthenticationTooOld));
    assert_eq!(at(json!(NOW), 0), Ok(()));
    assert_eq!(at(json!(NOW - TOLERANCE - 1), 0), Err(Error::AuthenticationTooOld));
    assert_eq!(at(json!(0), u64::MAX), Ok(()), "no wrap-around");
    let missing = check(&id_claims(), rules().max_authentication_age_seconds(600));
    assert_eq!(missing, Err(Error::ClaimMissing { claim: "auth_time" }));
}

/// An age can be told only of what has happened, so a future `auth_time` does not answer `max_age`.
#[test]
fn an_authentication_in_the_future_has_no_age() {
    let at =
        |auth_time: u64| check(&claimed("auth_time", json!(auth_time)), rules().max_authentication_age_seconds(600));
    assert_eq!(at(NOW + TOLERANCE), Ok(()));
    assert_eq!(at(NOW + TOLERANCE + 1), Err(Error::ClaimInvalid { claim: "auth_time" }));
    assert_eq!(at(253_402_300_799), Err(Error::ClaimInvalid { claim: "auth_time" }));
}

/// Attack class 17: of the wrong type it fails, asked for or not.
#[test]
fn auth_time_of_another_type_is_refused() {
    for auth_time in [json!("1700000000"), json!(null), json!(true), json!(-1), json!([NOW]), json!({}), json!(1e300)] {
        for rules in [rules(), rules().max_authentication_age_seconds(600)] {
            let verdict = check(&claimed("auth_time", auth_time.clone()), rules);
            assert_eq!(verdict, Err(Error::ClaimInvalid { claim: "auth_time" }), "{auth_time}");
        }
    }
}

/// OIDC Core section 3.1.3.7 step 12: one of the contexts that were asked for, exactly.
#[test]
fn acr_is_one_of_those_asked_for() {
    let asked = || rules().acr_values(["urn:gold", "urn:silver"]);
    for acr in ["urn:gold", "urn:silver"] {
        assert_eq!(check(&claimed("acr", json!(acr)), asked()), Ok(()), "{acr}");
    }
    for acr in ["urn:bronze", "", "urn:GOLD", "urn:gold urn:silver", "urn:gol"] {
        assert_eq!(check(&claimed("acr", json!(acr)), asked()), Err(Error::AuthenticationContextMismatch), "{acr:?}");
    }
    assert_eq!(check(&id_claims(), asked()), Err(Error::AuthenticationContextMismatch), "absent");
    for acr in [json!(["urn:gold"]), json!(1), json!(null)] {
        for rules in [asked(), rules()] {
            assert_eq!(check(&claimed("acr", acr.clone()), rules), Err(Error::ClaimInvalid { claim: "acr" }), "{acr}");
        }
    }
    assert_eq!(check(&claimed("acr", json!("urn:bronze")), rules()), Ok(()), "none was asked for");
}

/// The times of every JWT hold here as well: `iat` in the future, `exp` at its edge.
#[test]
fn the_common_rules_of_time_hold() {
    let rules = rules().build().unwrap();
    let at = |now| judge_at(None, &id_claims(), &rules, now).map(|_| ());
    assert_eq!(at(NOW + 300 + TOLERANCE - 1), Ok(()));
    assert_eq!(at(NOW + 300 + TOLERANCE), Err(Error::TokenExpired));
    assert_eq!(at(NOW - 10 - TOLERANCE), Ok(()));
    assert_eq!(at(NOW - 10 - TOLERANCE - 1), Err(Error::TokenIssuedInFuture));
}
