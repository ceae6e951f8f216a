//! Tokens that name a key which is not in the set: callers choose `kid`, and keys are rotated.

use edgeward::limits::{
    DEFAULT_CLOCK_TOLERANCE_SECONDS, REMOVED_KEY_COOLDOWN_SECONDS, STALE_IF_ERROR_SECONDS, UNKNOWN_KEY_COOLDOWN_SECONDS,
};
use serde_json::{Value, json};

use crate::{
    outside::{JWKS_URL, NOW, World, claims_with, code, forwarded, header, policy, refused, verdict},
    signing::{Key, encode, key_set},
};

/// When the set was fetched that a gate here begins with.
const FETCHED: u64 = NOW;

/// Claims that are good as long as these tests look ahead, made at that moment.
fn issued_at(iat: u64) -> Value {
    claims_with(json!({ "exp": NOW + 10 * STALE_IF_ERROR_SECONDS, "iat": iat }))
}

fn token(key: Key) -> String {
    key.sign(&issued_at(NOW))
}

fn with_kid(kid: &str, iat: u64) -> String {
    Key::Rsa.sign_with(&json!({ "alg": "RS256", "kid": kid, "typ": "at+jwt" }), &issued_at(iat))
}

/// A token with that `kid` and no signature worth the name, quickly made.
fn bogus(kid: &str, iat: u64) -> String {
    let header = json!({ "alg": "RS256", "kid": kid, "typ": "at+jwt" }).to_string();
    format!("{}.{}.AAAA", encode(header.as_bytes()), encode(issued_at(iat).to_string().as_bytes()))
}

/// A world whose gate has fetched this set at [`FETCHED`].
fn warm(key_set: String) -> World {
    let mut world = World::new(&policy());
    world.key_set = Some(key_set);
    forwarded(world.get("/data", &token(Key::Rsa)));
    assert_eq!(world.take_fetched(), [JWKS_URL]);
    world
}

fn only_rsa() -> String {
    json!({ "keys": [Key::Rsa.jwk()] }).to_string()
}

/// The seconds that a refusal says to wait.
fn retry_after(world: &mut World, token: &str) -> u64 {
    let answer = refused(world.get("/data", token));
    assert_eq!((answer.status, code(&answer)), (503, "key_not_yet_known"));
    header(&answer.headers, "retry-after").expect("it says when").parse().expect("seconds")
}

/// Attack 29 (SERVER-89870): callers choose `kid` and `iat`, so unknown ones make one fetch for each cool-down, however many come. The first is
/// refused by what was fetched for it; of the others it can't be said yet.
#[test]
fn a_flood_of_unknown_kids_makes_one_fetch_for_each_cool_down() {
    let mut world = warm(key_set());
    for number in 0..10_000 {
        let expected = if number == 0 { (401, "key_unknown") } else { (503, "key_not_yet_known") };
        assert_eq!(verdict(world.get("/data", &bogus(&format!("random-{number}"), NOW))), expected);
    }
    assert_eq!(world.take_fetched(), [JWKS_URL]);
    let minute = 60;
    for second in 1..=minute {
        world.now = NOW + second;
        for number in 0..20 {
            // Old, new and from the future.
            let _ = world.get("/data", &bogus(&format!("{second}-{number}"), NOW + 5 * number));
        }
    }
    let fetches = world.take_fetched().len();
    assert_eq!(u64::try_from(fetches).unwrap(), minute / UNKNOWN_KEY_COOLDOWN_SECONDS);
}

/// In such a flood a key that was really published is found within the cool-down; until then nobody who has it is refused, and is told how long.
#[test]
fn a_rotation_in_a_flood_is_picked_up_within_the_cool_down_and_its_tokens_are_not_refused() {
    for second in 0..UNKNOWN_KEY_COOLDOWN_SECONDS {
        let mut world = warm(only_rsa());
        assert_eq!(verdict(world.get("/data", &bogus("bogus", NOW))), (401, "key_unknown"));
        world.key_set = Some(key_set());
        world.now = NOW + second;
        for number in 0..20 {
            retry_after(&mut world, &bogus(&format!("random-{number}"), NOW));
        }
        let seconds = retry_after(&mut world, &token(Key::Ec));
        assert_eq!(second + seconds, UNKNOWN_KEY_COOLDOWN_SECONDS, "the truth");
        world.now += seconds - 1;
        assert_eq!(retry_after(&mut world, &token(Key::Ec)), 1);
        world.now += 1;
        forwarded(world.get("/data", &token(Key::Ec)));
        assert_eq!(world.take_fetched().len(), 2);
    }
}

/// A token that is older than the set can't have been signed with a newer key: it is refused, so that its client gets another one.
#[test]
fn a_token_that_is_older_than_the_set_is_refused_in_the_cool_down() {
    let mut world = warm(key_set());
    assert_eq!(verdict(world.get("/data", &with_kid("bogus", NOW))), (401, "key_unknown"), "the set is fetched for it");
    let edge = FETCHED - DEFAULT_CLOCK_TOLERANCE_SECONDS;
    assert_eq!(verdict(world.get("/data", &with_kid("removed", edge))), (401, "key_unknown"));
    retry_after(&mut world, &with_kid("new", edge + 1));
    let unsaid = claims_with(json!({ "iat": null }));
    let unsaid = Key::Rsa.sign_with(&json!({ "alg": "RS256", "kid": "removed", "typ": "at+jwt" }), &unsaid);
    assert_eq!(verdict(world.get("/data", &unsaid)), (401, "key_unknown"), "it does not say when it was made");
    assert_eq!(world.take_fetched(), [JWKS_URL]);
}

/// Attack 26: tokens of a key that was removed get their 401 by the time that the set is younger than they are, and cost few fetches.
#[test]
fn tokens_of_a_removed_key_cost_a_fetch_only_now_and_then() {
    let mut world = warm(key_set());
    world.key_set = Some(only_rsa());
    world.now = NOW + 600;
    assert_eq!(verdict(world.get("/data", &token(Key::Ec))), (401, "key_unknown"));
    world.take_fetched();
    for _ in 0..60 {
        world.now += 1;
        assert_eq!(verdict(world.get("/data", &token(Key::Ec))), (401, "key_unknown"));
    }
    let fetches = world.take_fetched().len();
    assert_eq!(u64::try_from(fetches).unwrap(), 60_u64.div_ceil(REMOVED_KEY_COOLDOWN_SECONDS));
}

/// What such a token costs holds up no rotation for longer than any other would.
#[test]
fn a_fetch_for_a_removed_key_delays_a_new_one_by_the_short_cool_down() {
    let mut world = warm(only_rsa());
    assert_eq!(verdict(world.get("/data", &with_kid("removed", NOW - 100))), (401, "key_unknown"));
    world.key_set = Some(key_set());
    assert_eq!(retry_after(&mut world, &token(Key::Ec)), UNKNOWN_KEY_COOLDOWN_SECONDS);
    world.now += UNKNOWN_KEY_COOLDOWN_SECONDS;
    forwarded(world.get("/data", &token(Key::Ec)));
}

/// A `kid` that is in the set and fits no other way is refused at once: no fetch would make it another's.
#[test]
fn a_known_kid_with_another_algorithm_is_refused_in_the_cool_down_too() {
    let mut world = warm(key_set());
    let confused =
        Key::Ec.sign_with(&json!({ "alg": "ES256", "kid": Key::Rsa.kid(), "typ": "at+jwt" }), &issued_at(NOW));
    for _ in 0..3 {
        assert_eq!(verdict(world.get("/data", &confused)), (401, "key_unknown"));
    }
}
