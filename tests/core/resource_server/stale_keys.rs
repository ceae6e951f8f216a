//! Key sets that are due and can't be refreshed: how long they serve, and that it is said of each decision (RFC 5861 section 4).

use edgeward::{
    UnixTime,
    crypto::{FastEngine, Host},
    limits::{
        FETCH_BACKOFF_SECONDS, KEY_SET_REFRESH_AHEAD_SECONDS, KEY_SET_TTL_SECONDS, MAX_STALE_IF_ERROR_SECONDS,
        STALE_IF_ERROR_SECONDS,
    },
    resource_server::{Decision, Gate, Policy, Progress, Request},
};
use serde_json::{Value, json};

use crate::{
    outside::{NOW, World, claims_with, introspecting_policy, merged, policy, verdict},
    policy::paths,
    signing::{Key, key_set},
};

fn token(key: Key) -> String {
    key.sign(&claims_with(json!({ "exp": NOW + 10 * MAX_STALE_IF_ERROR_SECONDS })))
}

fn warm(policy: &Value) -> World {
    let mut world = World::new(policy);
    world.key_set = Some(key_set());
    world.get("/data", &token(Key::Rsa));
    world.key_set = None;
    world
}

fn with_stale(seconds: u64) -> Value {
    merged(policy(), json!({ "keys": { "stale_if_error_seconds": seconds } }))
}

/// Whether it was let through, and whether that is said to be by keys that are due.
fn seen(decision: &Decision) -> (bool, bool) {
    match decision {
        Decision::Forward(forward) => (true, forward.key_set_is_stale),
        Decision::Respond(response) => (false, response.key_set_is_stale),
    }
}

const FRESHLY: (bool, bool) = (true, false);
const STALELY: (bool, bool) = (true, true);

#[test]
fn a_stale_set_serves_as_long_as_the_policy_says_and_every_decision_says_so() {
    for (policy, bound) in [
        (policy(), STALE_IF_ERROR_SECONDS),
        (with_stale(60), 60),
        (with_stale(MAX_STALE_IF_ERROR_SECONDS), MAX_STALE_IF_ERROR_SECONDS),
    ] {
        let mut world = warm(&policy);
        world.now = NOW + KEY_SET_TTL_SECONDS - 1;
        assert_eq!(seen(&world.get("/data", &token(Key::Rsa))), FRESHLY);
        for age in [KEY_SET_TTL_SECONDS, KEY_SET_TTL_SECONDS + bound - 1] {
            world.now = NOW + age;
            // The first has the fetch fail, the second comes while the endpoint is left alone; one is known, the other new.
            for key in Key::BOTH {
                assert_eq!(seen(&world.get("/data", &token(key))), STALELY, "{age}");
            }
        }
        let forged = format!("{}AAAA", token(Key::Rsa));
        let refusal = world.get("/data", &forged);
        assert_eq!(seen(&refusal), (false, true), "a refusal by such keys, too");
        let unscoped = Key::Rsa.sign(&claims_with(json!({ "exp": world.now + 10, "iat": world.now, "scope": "x" })));
        for _ in 0..2 {
            assert_eq!(seen(&world.get("/data", &unscoped)), (false, true), "whatever it is refused for");
        }
        assert_eq!(seen(&world.get("/data", "x.y")), (false, false), "no key was used");
        world.now = NOW + KEY_SET_TTL_SECONDS + bound;
        let too_old = world.get("/data", &token(Key::Rsa));
        assert_eq!(seen(&too_old), (false, false));
        assert_eq!(verdict(too_old), (503, "key_set_unavailable"));
    }
}

/// 0 turns it off: a set that is due and can't be refreshed serves nobody.
#[test]
fn without_stale_keys_an_outage_is_503_when_the_set_is_due() {
    let mut world = warm(&with_stale(0));
    world.now = NOW + KEY_SET_TTL_SECONDS - 1;
    assert_eq!(seen(&world.get("/data", &token(Key::Rsa))), FRESHLY);
    world.now += 1;
    for key in Key::BOTH {
        assert_eq!(verdict(world.get("/data", &token(key))), (503, "key_set_unavailable"));
    }
}

