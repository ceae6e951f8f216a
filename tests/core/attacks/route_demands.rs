//! Class 25, cache key collision and scope mix: a remembered token brings no verdict along from one route, issuer or option to another.

use edgeward::resource_server::Decision;
use serde_json::{Value, json};

use crate::{
    outside::{AUDIENCE, ISSUER, JWKS_URL, NOW, World, claims_with, code, introspecting_policy, merged},
    signing::{Key, key_set},
};

const OTHER: &str = "https://other.example";

/// Routes that differ in one demand each, before two issuers with the same keys.
fn policy() -> Value {
    let issuers = json!([
        { "issuer": ISSUER, "audience": [AUDIENCE, "b"], "jwks_uri": JWKS_URL },
        { "issuer": OTHER, "audience": AUDIENCE, "jwks_uri": JWKS_URL, "clock_tolerance_seconds": 300 },
    ]);
    let routes = json!([
        { "path": "/open" },
        { "path": "/scope", "scope": "data:write" },
        { "path": "/issuer", "issuer": OTHER },
        { "path": "/audience", "audience": "b" },
        { "path": "/roles", "roles": "admin" },
        { "path": "/claims", "claims": [{ "path": "tier", "equals": 2 }] },
        { "path": "/acr", "acr_values": "phr" },
        { "path": "/max-age", "max_age": 60 },
        { "path": "/any", "any_of": [{ "scope": "data:write" }, { "roles": "admin" }] },
        { "path": "/all", "all_of": [{ "roles": "user" }, { "roles": "admin" }] },
    ]);
    merged(introspecting_policy(), json!({ "issuers": issuers, "routes": routes }))
}

fn world(policy: &Value) -> World {
    let mut world = World::new(policy);
    world.key_set = Some(key_set());
    world
}

fn verdict(world: &mut World, path: &str, token: &str) -> &'static str {
    match world.get(path, token) {
        Decision::Forward(_) => "let through",
        Decision::Respond(response) => code(&response),
    }
}

/// What each route says of a token is what it says at a fresh gate, whichever routes have taken or refused it before.
#[test]
fn a_token_known_from_one_route_is_judged_by_each_other_for_itself() {
    let policy = policy();
    let paths: Vec<&str> =
        policy["routes"].as_array().unwrap().iter().map(|route| route["path"].as_str().unwrap()).collect();
    let tokens = [
        json!({}),
        json!({ "scope": "data:write" }),
        json!({ "iss": OTHER }),
        json!({ "aud": ["b"] }),
        json!({ "roles": ["admin", "user"], "tier": 2 }),
        json!({ "acr": "phr", "auth_time": NOW }),
        json!({ "acr": "phr", "auth_time": NOW - 200, "iss": OTHER }),
    ];
    // By the places of the tokens.
    let passing: [(&str, &[usize]); 10] = [
        ("/open", &[0, 1, 2, 3, 4, 5, 6]),
        ("/scope", &[1]),
        ("/issuer", &[2, 6]),
        ("/audience", &[3]),
        ("/roles", &[4]),
        ("/claims", &[4]),
        ("/acr", &[5, 6]),
        // The other issuer's clock may differ by more.
        ("/max-age", &[5, 6]),
        ("/any", &[1, 4]),
        ("/all", &[4]),
    ];
    assert_eq!(passing.map(|(path, _)| path).to_vec(), paths);
    let mut known = world(&policy);
    for (place, changes) in tokens.iter().enumerate() {
        let token = Key::Ec.sign(&claims_with(changes.clone()));
        // From the front and from the back, so that each route comes after each other.
        for (path, of) in passing.iter().chain(passing.iter().rev()) {
            let fresh = verdict(&mut world(&policy), path, &token);
            assert_eq!(fresh == "let through", of.contains(&place), "{path} and {changes}: {fresh}");
            assert_eq!(verdict(&mut known, path, &token), fresh, "{path} and {changes}");
        }
    }
}

/// CVE-2026-33496's class: two tokens that differ in one claim alone are two tokens.
#[test]
fn a_token_does_not_inherit_the_rights_of_one_like_it() {
    let mut world = world(&policy());
    let admin = Key::Ec.sign(&claims_with(json!({ "roles": "admin" })));
    let user = Key::Ec.sign(&claims_with(json!({ "roles": "adnim" })));
    for _ in 0..3 {
        assert_eq!(verdict(&mut world, "/roles", &admin), "let through");
        assert_eq!(verdict(&mut world, "/roles", &user), "rights_missing");
    }
}

/// What introspection has said on one request is forgotten by the next, on the same route and on others.
#[test]
fn what_introspection_said_on_one_route_is_nothing_to_another() {
    let routes = json!([
        { "path": "/asks", "introspection": true, "roles": "admin" },
        { "path": "/trusts", "roles": "admin" },
    ]);
    let mut policy = merged(introspecting_policy(), json!({ "routes": routes }));
    policy["issuers"][0]["jwks_uri"] = json!(JWKS_URL);
    let mut world = world(&policy);
    let token = Key::Ec.sign(&claims_with(json!({ "roles": "admin" })));
    let plain = Key::Ec.sign(&claims_with(json!({ "jti": "other" })));
    for roles in ["admin", "user", "admin"] {
        world.introspection = Some(claims_with(json!({ "active": true, "roles": roles, "jti": null })).to_string());
        let expected = if roles == "admin" { "let through" } else { "rights_missing" };
        assert_eq!(verdict(&mut world, "/asks", &token), expected);
        assert_eq!(verdict(&mut world, "/trusts", &token), "let through");
        // The answer gives nobody a role that the token itself has not.
        assert_eq!(verdict(&mut world, "/asks", &plain), "rights_missing");
    }
}
