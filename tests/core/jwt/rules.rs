//! Putting rules together: what must be named is named, and every fault is told at once.

use edgeward::{
    Error,
    jwt::{Profile, Rules, RulesBuilder, TenantTemplate},
};
use serde_json::json;

use crate::tokens::{AUDIENCE, CLIENT_ID, ISSUER, access_claims, judge, named, problems, with};

fn all_kinds() -> [RulesBuilder; 5] {
    [
        Rules::access_token(),
        Rules::legacy_access_token(),
        Rules::introspection(),
        Rules::typed("secevent+jwt"),
        Rules::any_type(),
    ]
}

/// Fail closed: nothing is left open by forgetting it (RFC 8725 sections 3.8 and 3.9).
#[test]
fn issuer_and_audience_must_be_named_or_left_open_by_name() {
    for builder in all_kinds() {
        assert_eq!(problems(builder.clone()), ["issuer", "audience"]);
        assert_eq!(problems(builder.clone().issuer(ISSUER)), ["audience"]);
        assert_eq!(problems(builder.clone().audience(AUDIENCE)), ["issuer"]);
        assert_eq!(problems(builder.clone().issuer("").audience("")), ["issuer", "audience"]);
        assert_eq!(problems(builder.clone().issuer(ISSUER).audience(AUDIENCE).audience("")), ["audience"]);
        assert!(problems(builder.clone().issuer(ISSUER).audience(AUDIENCE)).is_empty());
        assert!(problems(builder.clone().any_issuer().any_audience()).is_empty());
        let tenants = TenantTemplate::new("https://login.example/{tenantid}/v2.0", "tid").unwrap();
        assert!(problems(builder.tenant_issuer(tenants).audience(AUDIENCE)).is_empty());
    }
}

/// An empty audience stays a fault beside `any_audience`: it comes of a setting that is not there.
#[test]
fn an_empty_audience_is_a_fault_even_where_any_will_do() {
    assert_eq!(problems(Rules::access_token().issuer(ISSUER).audience("").any_audience()), ["audience"]);
}

/// OIDC Core section 3.1.3.7 step 3: the client's id is the audience, so it must be there.
#[test]
fn the_clients_own_tokens_need_its_id() {
    for builder in [Rules::id_token(""), Rules::logout_token("")] {
        assert_eq!(problems(builder.issuer(ISSUER)), ["audience"]);
    }
    for builder in [Rules::id_token(CLIENT_ID), Rules::logout_token(CLIENT_ID)] {
        assert_eq!(problems(builder.clone()), ["issuer"]);
        assert!(problems(builder.issuer(ISSUER)).is_empty());
    }
}

#[test]
fn a_typed_jwt_needs_its_type() {
    for typ in ["", "application/"] {
        assert_eq!(problems(named(Rules::typed(typ))), ["typ"], "{typ:?}");
    }
}

/// What belongs to a sign-in would silently not be checked of another kind of token.
#[test]
fn rules_of_a_sign_in_are_for_id_tokens_alone() {
    let demands: [fn(RulesBuilder) -> RulesBuilder; 5] = [
        |builder| builder.nonce("n"),
        |builder| builder.max_authentication_age_seconds(0),
        |builder| builder.acr_values(["gold"]),
        |builder| builder.access_token("at"),
        |builder| builder.code("c"),
    ];
    for demand in demands {
        for builder in all_kinds().into_iter().chain([Rules::logout_token(CLIENT_ID)]) {
            assert_eq!(problems(named(demand(builder))), ["profile"]);
        }
        assert!(problems(demand(Rules::id_token(CLIENT_ID)).issuer(ISSUER)).is_empty());
    }
}

/// A nonce of nothing binds an ID token to no sign-in (OIDC Core section 3.1.2.1): it comes of a value that was lost.
#[test]
fn an_empty_nonce_is_a_fault() {
    assert_eq!(problems(Rules::id_token(CLIENT_ID).issuer(ISSUER).nonce("")), ["nonce"]);
}

