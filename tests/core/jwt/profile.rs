//! Kinds of token kept apart (RFC 8725 sections 3.11 and 3.12).

use edgeward::{
    Error, UnixTime,
    jwt::{Profile, Rules, RulesBuilder, read_introspection},
};
use serde_json::{Value, json};

use crate::tokens::{ISSUER, LOGOUT_EVENT, NOW, access_claims, judge, with};

/// The one audience of all, the worst case: then nothing but the kind keeps tokens apart.
const EVERYBODY: &str = "everybody";

/// A token of each kind as its standard has it, and the kinds whose rules take it.
fn tokens() -> Vec<(&'static str, Option<&'static str>, Value, &'static [&'static str])> {
    let base = json!({"iss": ISSUER, "aud": EVERYBODY, "sub": "ada", "jti": "1", "iat": NOW, "exp": NOW + 300});
    let and = |more: Value| {
        more.as_object().unwrap().iter().fold(base.clone(), |all, (name, value)| with(all, name, Some(value.clone())))
    };
    let id = and(json!({"nonce": "n", "at_hash": "x", "auth_time": NOW, "azp": EVERYBODY}));
    let logout = and(json!({"sid": "s", "events": {LOGOUT_EVENT: {}}}));
    let access = and(json!({"client_id": "app", "scope": "read"}));
    let event = and(json!({"events": {"https://schemas.openid.net/secevent/risc/event-type/account-disabled": {}}}));
    let proof = and(json!({"htm": "GET", "htu": "https://api.example/", "ath": "x"}));
    vec![
        ("access token", Some("at+jwt"), access.clone(), &["access", "any"]),
        ("access token, long type", Some("application/at+jwt"), access.clone(), &["access", "any"]),
        ("legacy access token", None, access.clone(), &["legacy", "any"]),
        ("legacy access token, JWT", Some("JWT"), access, &["legacy", "any"]),
        ("ID token", None, id.clone(), &["id", "any"]),
        ("ID token, JWT", Some("JWT"), id, &["id", "any"]),
        ("logout token", Some("logout+jwt"), logout.clone(), &["logout", "any"]),
        ("logout token, no type", None, logout, &["logout", "any"]),
        ("security event", Some("secevent+jwt"), event.clone(), &["secevent", "any"]),
        ("security event, no type", None, event, &["any"]),
        ("DPoP proof", Some("dpop+jwt"), proof, &["dpop", "any"]),
        (
            "introspection response",
            Some("token-introspection+jwt"),
            and(json!({"token_introspection": {"active": true}})),
            &["any"],
        ),
        ("request object", Some("oauth-authz-req+jwt"), and(json!({"client_id": "app", "scope": "read"})), &["any"]),
        ("entity statement", Some("entity-statement+jwt"), and(json!({})), &["any"]),
        ("SD-JWT VC", Some("dc+sd-jwt"), and(json!({"vct": "x"})), &["any"]),
        ("presentation", Some("kb+jwt"), and(json!({"nonce": "n", "sd_hash": "x"})), &["any"]),
        ("nested type", Some("application/application/at+jwt"), and(json!({"client_id": "app"})), &["any"]),
        ("empty type", Some(""), and(json!({"client_id": "app"})), &["any"]),
    ]
}

fn kinds() -> Vec<(&'static str, RulesBuilder)> {
    vec![
        ("access", Rules::access_token()),
        ("legacy", Rules::legacy_access_token()),
        // As at every sign-in of a browser, with the nonce that was sent.
        ("id", Rules::id_token(EVERYBODY).nonce("n")),
        ("logout", Rules::logout_token(EVERYBODY)),
        ("introspection", Rules::introspection()),
        ("secevent", Rules::typed("secevent+jwt")),
        ("dpop", Rules::typed("application/dpop+jwt")),
        ("any", Rules::any_type()),
    ]
}

/// Attack class 23: every kind of token under the rules of every kind.
#[test]
fn a_token_of_one_kind_passes_as_no_other() {
    for (kind, builder) in kinds() {
        let rules = builder.issuer(ISSUER).audience(EVERYBODY).build().unwrap();
        let mut taken = 0;
        for (name, typ, claims, taken_by) in tokens() {
            let verdict = judge(typ, &claims, &rules);
            assert_eq!(verdict.is_ok(), taken_by.contains(&kind), "{name} under the rules for {kind}: {verdict:?}");
            taken += usize::from(verdict.is_ok());
            let as_answer = read_introspection(&claims.to_string(), &rules, UnixTime::from_seconds(NOW));
            assert!(as_answer.is_err(), "{name} as an introspection answer for {kind}");
        }
        assert_eq!(taken == 0, kind == "introspection", "{kind} takes its own");
    }
}

