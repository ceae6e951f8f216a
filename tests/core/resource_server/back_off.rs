//! Endpoints that fail are left alone, longer each time, and callers are told how long.

use edgeward::limits::{FETCH_BACKOFF_SECONDS, FETCH_UNDER_WAY_SECONDS, MAX_FETCH_BACKOFF_SECONDS};
use edgeward::{
    UnixTime,
    resource_server::{Decision, Gate, Need, Pending, Progress, Request},
};
use serde_json::json;

use crate::{
    outside::{
        JWKS_URL, NOW, World, claims_with, forwarded, gate, header, introspecting_policy, only_metadata, policy,
        refused,
    },
    signing::{Key, key_set},
};

fn token() -> String {
    Key::Ec.sign(&claims_with(json!({ "exp": NOW + 100_000 })))
}

/// What a refusal with 503 says in `Retry-After`.
fn retry_after(decision: Decision) -> u64 {
    let response = refused(decision);
    assert_eq!(response.status, 503);
    header(&response.headers, "retry-after").expect("it says when").parse().expect("seconds")
}

/// The seconds between fetches of an endpoint that goes on failing, as a caller sees them who comes every second.
fn pauses(world: &mut World, path: &str, token: &str) -> Vec<u64> {
    let mut pauses = Vec::new();
    while pauses.len() < 7 {
        let seconds = retry_after(world.get(path, token));
        assert!(!world.take_fetched().is_empty(), "it is asked again when that was said");
        for left in (1..seconds).rev() {
            world.now += 1;
            assert_eq!(retry_after(world.get(path, token)), left, "the truth");
            assert!(world.take_fetched().is_empty(), "left alone");
        }
        world.now += 1;
        pauses.push(seconds);
    }
    pauses
}

const GROWING: [u64; 7] = [5, 10, 20, 40, 60, 60, 60];

/// RFC 9110 section 10.2.3, attack 30: a key endpoint that is down is asked less and less, down to a bound.
#[test]
fn the_key_set_is_left_alone_longer_after_each_failure() {
    let mut world = World::new(&policy());
    assert_eq!(pauses(&mut world, "/data", &token()), GROWING);
    assert_eq!((GROWING[0], GROWING[6]), (FETCH_BACKOFF_SECONDS, MAX_FETCH_BACKOFF_SECONDS));
    // A good answer ends it.
    world.key_set = Some(key_set());
    forwarded(world.get("/data", &token()));
    world.now += 10_000;
    world.key_set = Some("none".into());
    let unknown = Key::Rsa.sign_with(&json!({ "alg": "RS256", "kid": "x", "typ": "at+jwt" }), &claims_with(json!({})));
    assert_eq!(retry_after(world.get("/data", &unknown)), FETCH_BACKOFF_SECONDS);
}

/// The same of metadata on the way to the keys.
#[test]
fn metadata_is_left_alone_longer_after_each_failure() {
    let mut policy = policy();
    policy["issuers"][0].as_object_mut().unwrap().remove("jwks_uri");
    let mut world = World::new(&policy);
    world.metadata = None;
    assert_eq!(pauses(&mut world, "/data", &token()), GROWING);
}

/// And of metadata on the way to introspection, which does not hold up the keys.
#[test]
fn metadata_for_introspection_is_left_alone_longer_after_each_failure() {
    let mut policy = introspecting_policy();
    policy["issuers"][0]["introspection"].as_object_mut().unwrap().remove("introspection_endpoint");
    let mut world = World::new(&policy);
    world.metadata = None;
    assert_eq!(pauses(&mut world, "/admin", "opaque"), GROWING);
    world.key_set = Some(key_set());
    forwarded(world.get("/data", &token()));
    assert_eq!(world.take_fetched(), [JWKS_URL]);
    world.metadata = Some(crate::outside::metadata().to_string());
    world.introspection = Some("{".into());
    assert_eq!(retry_after(world.get("/admin", "opaque")), FETCH_BACKOFF_SECONDS);
    assert!(!only_metadata(&world.take_fetched()), "it was asked itself");
}

fn begin(gate: &mut Gate, now: u64) -> Pending {
    let authorization = format!("Bearer {}", token());
    let request = Request { method: "GET", path: "/data", authorization: Some(&authorization), ..Request::default() };
    match gate.authorize(&request, UnixTime::from_seconds(now)) {
        Progress::Need(_, pending) => pending,
        Progress::Decided(decision) => panic!("{decision:?}"),
    }
}

/// Two requests whose fetches end badly at the same moment have seen one failure, not two.
#[test]
fn failures_at_one_moment_count_as_one() {
    let mut gate = gate(&policy());
    let later = NOW + FETCH_UNDER_WAY_SECONDS;
    let both = [begin(&mut gate, NOW), begin(&mut gate, later)];
    for pending in both {
        let Progress::Decided(decision) = gate.resume(pending, None, UnixTime::from_seconds(later)) else {
            panic!("undecided")
        };
        assert_eq!(retry_after(decision), FETCH_BACKOFF_SECONDS);
    }
}

/// A request that a runtime has held still comes with a failure of long ago: it is told so, the fetch that another has begun since goes on, and
/// the endpoint, which has not failed, is asked.
#[test]
fn a_fetch_that_fails_after_it_was_given_up_opens_no_back_off() {
    let mut gate = gate(&policy());
    let at = |second| UnixTime::from_seconds(NOW + second);
    let held = begin(&mut gate, NOW);
    let second = begin(&mut gate, NOW + FETCH_UNDER_WAY_SECONDS);
    let Progress::Decided(decision) = gate.resume(held, None, at(FETCH_UNDER_WAY_SECONDS + 1)) else {
        panic!("undecided")
    };
    assert_eq!(refused(decision).status, 503);
    let authorization = format!("Bearer {}", token());
    let request = Request { method: "GET", path: "/data", authorization: Some(&authorization), ..Request::default() };
    let waiting = match gate.authorize(&request, at(FETCH_UNDER_WAY_SECONDS + 1)) {
        Progress::Need(Need::Moment { .. }, pending) => pending,
        other => panic!("{other:?}"),
    };
    for (pending, answer) in [(second, Some(key_set())), (waiting, None)] {
        let Progress::Decided(decision) = gate.resume(pending, answer.as_deref(), at(FETCH_UNDER_WAY_SECONDS + 2))
        else {
            panic!("undecided")
        };
        forwarded(decision);
    }
}
