//! One issuer's keys in memory: when they serve, when they are fetched, when the endpoint is left alone.

use edgeward::limits::{
    FETCH_BACKOFF_SECONDS, KEY_SET_TTL_SECONDS, MAX_FETCH_BACKOFF_SECONDS, MAX_KEY_SET_BYTES, MAX_KEY_SET_KEYS,
    STALE_IF_ERROR_SECONDS,
};
use serde_json::{Value, json};

use crate::{
    outside::{
        JWKS_URL, NOW, World, claims_with, code, forwarded, header, introspecting_policy, only_metadata, policy,
        refused, verdict,
    },
    signing::{Key, key_set},
};

/// A token that lives as long as these tests look ahead.
fn token(key: Key) -> String {
    key.sign(&long_lived())
}

fn long_lived() -> Value {
    claims_with(json!({ "exp": NOW + 10 * STALE_IF_ERROR_SECONDS }))
}

fn set_of(keys: &[Value]) -> String {
    json!({ "keys": keys }).to_string()
}

/// A world whose gate has fetched the set of both keys at [`NOW`].
fn warm() -> World {
    let mut world = World::new(&policy());
    world.key_set = Some(key_set());
    forwarded(world.get("/data", &token(Key::Rsa)));
    assert_eq!(world.take_fetched(), [JWKS_URL]);
    world
}

/// A set in memory serves every token until its time is over, then it is fetched again.
#[test]
fn a_key_set_is_fetched_once_and_again_when_its_time_is_over() {
    let mut world = warm();
    for key in Key::BOTH {
        forwarded(world.get("/data", &token(key)));
    }
    world.now = NOW + KEY_SET_TTL_SECONDS - 1;
    forwarded(world.get("/data", &token(Key::Ec)));
    assert!(world.take_fetched().is_empty());
    world.now = NOW + KEY_SET_TTL_SECONDS;
    forwarded(world.get("/data", &token(Key::Ec)));
    assert_eq!(world.take_fetched(), [JWKS_URL]);
    world.now += KEY_SET_TTL_SECONDS - 1;
    forwarded(world.get("/data", &token(Key::Ec)));
    assert!(world.take_fetched().is_empty(), "the new set has its own time");
}

/// Attack 26 (CVE-2025-22149): a refreshed set replaces the old, so a key that was removed stops working.
#[test]
fn a_removed_key_stops_working_at_the_refresh() {
    let mut world = warm();
    world.key_set = Some(set_of(&[Key::Ec.jwk()]));
    world.now = NOW + KEY_SET_TTL_SECONDS;
    assert_eq!(verdict(world.get("/data", &token(Key::Rsa))), (401, "key_unknown"));
    forwarded(world.get("/data", &token(Key::Ec)));
}

/// An outage of the authorization server does not take the API down, for as long as the bound says and no longer.
#[test]
fn a_stale_set_serves_during_an_outage_up_to_its_bound() {
    let mut world = warm();
    world.key_set = None;
    for age in [KEY_SET_TTL_SECONDS, STALE_IF_ERROR_SECONDS / 2, KEY_SET_TTL_SECONDS + STALE_IF_ERROR_SECONDS - 1] {
        world.now = NOW + age;
        forwarded(world.get("/data", &token(Key::Rsa)));
        assert_eq!(world.take_fetched(), [JWKS_URL], "it is tried again after {age} seconds");
    }
    world.now = NOW + KEY_SET_TTL_SECONDS + STALE_IF_ERROR_SECONDS;
    assert_eq!(verdict(world.get("/data", &token(Key::Rsa))), (503, "key_set_unavailable"));
    world.now += MAX_FETCH_BACKOFF_SECONDS;
    world.key_set = Some(key_set());
    forwarded(world.get("/data", &token(Key::Rsa)));
}