/// RFC 7515 section 4.1.9: a media type, without regard to case, "application/" optional.
#[test]
fn typ_is_compared_as_a_media_type() {
    let of = |typ: Option<&str>, builder: RulesBuilder| {
        let rules = builder.issuer(ISSUER).audience("https://api.example").build().unwrap();
        judge(typ, &access_claims(), &rules).map(|_| ())
    };
    for typ in ["at+jwt", "AT+JWT", "application/at+jwt", "Application/At+Jwt"] {
        assert_eq!(of(Some(typ), Rules::access_token()), Ok(()), "{typ}");
        for own in ["at+jwt", "AT+jwt", "application/at+jwt", "APPLICATION/at+jwt"] {
            assert_eq!(of(Some(typ), Rules::typed(own)), Ok(()), "{typ} as {own}");
        }
        for builder in [Rules::legacy_access_token(), Rules::id_token("https://api.example")] {
            assert_eq!(of(Some(typ), builder), Err(Error::TypeMismatch), "{typ}");
        }
    }
    for typ in [None, Some("JWT"), Some("jwt"), Some("application/jwt")] {
        assert_eq!(of(typ, Rules::access_token()), Err(Error::TypeMismatch), "{typ:?}");
        assert_eq!(of(typ, Rules::legacy_access_token()), Ok(()), "{typ:?}");
        assert_eq!(of(typ, Rules::id_token("https://api.example")), Ok(()), "{typ:?}");
    }
    assert_eq!(of(None, Rules::typed("JWT")), Err(Error::TypeMismatch), "a type that was named must be there");
    for typ in [
        "at+jwt ",
        " at+jwt",
        "at jwt",
        "at+jwt;v=1",
        "at",
        "application/",
        "application/application/at+jwt",
        "text/at+jwt",
    ] {
        for builder in [
            Rules::access_token(),
            Rules::legacy_access_token(),
            Rules::id_token("https://api.example"),
            Rules::typed("at+jwt"),
            Rules::typed("application/at+jwt"),
        ] {
            assert_eq!(of(Some(typ), builder), Err(Error::TypeMismatch), "{typ:?}");
        }
    }
}

/// Where `typ` says nothing: the claims that only other kinds of token have, whatever their type.
#[test]
fn a_legacy_access_token_has_no_marks_of_another_kind() {
    let rules = Rules::legacy_access_token().issuer(ISSUER).audience("https://api.example").build().unwrap();
    for claim in ["at_hash", "c_hash", "events"] {
        for value in [json!("x"), json!(null), json!({})] {
            let verdict = judge(None, &with(access_claims(), claim, Some(value)), &rules);
            assert_eq!(verdict.unwrap_err(), Error::TypeMismatch, "{claim}");
        }
    }
    let id_rules = Rules::id_token("https://api.example").issuer(ISSUER).build().unwrap();
    for value in [json!({LOGOUT_EVENT: {}}), json!(null)] {
        let verdict = judge(None, &with(access_claims(), "events", Some(value)), &id_rules);
        assert_eq!(verdict.unwrap_err(), Error::TypeMismatch);
    }
}

/// RFC 7800 section 3, RFC 9449 section 7.2: a token bound to a key opens no API as a bearer token.
#[test]
fn an_access_token_bound_to_a_key_needs_a_proof() {
    for (builder, typ) in [(Rules::access_token(), Some("at+jwt")), (Rules::legacy_access_token(), None)] {
        let rules = builder.issuer(ISSUER).audience("https://api.example").build().unwrap();
        let jkt = "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I";
        for cnf in [
            json!({ "jkt": jkt }),
            json!({"jkt": "x"}),
            json!({ "x5t#S256": jkt }),
            json!({"x5t#S256": "x"}),
            json!({}),
            json!(null),
            json!("x"),
        ] {
            let verdict = judge(typ, &with(access_claims(), "cnf", Some(cnf.clone())), &rules);
            assert_eq!(verdict.unwrap_err(), Error::ProofOfPossessionMissing, "{cnf}");
        }
    }
}

/// What the compiler can't see: the two look alike in a legacy world, and the audience alone keeps them apart.
#[test]
fn an_id_token_without_marks_is_kept_from_the_api_by_its_audience() {
    let id = json!({"iss": ISSUER, "aud": "app", "sub": "ada", "iat": NOW, "exp": NOW + 300, "nonce": "n"});
    let rules = Rules::legacy_access_token().issuer(ISSUER).audience("https://api.example").build().unwrap();
    assert_eq!(judge(None, &id, &rules).unwrap_err(), Error::AudienceMismatch);
    assert_eq!(rules.profile(), &Profile::LegacyAccessToken);
}
