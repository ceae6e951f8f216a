//! Asking the authorization server about a token (RFC 7662).

use edgeward::{
    limits,
    resource_server::{Need, Progress, Request},
};
use serde_json::{Value, json};

use crate::outside::{
    AUDIENCE, INTROSPECTION_URL, METADATA_URL, NOW, SECRET, World, claims_with, code, forwarded, header,
    introspecting_policy, merged, only_metadata, onward, refused, verdict,
};

/// An answer for an active token, with changes to what it says.
fn active(changes: Value) -> String {
    merged(claims_with(json!({ "active": true })), changes).to_string()
}

fn world(answer: Option<String>) -> World {
    let mut world = World::new(&introspecting_policy());
    world.introspection = answer;
    world
}

fn ask(answer: &str) -> (u16, &'static str) {
    verdict(world(Some(answer.into())).get("/admin", "opaque"))
}

/// RFC 7662 section 2.2: an opaque token passes on what the authorization server says of it.
#[test]
fn an_opaque_token_passes_on_the_servers_word() {
    let mut world = world(Some(active(json!({ "sub": "user-9" }))));
    let forward = forwarded(world.get("/admin", "opaque-token"));
    assert_eq!(onward(&forward, "edgeward-sub").as_deref(), Some("user-9"));
    assert_eq!(world.take_fetched(), [INTROSPECTION_URL]);
    // Nothing is remembered: a revocation must show at once.
    world.introspection = Some(r#"{"active":false}"#.into());
    assert_eq!(verdict(world.get("/admin", "opaque-token")), (401, "token_inactive"));
    assert_eq!(world.take_fetched(), [INTROSPECTION_URL]);
}

/// RFC 7662 section 2.1 and RFC 6749 section 2.3.1: the token in a form body, the gate's credentials form-encoded in Basic.
#[test]
fn the_request_is_form_encoded_with_the_gates_credentials() {
    let mut world = world(Some(active(json!({}))));
    forwarded(world.get("/admin", "a+b/c~d=="));
    let (authorization, body) = world.asked.take().unwrap();
    // base64 of "gate:gate-secret-7f3a"
    assert_eq!(authorization, "Basic Z2F0ZTpnYXRlLXNlY3JldC03ZjNh");
    assert_eq!(body, "token=a%2Bb%2Fc%7Ed%3D%3D&token_type_hint=access_token");

    let mut policy = introspecting_policy();
    policy["issuers"][0]["introspection"]["client_id"] = json!("ga te:1+\u{e9}%");
    let mut world = World::new(&policy);
    world.introspection = Some(active(json!({})));
    forwarded(world.get("/admin", "opaque"));
    // base64 of "ga+te%3A1%2B%C3%A9%25:gate-secret-7f3a": the colon of the name can't be taken for the separator.
    let expected = "Basic Z2ErdGUlM0ExJTJCJUMzJUE5JTI1OmdhdGUtc2VjcmV0LTdmM2E=";
    assert_eq!(world.asked.map(|(authorization, _)| authorization).as_deref(), Some(expected));
}

/// Attack 48: only the boolean true is active. False is a verdict; anything else is no introspection answer.
#[test]
fn active_must_be_the_boolean_true() {
    assert_eq!(ask(&active(json!({ "active": false }))), (401, "token_inactive"));
    assert_eq!(ask(r#"{"active":false}"#), (401, "token_inactive"));
    let whole = claims_with(json!({})).to_string();
    for value in [r#""true""#, "1", "null", "[true]", "{}", r#""""#, "1.0", r#""active""#] {
        let answer = whole.replacen('{', &format!(r#"{{"active":{value},"#), 1);
        assert_eq!(ask(&answer), (503, "introspection_unavailable"), "{value}");
    }
    assert_eq!(ask(&whole), (503, "introspection_unavailable"), "missing");
    // Attack 11: two of them, in either order.
    for pair in [r#"{"active":true,"active":false,"#, r#"{"active":false,"active":true,"#] {
        assert_eq!(ask(&whole.replacen('{', pair, 1)), (503, "introspection_unavailable"), "{pair}");
    }
    assert_eq!(ask(&whole.replacen('{', r#"{"Active":true,"#, 1)), (503, "introspection_unavailable"));
}

/// Where no answer comes, or none that can be read, the token was not judged: 503 with Retry-After, never 401.
#[test]
fn without_a_readable_answer_the_token_is_not_judged() {
    let oversized = format!("{}{}", active(json!({})), " ".repeat(limits::MAX_INTROSPECTION_BYTES));
    let deep = active(json!({ "x": 1 })).replace("\"x\":1", &format!("\"x\":{}{}", "[".repeat(64), "]".repeat(64)));
    let rows = [None, Some(""), Some("<html>"), Some("[]"), Some("true"), Some(&oversized), Some(&deep), Some("{} {}")];
    for answer in rows {
        let response = refused(world(answer.map(Into::into)).get("/admin", "opaque"));
        assert_eq!((response.status, code(&response)), (503, "introspection_unavailable"));
        assert_eq!(header(&response.headers, "retry-after"), Some("5"));
        assert_eq!(header(&response.headers, "www-authenticate"), None);
    }
}

/// Attack 48, RFC 7662 section 4: an active token must also be one for this API, of this issuer, now, and a bearer token.
#[test]
fn what_the_answer_says_must_hold_for_this_api() {
    for (changes, code) in [
        (json!({ "aud": null }), "claim_missing"),
        (json!({ "aud": "https://other.example" }), "audience_mismatch"),
        (json!({ "aud": [] }), "audience_mismatch"),
        (json!({ "aud": format!("{AUDIENCE}/") }), "audience_mismatch"),
        (json!({ "aud": [AUDIENCE, 1] }), "claim_invalid"),
        (json!({ "iss": "https://other.example" }), "issuer_unknown"),
        (json!({ "iss": "https://as.example/" }), "issuer_unknown"),
        (json!({ "iss": ["https://as.example"] }), "claim_invalid"),
        (json!({ "exp": null }), "claim_missing"),
        (json!({ "exp": NOW - 31 }), "token_expired"),
        (json!({ "exp": "9999999999" }), "claim_invalid"),
        (json!({ "nbf": NOW + 31 }), "token_not_yet_valid"),
        (json!({ "iat": NOW + 31 }), "token_issued_in_future"),
        (json!({ "token_type": "refresh_token" }), "type_mismatch"),
        (json!({ "token_type": "DPoP" }), "type_mismatch"),
        (json!({ "token_type": "mac" }), "type_mismatch"),
        (json!({ "token_type": ["Bearer"] }), "claim_invalid"),
    ] {
        assert_eq!(ask(&active(changes.clone())), (401, code), "{changes}");
    }
    for changes in [
        json!({ "token_type": "Bearer" }),
        json!({ "token_type": "bearer" }),
        json!({ "iss": null }),
        json!({ "aud": ["https://other.example", AUDIENCE] }),
        json!({ "client_id": null, "sub": null, "jti": null, "iat": null }),
    ] {
        forwarded(world(Some(active(changes))).get("/admin", "opaque"));
    }
}

/// RFC 6750 section 3.1: an active token without the route's scope is a 403 that names it.
#[test]
fn the_answers_scope_must_hold_what_the_route_demands() {
    for scope in [json!(null), json!(""), json!("data:read"), json!("administrator"), json!("ADMIN")] {
        let response = refused(world(Some(active(json!({ "scope": scope })))).get("/admin", "opaque"));
        assert_eq!((response.status, code(&response)), (403, "scope_missing"), "{scope}");
        assert!(header(&response.headers, "www-authenticate").unwrap().ends_with(", scope=\"admin\""));
    }
    for scope in [json!(["admin"]), json!(1), json!("admin \"x\""), json!("admin\tx")] {
        assert_eq!(ask(&active(json!({ "scope": scope }))), (401, "claim_invalid"), "{scope}");
    }
}

/// RFC 7800 section 3, attack 41: a token bound to a key (`DPoP`, mTLS) is good only with proof of it, which no bearer gives.
#[test]
fn a_token_bound_to_a_key_is_refused_as_a_bearer_token() {
    for cnf in [json!({ "jkt": "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I" }), json!({ "x5t#S256": "abc" })] {
        assert_eq!(ask(&active(json!({ "cnf": cnf }))).0, 401, "{cnf}");
    }
}

/// Only a route that asks introspection takes anything but a JWT.
#[test]
fn opaque_tokens_pass_nowhere_else() {
    for token in ["opaque", "a.b", "a.b.c.d", "a.b.c.d.e"] {
        let mut world = world(Some(active(json!({}))));
        assert_eq!(verdict(world.get("/me", token)), (401, "token_malformed"), "{token}");
        assert!(world.fetched.is_empty());
    }
    // Three segments are a JWT and judged as one, even there.
    let mut world = world(Some(active(json!({}))));
    assert_eq!(verdict(world.get("/admin", "a.b.c")), (401, "token_malformed"));
    assert!(world.fetched.is_empty());
}

/// Attack 25: an opaque token names no issuer, and is not shown to servers that may not have made it.
#[test]
fn with_several_issuers_an_opaque_token_is_shown_to_none() {
    let mut policy = introspecting_policy();
    let mut second = policy["issuers"][0].clone();
    second["issuer"] = json!("https://as2.example");
    policy["issuers"].as_array_mut().unwrap().push(second);
    let mut world = World::new(&policy);
    world.introspection = Some(active(json!({})));
    assert_eq!(verdict(world.get("/admin", "opaque")), (401, "token_malformed"));
    assert!(world.fetched.is_empty());
}

fn discovering_policy() -> Value {
    let mut policy = introspecting_policy();
    policy["issuers"][0]["introspection"].as_object_mut().unwrap().remove("introspection_endpoint");
    policy
}

/// RFC 8414 section 2: the endpoint comes from metadata where the policy names none, and is remembered.
#[test]
fn the_endpoint_is_discovered_once() {
    let mut world = World::new(&discovering_policy());
    world.introspection = Some(active(json!({})));
    forwarded(world.get("/admin", "opaque"));
    assert_eq!(world.take_fetched(), [METADATA_URL, INTROSPECTION_URL]);
    forwarded(world.get("/admin", "opaque"));
    assert_eq!(world.take_fetched(), [INTROSPECTION_URL]);
}

/// Attacks 30 and 31: without metadata it is 503, and the server is left alone for a moment.
#[test]
fn failed_discovery_is_unavailable_and_backs_off() {
    let without = json!({ "issuer": "https://as.example" }).to_string();
    let anothers = json!({ "issuer": "https://evil.example", "introspection_endpoint": INTROSPECTION_URL }).to_string();
    for metadata in [None, Some("{}".into()), Some(without), Some(anothers)] {
        let mut world = World::new(&discovering_policy());
        world.introspection = Some(active(json!({})));
        world.metadata = metadata;
        assert_eq!(verdict(world.get("/admin", "opaque")), (503, "introspection_unavailable"));
        assert!(only_metadata(&world.take_fetched()));
        world.now += limits::FETCH_BACKOFF_SECONDS - 1;
        assert_eq!(verdict(world.get("/admin", "opaque")), (503, "introspection_unavailable"));
        assert!(world.take_fetched().is_empty());
        world.now += 1;
        world.metadata = Some(crate::outside::metadata().to_string());
        forwarded(world.get("/admin", "opaque"));
    }
}

/// Attack 35: what is asked of the outside can be logged without the token and without the gate's secret.
#[test]
fn debug_output_of_a_pending_request_shows_neither_token_nor_secret() {
    let mut world = world(None);
    let authorization = Some("Bearer visible-token");
    let request = Request { method: "GET", path: "/admin", authorization, ..Request::default() };
    let progress = world.gate.authorize(&request, world.time());
    let text = format!("{progress:?}");
    for secret in ["visible-token", SECRET, "Z2F0ZTpn"] {
        assert!(!text.contains(secret), "{text}");
    }
    let Progress::Need(need @ Need::Introspection { .. }, _) = progress else { panic!("{text}") };
    assert_eq!(need.max_bytes(), limits::MAX_INTROSPECTION_BYTES);
}

/// A route that asks introspection still asks for credentials first.
#[test]
fn without_a_token_introspection_is_not_asked() {
    let mut world = World::new(&merged(introspecting_policy(), json!({ "explain": true })));
    let request = Request { method: "GET", path: "/admin", ..Request::default() };
    assert_eq!(verdict(world.call(&request)), (401, "credentials_missing"));
    assert!(world.fetched.is_empty());
}