#[test]
fn every_problem_is_listed_with_its_place_and_what_would_be_right() {
    let builder = Rules::typed("").audience("").acr_values(["gold"]);
    let error = builder.clone().build().unwrap_err();
    assert_eq!(problems(builder), ["issuer", "audience", "typ", "profile"]);
    for part in ["issuer", "audience", "any_issuer", "any_audience", "any_type", "acr_values"] {
        assert!(error.to_string().contains(part), "{part}: {error}");
    }
    assert_eq!(error.code(), "config_invalid");
}

/// What is left open by name is open, and nothing else is with it.
#[test]
fn open_rules_are_open_only_where_they_say_so() {
    let typ = Some("at+jwt");
    let any_issuer = Rules::access_token().any_issuer().audience(AUDIENCE).build().unwrap();
    for issuer in [Some(json!("https://other.example")), None] {
        judge(typ, &with(access_claims(), "iss", issuer), &any_issuer).unwrap();
    }
    assert_eq!(
        judge(typ, &with(access_claims(), "iss", Some(json!(1))), &any_issuer).unwrap_err(),
        Error::ClaimInvalid { claim: "iss" }
    );
    assert_eq!(
        judge(typ, &with(access_claims(), "aud", None), &any_issuer).unwrap_err(),
        Error::ClaimMissing { claim: "aud" }
    );
    let any_audience = Rules::access_token().issuer(ISSUER).audience("x").any_audience().build().unwrap();
    for audience in [Some(json!("https://other.example")), Some(json!([])), None] {
        judge(typ, &with(access_claims(), "aud", audience), &any_audience).unwrap();
    }
    for audience in [json!(1), json!([1]), json!(null)] {
        let error = judge(typ, &with(access_claims(), "aud", Some(audience)), &any_audience).unwrap_err();
        assert_eq!(error, Error::ClaimInvalid { claim: "aud" });
    }
    let error = judge(typ, &with(access_claims(), "iss", None), &any_audience).unwrap_err();
    assert_eq!(error, Error::ClaimMissing { claim: "iss" });
}

/// The last word about the issuer counts, so `any_issuer` does not linger.
#[test]
fn the_issuer_named_last_counts() {
    let rules = Rules::access_token().any_issuer().issuer(ISSUER).audience(AUDIENCE).build().unwrap();
    let other = with(access_claims(), "iss", Some(json!("https://other.example")));
    assert_eq!(judge(Some("at+jwt"), &other, &rules).unwrap_err(), Error::IssuerUnknown);
}

#[test]
fn rules_tell_their_profile() {
    let profile = |builder: RulesBuilder| named(builder).build().unwrap().profile().clone();
    assert_eq!(profile(Rules::access_token()), Profile::AccessToken);
    assert_eq!(profile(Rules::legacy_access_token()), Profile::LegacyAccessToken);
    assert_eq!(profile(Rules::id_token("c")), Profile::IdToken);
    assert_eq!(profile(Rules::logout_token("c")), Profile::LogoutToken);
    assert_eq!(profile(Rules::introspection()), Profile::Introspection);
    assert_eq!(profile(Rules::typed("x+jwt")), Profile::Typed("x+jwt".into()));
    assert_eq!(profile(Rules::any_type()), Profile::AnyType);
}

/// Attack class 35: nonce, code and access token are secrets of a sign-in.
#[test]
fn debug_output_of_rules_shows_no_secret_of_the_sign_in() {
    let builder = Rules::id_token(CLIENT_ID).issuer(ISSUER).nonce("S3CRET1").code("S3CRET2").access_token("S3CRET3");
    let shown = format!("{builder:?} {:?}", builder.clone().build().unwrap());
    assert!(shown.contains(ISSUER) && !shown.contains("S3CRET"), "{shown}");
}