/// Attack 26: a key that was removed meanwhile stops working after the next good refresh, which ends the mark as well.
#[test]
fn the_next_good_refresh_ends_a_removed_key_and_the_mark() {
    let mut world = warm(&policy());
    world.now = NOW + KEY_SET_TTL_SECONDS;
    assert_eq!(seen(&world.get("/data", &token(Key::Rsa))), STALELY);
    world.key_set = Some(json!({ "keys": [Key::Ec.jwk()] }).to_string());
    world.now += FETCH_BACKOFF_SECONDS;
    assert_eq!(verdict(world.get("/data", &token(Key::Rsa))), (401, "key_unknown"));
    assert_eq!(seen(&world.get("/data", &token(Key::Ec))), FRESHLY);
}

/// A refresh that fails ahead of time makes nothing stale.
#[test]
fn a_set_that_is_not_due_is_not_stale_whatever_failed() {
    let mut world = warm(&policy());
    world.now = NOW + KEY_SET_REFRESH_AHEAD_SECONDS;
    assert_eq!(seen(&world.get("/data", &token(Key::Rsa))), FRESHLY);
    let (_, refresh) = world.gate.begin_refresh(world.time()).unwrap();
    assert!(world.gate.resume_refresh(refresh, None, world.time()).is_none());
    assert_eq!(seen(&world.get("/data", &token(Key::Rsa))), FRESHLY);
}

/// What was found with such keys stays so when introspection, or the host's verdict on the signature, is asked afterwards.
#[test]
fn the_mark_outlasts_what_is_asked_afterwards() {
    let mut world = warm(&introspecting_policy());
    world.now = NOW + KEY_SET_TTL_SECONDS;
    let active = json!({
        "active": true, "iss": "https://as.example", "aud": "https://api.example", "scope": "admin",
        "exp": world.now + 60,
    });
    world.introspection = Some(active.to_string());
    assert_eq!(seen(&world.get("/admin", &token(Key::Rsa))), STALELY);
    // An opaque token needs no keys.
    assert_eq!(seen(&world.get("/admin", "opaque")), FRESHLY);

    let mut world = World::new(&policy());
    let policy = Policy::parse(&policy().to_string()).unwrap();
    world.gate = Gate::new(policy, [].into(), Box::new(Host::of_all(FastEngine))).unwrap();
    world.key_set = Some(key_set());
    world.host = Some("holds");
    assert_eq!(seen(&world.get("/data", &token(Key::Rsa))), FRESHLY);
    world.key_set = None;
    world.now = NOW + KEY_SET_TTL_SECONDS;
    assert_eq!(seen(&world.get("/data", &token(Key::Ec))), STALELY);
}

/// Others go on with a set that is due while one request has it fetched: that is said as well.
#[test]
fn what_is_decided_while_a_set_that_is_due_is_fetched_is_marked() {
    let mut world = warm(&policy());
    let now = UnixTime::from_seconds(NOW + KEY_SET_TTL_SECONDS);
    let mut ask = |key: Key| {
        let authorization = format!("Bearer {}", token(key));
        let request =
            Request { method: "GET", path: "/data", authorization: Some(&authorization), ..Request::default() };
        world.gate.authorize(&request, now)
    };
    let Progress::Need(_, fetching) = ask(Key::Rsa) else { panic!("it has to fetch") };
    let Progress::Decided(decision) = ask(Key::Ec) else { panic!("it goes on") };
    assert_eq!(seen(&decision), STALELY);
    let Progress::Decided(decision) = world.gate.resume(fetching, Some(&key_set()), now) else { panic!("decided") };
    assert_eq!(seen(&decision), FRESHLY);
}

#[test]
fn the_policy_member_has_its_bounds() {
    for (keys, path) in [
        (json!({ "stale_if_error_seconds": MAX_STALE_IF_ERROR_SECONDS + 1 }), "keys.stale_if_error_seconds"),
        (json!({ "stale_if_error_seconds": -1 }), "keys.stale_if_error_seconds"),
        (json!({ "stale_if_error_seconds": "1" }), "keys.stale_if_error_seconds"),
        (json!({ "stale_if_error": 1 }), "keys.stale_if_error"),
        (json!(true), "keys"),
    ] {
        assert_eq!(paths(&merged(policy(), json!({ "keys": keys }))), [path]);
    }
}