/// Attack 30, RFC 9110 section 15.6.4: after a failure the endpoint is left alone, and callers are told when to come back.
#[test]
fn after_a_failed_fetch_the_endpoint_is_left_alone() {
    let mut world = World::new(&policy());
    let response = refused(world.get("/data", &token(Key::Rsa)));
    assert_eq!((response.status, code(&response)), (503, "key_set_unavailable"));
    assert_eq!(header(&response.headers, "retry-after"), Some("5"));
    assert_eq!(header(&response.headers, "www-authenticate"), None, "the token is not at fault");
    assert_eq!(response.body, r#"{"status":503,"title":"Service Unavailable","type":"about:blank"}"#);
    assert_eq!(world.take_fetched(), [JWKS_URL]);
    world.key_set = Some(key_set());
    for second in 0..FETCH_BACKOFF_SECONDS {
        world.now = NOW + second;
        assert_eq!(verdict(world.get("/data", &token(Key::Ec))), (503, "key_set_unavailable"));
    }
    assert!(world.take_fetched().is_empty());
    world.now = NOW + FETCH_BACKOFF_SECONDS;
    forwarded(world.get("/data", &token(Key::Ec)));
}

/// The same with a stale set: it serves at once while the endpoint is left alone.
#[test]
fn a_stale_set_serves_without_a_fetch_while_the_endpoint_is_left_alone() {
    let mut world = warm();
    world.key_set = None;
    world.now = NOW + KEY_SET_TTL_SECONDS;
    for _ in 0..3 {
        forwarded(world.get("/data", &token(Key::Rsa)));
    }
    assert_eq!(world.take_fetched(), [JWKS_URL]);
}

/// A key that was added is found by the first token that names it, before the set's time is over.
#[test]
fn a_new_key_is_fetched_when_a_token_names_it() {
    let mut world = World::new(&policy());
    world.key_set = Some(set_of(&[Key::Rsa.jwk()]));
    forwarded(world.get("/data", &token(Key::Rsa)));
    world.take_fetched();
    world.key_set = Some(key_set());
    world.now += 1;
    forwarded(world.get("/data", &token(Key::Ec)));
    assert_eq!(world.take_fetched(), [JWKS_URL]);
}

/// A bad signature under a known key says nothing of the key set, so it never causes a fetch.
#[test]
fn a_bad_signature_makes_no_fetch() {
    let mut world = warm();
    let good = token(Key::Rsa);
    let other = Key::Rsa.sign(&claims_with(json!({ "sub": "x" })));
    let forged = format!("{}.{}", good.rsplit_once('.').unwrap().0, other.rsplit_once('.').unwrap().1);
    assert_eq!(verdict(world.get("/data", &forged)), (401, "signature_invalid"));
    assert!(world.take_fetched().is_empty());
}

/// "Keys that can't be had are a 503, never a 401": the new key may be in the set that could not be fetched.
#[test]
fn an_unknown_kid_is_not_judged_while_the_set_cannot_be_fetched() {
    let mut world = World::new(&policy());
    world.key_set = Some(set_of(&[Key::Rsa.jwk()]));
    forwarded(world.get("/data", &token(Key::Rsa)));
    world.key_set = None;
    world.now += 1;
    assert_eq!(verdict(world.get("/data", &token(Key::Ec))), (503, "key_set_unavailable"));
    forwarded(world.get("/data", &token(Key::Rsa)));
}

/// The same for the requests that come while the endpoint is left alone after that failure.
#[test]
fn an_unknown_kid_is_not_judged_while_the_endpoint_is_left_alone() {
    let mut world = World::new(&policy());
    world.key_set = Some(set_of(&[Key::Rsa.jwk()]));
    forwarded(world.get("/data", &token(Key::Rsa)));
    world.key_set = None;
    for now in [NOW + 1, NOW + KEY_SET_TTL_SECONDS] {
        world.now = now;
        assert_eq!(verdict(world.get("/data", &token(Key::Ec))), (503, "key_set_unavailable"), "the fetch fails");
        assert_eq!(verdict(world.get("/data", &token(Key::Ec))), (503, "key_set_unavailable"), "left alone");
    }
}

/// Attacks 28 and 33: a document that is no usable key set changes nothing; the keys in memory go on serving.
#[test]
fn a_bad_key_set_keeps_the_old() {
    let padded = format!("{}{}", key_set(), " ".repeat(MAX_KEY_SET_BYTES));
    let crowd = json!({ "keys": vec![json!({ "kty": "x" }); MAX_KEY_SET_KEYS + 1] }).to_string();
    let twice = r#"{"keys":[],"keys":[]}"#;
    for document in ["", "<html>", "null", "[]", "{}", r#"{"keys":{}}"#, r#"{"keys":["#, twice, &padded, &crowd] {
        let mut world = warm();
        world.key_set = Some(document.into());
        world.now = NOW + KEY_SET_TTL_SECONDS;
        forwarded(world.get("/data", &token(Key::Rsa)));
        forwarded(world.get("/data", &token(Key::Ec)));
        assert_eq!(world.take_fetched(), [JWKS_URL], "it counts as a failed fetch");

        let mut cold = World::new(&policy());
        cold.key_set = Some(document.into());
        assert_eq!(verdict(cold.get("/data", &token(Key::Rsa))), (503, "key_set_unavailable"));
    }
}

/// Attack 28 (CVE-2026-102274): an unusable key beside good ones is left out and spoils nothing.
#[test]
fn one_bad_key_does_not_spoil_the_set() {
    let private = json!({ "kty": "EC", "crv": "P-256", "kid": "p", "x": "AA", "y": "AA", "d": "AA" });
    let junk = [json!(null), json!(1), json!("x"), json!({}), json!({ "kty": "oct", "k": "AA" }), private];
    for bad in junk {
        let mut world = World::new(&policy());
        world.key_set = Some(set_of(&[bad.clone(), Key::Rsa.jwk(), bad, Key::Ec.jwk()]));
        for key in Key::BOTH {
            forwarded(world.get("/data", &token(key)));
        }
    }
}

/// A set in which no key can be used is a failed fetch: attack 40 where its keys show private members.
#[test]
fn a_set_without_a_usable_key_is_unavailable() {
    let mut leaked = Key::Ec.jwk();
    leaked["d"] = json!("jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI");
    let mut encryption = Key::Rsa.jwk();
    encryption["use"] = json!("enc");
    for keys in [vec![], vec![leaked], vec![encryption], vec![json!({ "kty": "oct", "k": "AAAA" })]] {
        let mut world = World::new(&policy());
        world.key_set = Some(set_of(&keys));
        for key in Key::BOTH {
            assert_eq!(verdict(world.get("/data", &token(key))), (503, "key_set_unavailable"));
        }
        assert_eq!(world.take_fetched(), [JWKS_URL]);
    }
}

/// A clock that is set back keeps the keys in use; it neither panics nor causes a storm of fetches.
#[test]
fn a_clock_that_goes_back_keeps_the_keys_in_use() {
    let mut world = warm();
    world.now = NOW - 5;
    forwarded(world.get("/data", &token(Key::Rsa)));
    assert!(world.take_fetched().is_empty());
}

/// Attack 26: a clock that had jumped ahead and came back must not keep a removed key alive until that date, nor a failure.
#[test]
fn what_a_clock_far_ahead_has_dated_is_not_believed() {
    let mut world = warm();
    world.now = NOW + 10 * STALE_IF_ERROR_SECONDS - 60;
    forwarded(world.get("/data", &token(Key::Rsa)));
    world.take_fetched();
    world.now = NOW;
    forwarded(world.get("/data", &token(Key::Rsa)));
    assert_eq!(world.take_fetched(), [JWKS_URL], "the set is fetched anew, and that one is kept");
    forwarded(world.get("/data", &token(Key::Rsa)));
    assert!(world.take_fetched().is_empty());

    let mut world = World::new(&policy());
    world.key_set = None;
    world.now = NOW + STALE_IF_ERROR_SECONDS;
    assert_eq!(verdict(world.get("/data", &token(Key::Rsa))), (503, "key_set_unavailable"));
    world.key_set = Some(key_set());
    world.now = NOW;
    forwarded(world.get("/data", &token(Key::Rsa)));
}

/// Attack 26: anyone can send an opaque token, so a failure to find the introspection endpoint must not keep the gate from
/// fetching keys, or a removed key could be kept alive from outside.
#[test]
fn failed_introspection_discovery_does_not_hold_up_the_key_set() {
    let mut policy = introspecting_policy();
    policy["issuers"][0]["introspection"].as_object_mut().unwrap().remove("introspection_endpoint");
    let mut world = World::new(&policy);
    world.metadata = None;
    world.key_set = Some(key_set());
    assert_eq!(verdict(world.get("/admin", "opaque")), (503, "introspection_unavailable"));
    assert!(only_metadata(&world.take_fetched()));
    forwarded(world.get("/data", &token(Key::Rsa)));
    assert_eq!(world.take_fetched(), [JWKS_URL]);
}

/// Attack 26: an issuer that takes all its keys out of the set has revoked them, and at once.
#[test]
fn a_set_that_was_emptied_ends_the_keys_before_it() {
    let mut world = World::new(&policy());
    world.key_set = Some(key_set());
    forwarded(world.get("/data", &token(Key::Rsa)));
    for emptied in [r#"{"keys":[]}"#, r#"{"keys":[{"kty":"oct","k":"AAAA"}]}"#] {
        world.key_set = Some(emptied.into());
        world.now += KEY_SET_TTL_SECONDS;
        assert_eq!(verdict(world.get("/data", &token(Key::Rsa))), (503, "key_set_unavailable"));
        assert_eq!(verdict(world.get("/data", &token(Key::Rsa))), (503, "key_set_unavailable"), "nothing old serves");
        world.now += FETCH_BACKOFF_SECONDS;
        world.key_set = Some(key_set());
        forwarded(world.get("/data", &token(Key::Rsa)));
    }
}
