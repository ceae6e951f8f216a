//! A key set that is about to be due is refreshed beside the requests, by one of them, while all go on with what is there.

use edgeward::{
    UnixTime,
    limits::{FETCH_BACKOFF_SECONDS, FETCH_UNDER_WAY_SECONDS, KEY_SET_REFRESH_AHEAD_SECONDS, KEY_SET_TTL_SECONDS},
    resource_server::{Gate, Need, Refresh},
};
use serde_json::{Value, json};

use crate::{
    outside::{
        AUDIENCE, ISSUER, JWKS_URL, METADATA_URL, NOW, World, claims_with, forwarded, metadata, policy, verdict,
    },
    signing::{Key, key_set},
};

const AHEAD: u64 = NOW + KEY_SET_REFRESH_AHEAD_SECONDS;

fn token(key: Key) -> String {
    key.sign(&claims_with(json!({ "exp": NOW + 100_000 })))
}

/// A world whose gate has fetched this set at [`NOW`].
fn warm_with(policy: &Value, key_set: String) -> World {
    let mut world = World::new(policy);
    world.key_set = Some(key_set);
    forwarded(world.get("/data", &token(Key::Rsa)));
    world.take_fetched();
    world
}

fn warm() -> World {
    warm_with(&policy(), key_set())
}

fn passes(world: &mut World, key: Key) {
    forwarded(world.get("/data", &token(key)));
    assert!(world.take_fetched().is_empty(), "no request fetches, and none waits");
}

const fn at(seconds: u64) -> UnixTime {
    UnixTime::from_seconds(seconds)
}

/// What the refresh needs, where there is one.
fn begin(gate: &mut Gate, now: u64) -> Option<(String, Refresh)> {
    match gate.begin_refresh(at(now))? {
        (Need::KeySet { url } | Need::Metadata { url }, refresh) => Some((url, refresh)),
        (need, _) => panic!("{need:?}"),
    }
}

#[test]
fn a_set_that_is_about_to_be_due_is_refreshed_by_one_and_serves_all_meanwhile() {
    let mut world = warm();
    world.now = AHEAD - 1;
    passes(&mut world, Key::Ec);
    assert!(!world.gate.is_refresh_due(), "not yet");
    // A known token and a new one ask for it alike.
    for key in [Key::Rsa, Key::Ec] {
        let mut world = warm();
        world.now = AHEAD;
        passes(&mut world, key);
        assert!(world.gate.is_refresh_due());
        let (url, refresh) = begin(&mut world.gate, AHEAD).unwrap();
        assert_eq!(url, JWKS_URL);
        for key in Key::BOTH {
            passes(&mut world, key);
        }
        assert!(!world.gate.is_refresh_due(), "one is enough");
        assert!(begin(&mut world.gate, AHEAD).is_none());
        assert!(world.gate.resume_refresh(refresh, Some(&key_set()), at(AHEAD)).is_none());
        world.now = AHEAD + KEY_SET_REFRESH_AHEAD_SECONDS - 1;
        passes(&mut world, key);
        assert!(!world.gate.is_refresh_due(), "the new set has its own time");
    }
}

/// Attack 26: what was refreshed beside the requests replaces the set before: a key that was removed stops working then.
#[test]
fn a_removed_key_stops_working_at_the_refresh() {
    let mut world = warm();
    world.now = AHEAD;
    passes(&mut world, Key::Rsa);
    let (_, refresh) = begin(&mut world.gate, AHEAD).unwrap();
    let only_ec = json!({ "keys": [Key::Ec.jwk()] }).to_string();
    assert!(world.gate.resume_refresh(refresh, Some(&only_ec), at(AHEAD)).is_none());
    world.key_set = Some(only_ec);
    assert_eq!(verdict(world.get("/data", &token(Key::Rsa))), (401, "key_unknown"));
    forwarded(world.get("/data", &token(Key::Ec)));
}

/// By metadata where the policy names no `jwks_uri`, and that is old.
#[test]
fn metadata_that_is_old_is_refreshed_on_the_way() {
    let mut policy = policy();
    policy["issuers"] = json!([{ "issuer": ISSUER, "audience": AUDIENCE }]);
    let mut world = warm_with(&policy, key_set());
    let mut now = NOW;
    let mut asked = Vec::new();
    for _ in 0..8 {
        now += KEY_SET_REFRESH_AHEAD_SECONDS;
        world.now = now;
        passes(&mut world, Key::Rsa);
        let (mut url, mut refresh) = begin(&mut world.gate, now).unwrap();
        if url == METADATA_URL {
            asked.push(url);
            let next = world.gate.resume_refresh(refresh, Some(&metadata().to_string()), at(now));
            let Some((Need::KeySet { url: next_url }, next)) = next else { panic!("{next:?}") };
            (url, refresh) = (next_url, next);
        }
        assert_eq!(url, JWKS_URL);
        assert!(world.gate.resume_refresh(refresh, Some(&key_set()), at(now)).is_none());
    }
    assert_eq!(asked.len(), 1, "once in an hour");
}

/// Attack 30: a refresh that fails spoils nothing, and is tried again when the endpoint is no longer left alone.
#[test]
fn a_refresh_that_fails_leaves_the_set_its_time_and_is_tried_again() {
    for answer in [None, Some("<html>")] {
        let mut world = warm();
        world.now = AHEAD;
        passes(&mut world, Key::Rsa);
        let (_, refresh) = begin(&mut world.gate, AHEAD).unwrap();
        assert!(world.gate.resume_refresh(refresh, answer, at(AHEAD)).is_none());
        world.now = AHEAD + FETCH_BACKOFF_SECONDS - 1;
        passes(&mut world, Key::Ec);
        assert!(!world.gate.is_refresh_due(), "left alone");
        world.now = AHEAD + FETCH_BACKOFF_SECONDS;
        passes(&mut world, Key::Ec);
        assert!(begin(&mut world.gate, world.now).is_some());
    }
}

/// A refresh that never comes back is another's after as long as a fetch may take.
#[test]
fn a_refresh_that_never_ends_is_begun_again() {
    let mut world = warm();
    world.now = AHEAD;
    passes(&mut world, Key::Rsa);
    let _gone = begin(&mut world.gate, AHEAD).unwrap();
    world.now = AHEAD + FETCH_UNDER_WAY_SECONDS;
    passes(&mut world, Key::Rsa);
    assert!(begin(&mut world.gate, world.now).is_some());
}

/// Where nobody runs refreshes, the set is fetched by a request when it is due, as ever.
#[test]
fn without_refreshes_a_request_fetches_when_the_set_is_due() {
    let mut world = warm();
    world.now = NOW + KEY_SET_TTL_SECONDS - 1;
    passes(&mut world, Key::Rsa);
    world.now += 1;
    forwarded(world.get("/data", &token(Key::Rsa)));
    assert_eq!(world.take_fetched(), [JWKS_URL]);
    assert!(begin(&mut world.gate, world.now).is_none(), "the flag is old, and the set is new");
}
