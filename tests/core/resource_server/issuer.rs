//! Trusted issuers: how their keys are found, and that no issuer's keys serve for another.

use edgeward::limits::{FETCH_BACKOFF_SECONDS, KEY_SET_TTL_SECONDS, MAX_METADATA_BYTES, METADATA_TTL_SECONDS};
use serde_json::{Value, json};

use crate::{
    outside::{
        AUDIENCE, ISSUER, JWKS_URL, METADATA_URL, NOW, World, claims, claims_with, forwarded, merged, metadata,
        only_metadata, policy, verdict,
    },
    signing::{Key, key_set},
};

/// The policy without `jwks_uri`, with other members of its issuer set.
fn issuer_policy(changes: Value) -> Value {
    let issuer = merged(json!({ "issuer": ISSUER, "audience": AUDIENCE }), changes);
    merged(policy(), json!({ "issuers": [issuer] }))
}

fn world(policy: &Value) -> World {
    let mut world = World::new(policy);
    world.key_set = Some(key_set());
    world
}

/// RFC 8414 section 3: metadata first, then the key set it names; both kept for the next token.
#[test]
fn keys_are_found_by_discovery_and_kept() {
    for key in Key::BOTH {
        let mut world = world(&issuer_policy(json!({})));
        forwarded(world.get("/data", &key.sign(&claims())));
        assert_eq!(world.take_fetched(), [METADATA_URL, JWKS_URL]);
        forwarded(world.get("/data", &key.sign(&claims())));
        assert!(world.take_fetched().is_empty());
    }
}

/// A `jwks_uri` in the policy is asked without discovery.
#[test]
fn a_jwks_uri_of_the_policy_is_asked_directly() {
    for key in Key::BOTH {
        let mut world = world(&issuer_policy(json!({ "jwks_uri": "https://keys.example/set?v=1" })));
        world.metadata = None;
        forwarded(world.get("/data", &key.sign(&claims())));
        assert_eq!(world.take_fetched(), ["https://keys.example/set?v=1"]);
    }
}

/// Metadata is kept longer than keys, and fetched again when its own time is over.
#[test]
fn metadata_is_kept_longer_than_keys() {
    let mut world = world(&issuer_policy(json!({})));
    let token = Key::Rsa.sign(&claims_with(json!({ "exp": NOW + 10 * METADATA_TTL_SECONDS })));
    forwarded(world.get("/data", &token));
    world.take_fetched();
    world.now = NOW + METADATA_TTL_SECONDS - 1;
    forwarded(world.get("/data", &token));
    assert_eq!(world.take_fetched(), [JWKS_URL]);
    world.now += KEY_SET_TTL_SECONDS;
    // The document may have moved the key set meanwhile.
    let moved = "https://keys.example/moved";
    world.metadata = Some(merged(metadata(), json!({ "jwks_uri": moved })).to_string());
    forwarded(world.get("/data", &token));
    assert_eq!(world.take_fetched(), [METADATA_URL, moved]);
}

