//! Attack 48 (CVE-2026-58425, RFC 7662 section 4): an answer about another kind of token, another token, another API or another
//! time, for opaque tokens and for JWTs that are good by themselves.

use edgeward::{
    limits,
    resource_server::{Decision, Progress, Request},
};
use serde_json::{Value, json};

use crate::{
    outside::{
        AUDIENCE, INTROSPECTION_URL, ISSUER, NOW, World, claims, claims_with, forwarded, introspecting_policy, merged,
        verdict,
    },
    signing::{Key, key_set},
};

fn active(changes: Value) -> String {
    merged(claims_with(json!({ "active": true })), changes).to_string()
}

/// What becomes of an opaque token, and of a JWT that is good by itself.
fn ask(answer: &str) -> [(u16, &'static str); 2] {
    ["opaque".to_owned(), Key::Ec.sign(&claims())].map(|token| {
        let mut world = World::new(&introspecting_policy());
        world.key_set = Some(key_set());
        world.introspection = Some(answer.into());
        match world.get("/admin", &token) {
            Decision::Forward(_) => (200, ""),
            respond @ Decision::Respond(_) => verdict(respond),
        }
    })
}

/// RFC 7662 section 2.2, RFC 6749 section 7.1: of the types of token a bearer token alone opens this door, named without regard to
/// case.
#[test]
fn a_token_of_another_type_is_refused() {
    for kind in
        ["refresh_token", "DPoP", "dpop", "mac", "N_A", "pop", "id_token", "", " Bearer", "Bearer ", "Bearer,DPoP"]
    {
        let expected = (401, "type_mismatch");
        assert_eq!(ask(&active(json!({ "token_type": kind }))), [expected; 2], "{kind:?}");
    }
    for kind in [json!(1), json!(true), json!([]), json!(["Bearer"]), json!({})] {
        assert_eq!(ask(&active(json!({ "token_type": kind }))), [(401, "claim_invalid"); 2], "{kind}");
    }
    for kind in [json!(null), json!("Bearer"), json!("bearer"), json!("BEARER")] {
        assert_eq!(ask(&active(json!({ "token_type": kind }))), [(200, ""); 2], "{kind}");
    }
}

/// RFC 9449 section 7.2, RFC 8705 section 3.2: whatever `cnf` says, even nothing, the token is bound, and no bearer proves it.
#[test]
fn a_token_that_the_server_calls_bound_is_refused() {
    let whole = active(json!({}));
    for cnf in [r#"{"jkt":"0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I"}"#, r#"{"x5t#S256":"x"}"#, "{}", "null", "[]"] {
        let answer = whole.replacen('{', &format!("{{\"cnf\":{cnf},"), 1);
        assert_eq!(ask(&answer), [(401, "proof_of_possession_missing"); 2], "{cnf}");
    }
}

/// RFC 7662 section 4: the answer is held to this API's issuer, audience and clock, as a token is, at the edge and past it.
#[test]
fn the_answer_is_held_to_this_api_and_this_moment() {
    for (changes, expected) in [
        (json!({ "aud": "https://other.example" }), (401, "audience_mismatch")),
        (json!({ "aud": null }), (401, "claim_missing")),
        (json!({ "aud": format!("{AUDIENCE} ") }), (401, "audience_mismatch")),
        (json!({ "aud": [] }), (401, "audience_mismatch")),
        (json!({ "aud": [AUDIENCE, "https://other.example"] }), (200, "")),
        (json!({ "iss": "https://as.example.evil.example" }), (401, "issuer_unknown")),
        (json!({ "iss": "" }), (401, "issuer_unknown")),
        (json!({ "iss": 1 }), (401, "claim_invalid")),
        (json!({ "iss": null }), (200, "")),
        (json!({ "exp": NOW - 29 }), (200, "")),
        (json!({ "exp": NOW - 30 }), (401, "token_expired")),
        (json!({ "exp": 0 }), (401, "token_expired")),
        (json!({ "exp": -1 }), (401, "claim_invalid")),
        (json!({ "exp": format!("{}", NOW + 300) }), (401, "claim_invalid")),
        (json!({ "nbf": NOW + 30 }), (200, "")),
        (json!({ "nbf": NOW + 31 }), (401, "token_not_yet_valid")),
        (json!({ "iat": NOW + 30 }), (200, "")),
        (json!({ "iat": NOW + 31 }), (401, "token_issued_in_future")),
        (json!({ "iat": true }), (401, "claim_invalid")),
        (json!({ "sub": 1 }), (401, "claim_invalid")),
        (json!({ "client_id": ["app"] }), (401, "claim_invalid")),
        (json!({ "jti": {} }), (401, "claim_invalid")),
    ] {
        assert_eq!(ask(&active(changes.clone())), [expected; 2], "{changes}");
    }
}

/// An opaque token can't contradict the answer; a JWT can, and then the answer is about another token.
#[test]
fn an_answer_that_contradicts_the_jwt_is_refused() {
    for changes in [
        json!({ "sub": "user-2" }),
        json!({ "sub": "user-1 " }),
        json!({ "client_id": "App" }),
        json!({ "client_id": null, "azp": "other" }),
        json!({ "jti": "" }),
        json!({ "jti": "jti-1", "sub": "user-2" }),
    ] {
        assert_eq!(ask(&active(changes.clone())), [(200, ""), (401, "token_inactive")], "{changes}");
    }
    for changes in [json!({ "sub": null, "client_id": null, "jti": null }), json!({ "client_id": null, "azp": "app" })]
    {
        assert_eq!(ask(&active(changes.clone())), [(200, ""); 2], "{changes}");
    }
}

/// The answer is judged at the moment it came, not at the one the request did.
#[test]
fn time_passes_while_the_server_is_asked() {
    for token in ["opaque".to_owned(), Key::Ec.sign(&claims())] {
        for (later, passes) in [(329, true), (330, false)] {
            let mut world = World::new(&introspecting_policy());
            world.key_set = Some(key_set());
            world.introspection = Some(active(json!({})));
            // The keys are there already.
            forwarded(world.get("/admin", &Key::Rsa.sign(&claims())));
            let authorization = format!("Bearer {token}");
            let authorization = Some(authorization.as_str());
            let request = Request { method: "GET", path: "/admin", authorization, ..Request::default() };
            let Progress::Need(_, pending) = world.gate.authorize(&request, world.time()) else {
                panic!("introspection is asked")
            };
            world.now += later;
            let Progress::Decided(decision) = world.gate.resume(pending, Some(&active(json!({}))), world.time()) else {
                panic!("nothing more is needed")
            };
            if passes {
                forwarded(decision);
            } else {
                assert_eq!(verdict(decision), (401, "token_expired"));
            }
        }
    }
}

/// The policy of [`introspecting_policy`] with a second issuer, which has an endpoint and credentials of its own.
fn two_issuers() -> Value {
    let mut policy = introspecting_policy();
    let mut second = policy["issuers"][0].clone();
    second["issuer"] = json!("https://as2.example");
    second["introspection"]["introspection_endpoint"] = json!("https://as2.example/introspect");
    second["introspection"]["client_id"] = json!("gate2");
    policy["issuers"].as_array_mut().unwrap().push(second);
    policy
}

/// Attack 25: an opaque token is shown to the one issuer that its route names, and to none where that is not said.
#[test]
fn an_opaque_token_is_shown_to_the_routes_issuer_alone() {
    for (issuer, endpoint) in [
        (json!(ISSUER), Some(INTROSPECTION_URL)),
        (json!(["https://as2.example"]), Some("https://as2.example/introspect")),
        (json!([ISSUER, "https://as2.example"]), None),
        (json!(null), None),
    ] {
        let mut policy = two_issuers();
        let route = policy["routes"].as_array_mut().unwrap().last_mut().unwrap();
        *route = merged(route.clone(), json!({ "issuer": issuer }));
        let mut world = World::new(&policy);
        // Whose token it is the answer need not say.
        world.introspection = Some(active(json!({ "iss": null })));
        let decision = world.get("/admin", "opaque");
        assert_eq!(world.fetched.last().map(String::as_str), endpoint, "{issuer}");
        if endpoint.is_some() {
            forwarded(decision);
        } else {
            assert_eq!(verdict(decision), (401, "token_malformed"), "{issuer}");
        }
    }
    // Another's token is none of the route's, whatever its issuer says.
    let mut policy = two_issuers();
    policy["routes"].as_array_mut().unwrap().last_mut().unwrap()["issuer"] = json!(ISSUER);
    let mut world = World::new(&policy);
    world.introspection = Some(active(json!({ "iss": "https://as2.example" })));
    assert_eq!(verdict(world.get("/admin", "opaque")), (401, "issuer_unknown"));
}

/// Attack 25: of several issuers a JWT is shown to its own alone, with that one's credentials, and that one's word is no other's.
#[test]
fn a_jwt_is_shown_to_its_own_issuer_alone() {
    let policy = two_issuers();
    for (issuer, endpoint, credentials) in [
        // base64 of "gate:gate-secret-7f3a" and "gate2:gate-secret-7f3a"
        (ISSUER, INTROSPECTION_URL, "Basic Z2F0ZTpnYXRlLXNlY3JldC03ZjNh"),
        ("https://as2.example", "https://as2.example/introspect", "Basic Z2F0ZTI6Z2F0ZS1zZWNyZXQtN2YzYQ=="),
    ] {
        let token = Key::Ec.sign(&claims_with(json!({ "iss": issuer })));
        for (said, passes) in [(json!(issuer), true), (json!(null), true), (json!("https://as3.example"), false)] {
            let mut world = World::new(&policy);
            world.key_set = Some(key_set());
            world.introspection = Some(active(json!({ "iss": said })));
            let decision = world.get("/admin", &token);
            assert_eq!(world.fetched.last().map(String::as_str), Some(endpoint));
            assert_eq!(world.asked.as_ref().map(|(authorization, _)| authorization.as_str()), Some(credentials));
            if passes {
                forwarded(decision);
            } else {
                assert_eq!(verdict(decision), (401, "issuer_unknown"), "{issuer}: {said}");
            }
        }
    }
}

/// Attacks 11, 32 and 33: read as strictly as a token is, up to the last byte that is taken.
#[test]
fn the_answer_is_one_strict_object_within_its_bound() {
    let whole = active(json!({}));
    let padded = |length: usize| format!("{whole}{}", " ".repeat(length - whole.len()));
    assert_eq!(ask(&padded(limits::MAX_INTROSPECTION_BYTES)), [(200, ""); 2]);
    let nested = |depth| whole.replacen('{', &format!("{{\"x\":{}{},", "[".repeat(depth), "]".repeat(depth)), 1);
    assert_eq!(ask(&nested(limits::MAX_JSON_DEPTH - 1)), [(200, ""); 2]);
    for answer in [
        padded(limits::MAX_INTROSPECTION_BYTES + 1),
        nested(limits::MAX_JSON_DEPTH),
        nested(30_000),
        format!("\u{feff}{whole}"),
        format!("{whole}{whole}"),
        format!("[{whole}]"),
        whole.replacen('{', r#"{"aud":"https://api.example","#, 1),
        whole.replacen('{', r#"{"x":{"a":1,"a":2},"#, 1),
        whole.replacen('{', r#"{"x":1e400,"#, 1),
        whole.replacen('{', r#"{"x":NaN,"#, 1),
    ] {
        let shown: String = answer.chars().take(60).collect();
        assert_eq!(ask(&answer), [(503, "introspection_unavailable"); 2], "{shown}");
    }
}
