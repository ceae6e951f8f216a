//! The memory of good tokens changes no verdict: two gates, one with it and one without, are asked the same.
//!
//! Thousands of requests in an order that looks random: good tokens and forged ones, clocks that run and jump, keys that come
//! and go, introspection that changes its mind. Whatever one gate answers, and whatever it asks for, the other does too.

use edgeward::{
    limits::{KEY_SET_TTL_SECONDS, STALE_IF_ERROR_SECONDS},
    resource_server::Decision,
};
use serde_json::{Value, json};

use crate::{
    counting::{Counted, Numbers, sealed},
    outside::{ISSUER, NOW, claims_with, introspecting_policy, merged},
    signing::{Key, key_set},
};

/// Two issuers, one behind metadata, and a route of each kind.
fn document(token_cache: &Value) -> Value {
    let mut document = merged(introspecting_policy(), json!({ "token_cache": token_cache }));
    let mut second = document["issuers"][0].clone();
    second["issuer"] = json!("https://other.example");
    second["clock_tolerance_seconds"] = json!(0);
    second["jwks_uri"] = json!("https://other.example/jwks");
    document["issuers"].as_array_mut().unwrap().push(second);
    document
}

/// Tokens of both issuers with every combination of what can go wrong later or has gone wrong already.
fn tokens() -> Vec<String> {
    let mut tokens = Vec::new();
    for issuer in [ISSUER, "https://other.example"] {
        for (exp, iat) in [(300, -10), (600, 0), (700_000, -10), (1, -10), (-40, -50), (700_000, 40)] {
            for scope in ["data:read", "admin data:read", ""] {
                let at = |offset: i64| i64::try_from(NOW).unwrap() + offset;
                tokens.push(sealed(&claims_with(json!({
                    "iss": issuer, "exp": at(exp), "iat": at(iat), "nbf": at(iat), "scope": scope, "jti": "jti-2",
                }))));
                tokens.push(sealed(&claims_with(json!({
                    "iss": issuer, "exp": at(exp), "iat": at(iat), "nbf": at(iat), "scope": scope,
                }))));
            }
        }
    }
    let forged: Vec<String> = tokens
        .iter()
        .step_by(5)
        .zip(tokens.iter().skip(1).step_by(5))
        .map(|(one, other)| format!("{}.{}", one.rsplit_once('.').unwrap().0, other.rsplit_once('.').unwrap().1))
        .collect();
    tokens.extend(forged);
    tokens
}

/// Everything of an answer that anybody could see, and the private reason.
fn shown(decision: Decision) -> String {
    match decision {
        Decision::Forward(forward) => format!("{} {:?} {:?}", forward.url, forward.headers(), forward.response_headers),
        Decision::Respond(response) => format!("{response:?}"),
    }
}

/// What changes between requests, in both worlds alike.
fn change(worlds: [&mut Counted; 2], numbers: &mut Numbers) {
    let ec_only = json!({ "keys": [Key::Ec.jwk()] }).to_string();
    let rsa_only = json!({ "keys": [Key::Rsa.jwk()] }).to_string();
    let now = worlds[0].world.now;
    let introspected = |changes: Value| Some(merged(claims_with(json!({ "active": true })), changes).to_string());
    let (what, which) = (numbers.below(16), numbers.below(6));
    for Counted { world, .. } in worlds {
        match what {
            0..=3 => world.now = now + [1, 2, 5, 29, 31, 120][which],
            4 => world.now = now + [KEY_SET_TTL_SECONDS, 300, 600, 10, 20, STALE_IF_ERROR_SECONDS][which],
            5 => world.now = now - [1, 2, 5, 30, 299, 1_000][which],
            6..=8 => world.now = NOW,
            9 | 10 => {
                world.key_set = match which {
                    0 => Some(ec_only.clone()),
                    1 => Some(rsa_only.clone()),
                    2 => None,
                    3 => Some(r#"{"keys":[]}"#.into()),
                    _ => Some(key_set()),
                };
            }
            11 | 12 => world.key_set = Some(key_set()),
            _ => {
                world.introspection = match which {
                    0 => None,
                    1 => Some(r#"{"active":false}"#.into()),
                    2 => introspected(json!({ "scope": "admin", "exp": now + 60 })),
                    3 => introspected(json!({ "sub": "user-2", "exp": now + 60 })),
                    _ => introspected(json!({ "iss": null, "exp": now + 60, "iat": null })),
                };
            }
        }
    }
}

#[test]
fn every_answer_is_the_same_with_the_memory_and_without() {
    let tokens = tokens();
    let mut forwarded = 0;
    let (mut checks_with, mut checks_without) = (0, 0);
    for (seed, token_cache) in [(1, json!(true)), (2, json!({ "max_entries": 4 })), (3, json!({ "max_entries": 40 }))] {
        let mut numbers = Numbers(seed);
        let (mut with, mut without) =
            (Counted::of_seals(&document(&token_cache)), Counted::of_seals(&document(&json!(false))));
        for step in 0..2_000 {
            if numbers.below(8) == 0 {
                change([&mut with, &mut without], &mut numbers);
            }
            // A few tokens come again and again.
            let token = &tokens[numbers.below(tokens.len()).min(numbers.below(tokens.len()))];
            let path = ["/me", "/me", "/data", "/data", "/data", "/admin", "/admin", "/nowhere"][numbers.below(8)];
            let ((one, few), (other, many)) = (with.get(path, token), without.get(path, token));
            forwarded += usize::from(matches!(one, Decision::Forward(_)));
            assert_eq!(shown(one), shown(other), "seed {seed}, step {step}, {path} at {}", with.world.now);
            assert_eq!(with.world.take_fetched(), without.world.take_fetched(), "seed {seed}, step {step}");
            assert!(few <= many);
            checks_with += few;
            checks_without += many;
        }
    }
    assert!(forwarded > 1_000, "{forwarded} passed: too few to show anything");
    assert!(checks_with * 4 < checks_without * 3, "{checks_with} of {checks_without}: the memory was hardly used");
}