/// RFC 8414 section 3.3, attacks 27 and 45: a document that is not this issuer's, or not sound, leads to no key set.
#[test]
fn bad_metadata_leads_to_no_key_set() {
    let with = |changes| Some(merged(metadata(), changes).to_string());
    let twice = metadata().to_string().replacen('{', r#"{"issuer":"https://as.example","#, 1);
    let rows = [
        None,
        Some(String::new()),
        Some("<html>".into()),
        Some("[]".into()),
        Some(twice),
        Some(format!("{}{}", metadata(), " ".repeat(MAX_METADATA_BYTES))),
        with(json!({ "issuer": null })),
        with(json!({ "issuer": "https://evil.example" })),
        with(json!({ "issuer": "https://as.example/" })),
        with(json!({ "issuer": [ISSUER] })),
        with(json!({ "jwks_uri": null })),
        with(json!({ "jwks_uri": "http://as.example/jwks" })),
        with(json!({ "jwks_uri": "http://127.0.0.1/jwks" })),
        with(json!({ "jwks_uri": "file:///etc/jwks.json" })),
        with(json!({ "jwks_uri": "https://user@as.example/jwks" })),
        with(json!({ "jwks_uri": 1 })),
    ];
    for document in rows {
        let mut world = world(&issuer_policy(json!({})));
        world.metadata.clone_from(&document);
        let token = Key::Ec.sign(&claims());
        assert_eq!(verdict(world.get("/data", &token)), (503, "key_set_unavailable"), "{document:?}");
        assert!(only_metadata(&world.take_fetched()), "{document:?}");
        // And it is left alone for a moment, then asked again.
        assert_eq!(verdict(world.get("/data", &token)), (503, "key_set_unavailable"));
        assert!(world.take_fetched().is_empty());
        world.now += FETCH_BACKOFF_SECONDS;
        world.metadata = Some(metadata().to_string());
        forwarded(world.get("/data", &token));
    }
}

/// Attack 21: `iss` is compared exactly, before anything is fetched, and what is not on the list costs nothing.
#[test]
fn an_issuer_that_is_not_on_the_list_causes_no_fetch() {
    for issuer in [
        json!("https://evil.example"),
        json!("https://as.example/"),
        json!("https://as.example."),
        json!("https://as.example:443"),
        json!("https://AS.example"),
        json!("HTTPS://as.example"),
        json!("http://as.example"),
        json!("as.example"),
        json!("https://as.example/../as.example"),
        json!("https://as.example#"),
        json!("https://as.example?"),
        json!("https://as.ex\u{430}mple"),
        json!("https://as.example\0"),
        json!(" https://as.example"),
        json!("https://as.example "),
        json!(""),
        json!([ISSUER]),
        json!({ "iss": ISSUER }),
        json!(1),
        json!(true),
        json!(null),
    ] {
        let mut world = world(&issuer_policy(json!({})));
        let mut claims = claims();
        claims["iss"] = issuer.clone();
        assert_eq!(verdict(world.get("/data", &Key::Rsa.sign(&claims))), (401, "issuer_unknown"), "{issuer}");
        assert!(world.fetched.is_empty(), "{issuer}");
    }
    let mut world = world(&issuer_policy(json!({})));
    let token = Key::Rsa.sign(&claims_with(json!({ "iss": null })));
    assert_eq!(verdict(world.get("/data", &token)), (401, "issuer_unknown"));
    // Attack 11: the issuer named twice is no issuer.
    let twice = claims().to_string().replacen('{', r#"{"iss":"https://as.example","#, 1);
    let header = json!({ "alg": "RS256", "kid": "rsa-1", "typ": "at+jwt" }).to_string();
    let token = Key::Rsa.sign_texts(header.as_bytes(), twice.as_bytes());
    assert_eq!(verdict(world.get("/data", &token)), (401, "token_malformed"));
    assert!(world.fetched.is_empty());
}

/// Attack 25: each issuer has keys of its own. One that is good for the first proves nothing for the second.
#[test]
fn no_issuers_keys_serve_for_another() {
    let issuer = |name: &str| {
        json!({ "issuer": format!("https://{name}.example"), "audience": AUDIENCE,
                "jwks_uri": format!("https://{name}.example/jwks") })
    };
    let mut world = World::new(&merged(policy(), json!({ "issuers": [issuer("one"), issuer("two")] })));
    let token = |key: Key, name: &str| key.sign(&claims_with(json!({ "iss": format!("https://{name}.example") })));
    world.key_set = Some(json!({ "keys": [Key::Rsa.jwk()] }).to_string());
    forwarded(world.get("/data", &token(Key::Rsa, "one")));
    world.key_set = Some(json!({ "keys": [Key::Ec.jwk()] }).to_string());
    forwarded(world.get("/data", &token(Key::Ec, "two")));
    assert_eq!(world.take_fetched(), ["https://one.example/jwks", "https://two.example/jwks"]);
    assert_eq!(verdict(world.get("/data", &token(Key::Rsa, "two"))), (401, "key_unknown"));
    // A failure of one leaves the other alone.
    world.key_set = None;
    world.now += KEY_SET_TTL_SECONDS * 1_000;
    let later = |key: Key, name: &str, now: u64| {
        key.sign(&claims_with(json!({ "iss": format!("https://{name}.example"), "iat": now, "exp": now + 60 })))
    };
    let now = world.now;
    assert_eq!(verdict(world.get("/data", &later(Key::Rsa, "one", now))), (503, "key_set_unavailable"));
    world.key_set = Some(key_set());
    forwarded(world.get("/data", &later(Key::Ec, "two", now)));
}

/// RFC 8725 section 3.1: an issuer's allow-list decides, not the key that is there.
#[test]
fn only_the_issuers_algorithms_are_taken() {
    for allowed in Key::BOTH {
        let mut world = world(&issuer_policy(json!({ "algorithms": [allowed.alg()] })));
        for key in Key::BOTH {
            let decision = world.get("/data", &key.sign(&claims()));
            if key == allowed {
                forwarded(decision);
            } else {
                assert_eq!(verdict(decision), (401, "algorithm_not_allowed"), "{key:?}");
            }
        }
    }
}

/// Attack 23, RFC 9068 section 4, RFC 8725 section 3.11: each profile takes its own `typ`, and never another kind of token.
#[test]
fn each_token_profile_takes_its_own_type() {
    let rows = [
        (Some("at+jwt"), json!({}), true, false),
        (Some("AT+JWT"), json!({}), true, false),
        (Some("application/at+jwt"), json!({}), true, false),
        (Some("Application/At+Jwt"), json!({}), true, false),
        (None, json!({}), false, true),
        (Some("JWT"), json!({}), false, true),
        (Some("jwt"), json!({}), false, true),
        (Some("application/jwt"), json!({}), false, true),
        (Some(""), json!({}), false, false),
        (Some("at+jwt "), json!({}), false, false),
        (Some("application/application/at+jwt"), json!({}), false, false),
        (Some("dpop+jwt"), json!({}), false, false),
        (Some("logout+jwt"), json!({}), false, false),
        (Some("secevent+jwt"), json!({}), false, false),
        (Some("token-introspection+jwt"), json!({}), false, false),
        (Some("JWT"), json!({ "at_hash": "x" }), false, false),
        (Some("JWT"), json!({ "c_hash": "x" }), false, false),
        (None, json!({ "events": {} }), false, false),
    ];
    for key in Key::BOTH {
        for (typ, changes, access_token, legacy) in &rows {
            for (profile, taken) in [("at+jwt", access_token), ("jwt", legacy)] {
                let mut world = world(&issuer_policy(json!({ "token_profile": profile })));
                let header = merged(json!({ "alg": key.alg(), "kid": key.kid() }), json!({ "typ": typ }));
                let decision = world.get("/data", &key.sign_with(&header, &claims_with(changes.clone())));
                if *taken {
                    forwarded(decision);
                } else {
                    assert_eq!(verdict(decision), (401, "type_mismatch"), "{profile}: {typ:?} {changes}");
                }
            }
        }
    }
}

/// RFC 9068 section 2.2: the required claims, which an older provider's tokens may lack.
#[test]
fn required_claims_follow_the_profile() {
    for claim in ["sub", "client_id", "iat", "jti"] {
        let without = claims_with(json!({ claim: null }));
        let mut strict = world(&issuer_policy(json!({})));
        assert_eq!(verdict(strict.get("/data", &Key::Ec.sign(&without))), (401, "claim_missing"), "{claim}");
        let mut legacy = world(&issuer_policy(json!({ "token_profile": "jwt" })));
        let token = Key::Ec.sign_with(&json!({ "alg": "ES256", "kid": "ec-1" }), &without);
        forwarded(legacy.get("/data", &token));
    }
}

/// RFC 7519 section 4.1.3: `aud` names one of the policy's audiences.
#[test]
fn any_of_several_audiences_will_do() {
    let mut world = world(&issuer_policy(json!({ "audience": ["https://a.example", "https://b.example"] })));
    for audience in [json!("https://a.example"), json!("https://b.example"), json!(["x", "https://b.example"])] {
        forwarded(world.get("/data", &Key::Rsa.sign(&claims_with(json!({ "aud": audience })))));
    }
    let token = Key::Rsa.sign(&claims_with(json!({ "aud": "https://c.example" })));
    assert_eq!(verdict(world.get("/data", &token)), (401, "audience_mismatch"));
}

/// RFC 7519 section 4.1.4: a small leeway, and exactly that much; attack 19.
#[test]
fn the_clock_tolerance_is_exact() {
    for (tolerance, seconds) in [(json!(null), 30), (json!(0), 0), (json!(300), 300)] {
        let mut world = world(&issuer_policy(json!({ "clock_tolerance_seconds": tolerance })));
        let expiring = |exp: u64| Key::Ec.sign(&claims_with(json!({ "exp": exp })));
        forwarded(world.get("/data", &expiring(NOW - seconds + 1)));
        assert_eq!(verdict(world.get("/data", &expiring(NOW - seconds))), (401, "token_expired"));
        for (claim, code) in [("nbf", "token_not_yet_valid"), ("iat", "token_issued_in_future")] {
            let starting = |at: u64| Key::Ec.sign(&claims_with(json!({ claim: at })));
            forwarded(world.get("/data", &starting(NOW + seconds)));
            assert_eq!(verdict(world.get("/data", &starting(NOW + seconds + 1))), (401, code));
        }
    }
}

/// RFC 8414 section 3.1: a page or another document at the first place does not hide a good document at the second.
#[test]
fn the_second_place_is_asked_where_the_first_has_no_good_document() {
    for first in [
        None,
        Some("<html>".to_owned()),
        Some(merged(metadata(), json!({ "issuer": "https://evil.example" })).to_string()),
    ] {
        let mut world = world(&issuer_policy(json!({})));
        world.metadata = first;
        world.metadata_elsewhere = Some(metadata().to_string());
        forwarded(world.get("/data", &Key::Ec.sign(&claims())));
        let elsewhere = "https://as.example/.well-known/oauth-authorization-server";
        assert_eq!(world.take_fetched(), [METADATA_URL, elsewhere, JWKS_URL]);
    }
}
