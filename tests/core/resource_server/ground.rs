//! Every decision has a stable code and says what it is about: the good ones as well.

use std::collections::BTreeSet;

use edgeward::{
    Error,
    resource_server::{About, Decision, Ground, Request},
};
use serde_json::json;

use crate::{
    outside::{
        AUDIENCE, ISSUER, JWKS_URL, NOW, World, claims, claims_with, introspecting_policy, merged, policy, refused,
    },
    signing::{Key, key_set},
};

const APP: &str = "https://app.example";

fn seen(decision: &Decision) -> (&'static str, Option<usize>, Option<usize>) {
    let About { route, issuer } = decision.about();
    (decision.code(), route, issuer)
}

/// Codes are looked up by people and counted by programs, so none may mean two things.
#[test]
fn the_table_has_every_ground_in_its_place_and_no_code_of_an_errors() {
    let grounds = [
        Ground::PublicRoute,
        Ground::TokenVerified,
        Ground::TokenKnown,
        Ground::TokenIntrospected,
        Ground::IntrospectionKnown,
        Ground::PreflightAnswered,
        Ground::MetadataServed,
        Ground::DenyListServed,
    ];
    assert_eq!(Ground::TABLE.len(), grounds.len());
    let mut codes: BTreeSet<_> = Error::TABLE.iter().map(|row| row.code).collect();
    for ground in grounds {
        assert_eq!(Ground::TABLE[ground.place()].code, ground.code());
        assert!(ground.code().bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_'));
        assert!(Ground::TABLE[ground.place()].meaning.len() > 20);
        assert!(codes.insert(ground.code()), "{} is there twice", ground.code());
    }
}

#[test]
fn a_request_that_passes_says_why_on_which_route_and_with_whose_token() {
    let mut document = policy();
    document["issuers"] = json!([
        { "issuer": "https://other.example", "audience": AUDIENCE, "jwks_uri": "https://other.example/jwks" },
        { "issuer": ISSUER, "audience": AUDIENCE, "jwks_uri": JWKS_URL },
    ]);
    let mut world = World::new(&document);
    world.key_set = Some(key_set());
    let health = Request { method: "GET", path: "/health", ..Request::default() };
    assert_eq!(seen(&world.call(&health)), ("public_route", Some(0), None));
    let token = Key::Ec.sign(&claims());
    assert_eq!(seen(&world.get("/data", &token)), ("token_verified", Some(2), Some(1)));
    assert_eq!(seen(&world.get("/data", &token)), ("token_known", Some(2), Some(1)));
    assert_eq!(seen(&world.get("/me", &token)), ("token_known", Some(1), Some(1)));
    document["token_cache"] = json!(false);
    let mut forgetful = World::new(&document);
    forgetful.key_set = Some(key_set());
    for _ in 0..2 {
        assert_eq!(seen(&forgetful.get("/data", &token)).0, "token_verified", "nothing is remembered");
    }
}

#[test]
fn introspection_that_was_asked_is_told_from_an_answer_that_was_there() {
    let mut document = introspecting_policy();
    document["issuers"][0]["introspection"]["cache_seconds"] = json!(60);
    let mut world = World::new(&document);
    world.key_set = Some(key_set());
    world.introspection = Some(merged(claims(), json!({ "active": true })).to_string());
    for token in ["opaque".into(), Key::Ec.sign(&claims())] {
        assert_eq!(seen(&world.get("/admin", &token)), ("token_introspected", Some(4), Some(0)));
        assert_eq!(seen(&world.get("/admin", &token)), ("introspection_known", Some(4), Some(0)));
    }
}

#[test]
fn answers_that_are_no_refusals_say_so() {
    let document = merged(
        policy(),
        json!({ "cors": { "origins": [APP] }, "resource_metadata": { "resource": "https://api.example" } }),
    );
    let mut world = World::new(&document);
    let preflight = Request {
        method: "OPTIONS",
        path: "/data",
        origin: Some(APP),
        access_control_request_method: Some("GET"),
        ..Request::default()
    };
    assert_eq!(seen(&world.call(&preflight)), ("preflight_answered", Some(2), None));
    let path = "/.well-known/oauth-protected-resource";
    for method in ["GET", "HEAD", "OPTIONS"] {
        let answer = world.call(&Request { method, path, ..Request::default() });
        assert_eq!(seen(&answer), ("metadata_served", None, None));
        assert!(refused(answer).error.is_none());
    }
}

/// Until a signature has held, `issuer` is what the token claims, and only ever one of the policy's.
#[test]
fn a_refusal_says_which_route_was_found_and_whose_token_was_looked_at() {
    let mut world = World::new(&policy());
    world.key_set = Some(key_set());
    let get = |path| Request { method: "GET", path, ..Request::default() };
    assert_eq!(seen(&world.call(&get("/nowhere"))), ("route_unknown", None, None));
    assert_eq!(seen(&world.call(&get("/notes"))), ("method_not_allowed", None, None));
    assert_eq!(seen(&world.call(&get("/data"))), ("credentials_missing", Some(2), None));
    assert_eq!(seen(&world.get("/data", "a.b.c")), ("token_malformed", Some(2), None));
    let foreign = Key::Ec.sign(&claims_with(json!({ "iss": "https://evil.example" })));
    assert_eq!(seen(&world.get("/data", &foreign)), ("issuer_unknown", Some(2), None));
    let forged = format!("{}AAAA", &Key::Ec.sign(&claims())[..80]);
    assert_eq!(world.get("/data", &forged).about().route, Some(2));
    let poor = Key::Ec.sign(&claims_with(json!({ "scope": "other" })));
    for _ in 0..2 {
        assert_eq!(seen(&world.get("/data", &poor)), ("scope_missing", Some(2), Some(0)));
    }
    let token = Key::Ec.sign(&claims());
    assert_eq!(seen(&world.get("/data", &token)).0, "token_verified");
    world.now = NOW + 10_000;
    assert_eq!(seen(&world.get("/data", &token)), ("token_expired", Some(2), Some(0)), "a token that was known");
    assert_eq!(seen(&world.get("/data", &token)), ("token_expired", Some(2), Some(0)), "and one that is not");
    assert_eq!(seen(&world.call(&get("/data"))), ("credentials_missing", Some(2), None), "nothing stays of another");
}
