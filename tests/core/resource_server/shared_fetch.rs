//! Documents that one Durable Object fetches for many isolates: what of its answers counts, and that without one the server is asked.

use edgeward::limits::{
    KEY_SET_REFRESH_AHEAD_SECONDS, KEY_SET_TTL_SECONDS, METADATA_TTL_SECONDS, UNKNOWN_KEY_COOLDOWN_SECONDS,
};
use serde_json::{Value, json};

use crate::{
    outside::{
        AUDIENCE, ISSUER, JWKS_URL, METADATA_URL, NOW, World, claims_with, forwarded, header, merged, metadata, policy,
        refused, verdict,
    },
    policy::paths,
    signing::{Key, key_set},
};

const OBJECT: &str = "object";

fn shared() -> Value {
    merged(policy(), json!({ "keys": { "durable_object_binding": "KEY_SETS" } }))
}

fn by_discovery() -> Value {
    merged(shared(), json!({ "issuers": [{ "issuer": ISSUER, "audience": AUDIENCE }] }))
}

fn token(key: Key, iat: u64) -> String {
    key.sign(&claims_with(json!({ "iat": NOW + iat, "exp": NOW + 1_000_000 })))
}

fn only(key: Key) -> String {
    json!({ "keys": [key.jwk()] }).to_string()
}

/// A world whose object answers this about the key set.
fn answering(answer: impl Into<Option<String>>) -> World {
    let mut world = World::new(&shared());
    world.object = answer.into();
    world.key_set = Some(key_set());
    world
}

fn aged(seconds: u64, document: &str) -> String {
    format!("{seconds}\n{document}")
}

#[test]
fn the_object_is_asked_in_place_of_the_server() {
    let mut world = answering(aged(0, &key_set()));
    world.key_set = None;
    forwarded(world.get("/data", &token(Key::Rsa, 0)));
    assert_eq!(world.take_fetched(), [format!("{OBJECT} {JWKS_URL} {}", KEY_SET_REFRESH_AHEAD_SECONDS - 1)]);
    // Metadata, too, and its answer is a document of that kind.
    let mut world = World::new(&by_discovery());
    world.object = Some(aged(0, &metadata().to_string()));
    world.key_set = Some(key_set());
    forwarded(world.get("/data", &token(Key::Rsa, 0)));
    let fetched = world.take_fetched();
    assert_eq!(fetched[0], format!("{OBJECT} {METADATA_URL} {}", METADATA_TTL_SECONDS - 1));
    assert!(fetched[1].starts_with(&format!("{OBJECT} {JWKS_URL}")), "and then it says metadata, which is no key set");
    assert_eq!(fetched[2], JWKS_URL);
}

/// An object that fails, hangs or says nonsense is as good as none.
#[test]
fn without_a_good_answer_the_server_is_asked() {
    for answer in [
        None,
        Some(String::new()),
        Some("used".into()),
        Some(key_set()),
        Some(format!("x\n{}", key_set())),
        Some(format!("-1\n{}", key_set())),
        Some(aged(0, "<html>")),
        Some(aged(0, "{\"keys\":[]}")),
    ] {
        let mut world = answering(answer.clone());
        forwarded(world.get("/data", &token(Key::Rsa, 0)));
        assert_eq!(world.take_fetched().last().map(String::as_str), Some(JWKS_URL), "{answer:?}");
    }
}

/// Attack 30: what the object has found down is left alone by those who ask it.
#[test]
fn what_the_object_cannot_have_is_not_asked_for_directly() {
    let mut world = answering("unavailable".to_owned());
    let response = refused(world.get("/data", &token(Key::Rsa, 0)));
    assert_eq!((response.status, header(&response.headers, "retry-after")), (503, Some("5")));
    assert_eq!(world.take_fetched().len(), 1);
    assert_eq!(verdict(world.get("/data", &token(Key::Ec, 0))), (503, "key_set_unavailable"));
    assert!(world.take_fetched().is_empty());
    // The second place of the metadata is asked where the first has none.
    let mut world = World::new(&by_discovery());
    world.object = Some("unavailable".into());
    assert_eq!(verdict(world.get("/data", &token(Key::Rsa, 0))), (503, "key_set_unavailable"));
    assert_eq!(world.take_fetched().len(), 2);
}

/// Metadata that is over says that the object could not have a newer one, and leaves the server alone: so does the gate.
#[test]
fn metadata_that_is_over_ends_no_back_off_of_the_objects() {
    for (age, asked) in [(METADATA_TTL_SECONDS - 1, 2), (METADATA_TTL_SECONDS, 1), (10 * METADATA_TTL_SECONDS, 1)] {
        let mut world = World::new(&by_discovery());
        world.object = Some(aged(age, &metadata().to_string()));
        world.metadata = Some(metadata().to_string());
        let response = refused(world.get("/data", &token(Key::Rsa, 0)));
        assert_eq!(response.status, 503, "{age}");
        let fetched = world.take_fetched();
        let by_object = fetched.iter().filter(|place| place.starts_with(OBJECT)).count();
        assert_eq!(by_object, asked, "{age}: {fetched:?}");
        assert!(!fetched.contains(&METADATA_URL.to_owned()), "{age}: {fetched:?}");
    }
}

/// The set's time counts from when the object asked for it.
#[test]
fn what_the_object_has_had_for_a_while_is_due_earlier() {
    let mut world = answering(aged(400, &key_set()));
    forwarded(world.get("/data", &token(Key::Rsa, 0)));
    world.take_fetched();
    world.now = NOW + KEY_SET_TTL_SECONDS - 401;
    forwarded(world.get("/data", &token(Key::Ec, 0)));
    assert!(world.take_fetched().is_empty());
    world.now += 1;
    forwarded(world.get("/data", &token(Key::Ec, 0)));
    assert_eq!(world.take_fetched().len(), 1);
}

/// RFC 5861 section 4: older than was asked for means that the object could not have a newer one. It serves as one in memory would, and it is said.
#[test]
fn an_old_set_of_the_object_serves_as_in_an_outage() {
    for (age, is_stale) in [(KEY_SET_TTL_SECONDS - 1, false), (KEY_SET_TTL_SECONDS, true)] {
        let mut world = answering(aged(age, &key_set()));
        assert_eq!(forwarded(world.get("/data", &token(Key::Rsa, 0))).key_set_is_stale, is_stale);
        assert_eq!(world.take_fetched().len(), 1, "the server is not asked");
    }
    let mut world = answering(aged(KEY_SET_TTL_SECONDS + 86_400, &key_set()));
    assert_eq!(verdict(world.get("/data", &token(Key::Rsa, 0))), (503, "key_set_unavailable"));
}

/// Attack 26: it brings no older set over a newer one.
#[test]
fn the_object_brings_no_removed_key_back() {
    let mut world = answering(aged(0, &only(Key::Ec)));
    forwarded(world.get("/data", &token(Key::Ec, 0)));
    world.now = NOW + UNKNOWN_KEY_COOLDOWN_SECONDS;
    world.object = Some(aged(UNKNOWN_KEY_COOLDOWN_SECONDS + 1, &key_set()));
    assert_eq!(refused(world.get("/data", &token(Key::Rsa, 0))).status, 503);
    world.now = NOW + KEY_SET_TTL_SECONDS;
    world.object = Some(aged(KEY_SET_TTL_SECONDS + 5, &key_set()));
    assert_eq!(refused(world.get("/data", &token(Key::Rsa, 0))).status, 503);
}

/// Attack 29: for an unknown `kid` it has the set fetched unless it has one of this cool-down, and what that lacks may be published since.
#[test]
fn an_unknown_key_has_the_set_fetched_once_in_a_cool_down_for_all() {
    let asked = |seconds: u64| format!("{OBJECT} {JWKS_URL} {seconds}");
    let mut world = answering(aged(0, &only(Key::Ec)));
    forwarded(world.get("/data", &token(Key::Ec, 0)));
    world.take_fetched();
    // The object's set is newer, and has the key.
    world.now = NOW + 20;
    world.object = Some(aged(3, &key_set()));
    forwarded(world.get("/data", &token(Key::Rsa, 19)));
    assert_eq!(world.take_fetched(), [asked(UNKNOWN_KEY_COOLDOWN_SECONDS - 1)]);
    // It is newer and has it not, and was fetched before the token was here: not refused for good, and no further fetch.
    let mut world = answering(aged(0, &only(Key::Ec)));
    forwarded(world.get("/data", &token(Key::Ec, 0)));
    world.take_fetched();
    world.now = NOW + 20;
    world.object = Some(aged(3, &only(Key::Ec)));
    for _ in 0..20 {
        assert_eq!(verdict(world.get("/data", &token(Key::Rsa, 19))), (503, "key_not_yet_known"));
    }
    assert_eq!(world.take_fetched().len(), 1);
    // Fetched for this very token.
    world.now += UNKNOWN_KEY_COOLDOWN_SECONDS;
    world.object = Some(aged(0, &only(Key::Ec)));
    assert_eq!(verdict(world.get("/data", &token(Key::Rsa, 29))), (401, "key_unknown"));
    // A cold isolate that is given an old set asks once more for a newer one.
    let mut world = answering(aged(300, &only(Key::Ec)));
    world.get("/data", &token(Key::Rsa, 0));
    assert_eq!(
        world.take_fetched(),
        [asked(KEY_SET_REFRESH_AHEAD_SECONDS - 1), asked(UNKNOWN_KEY_COOLDOWN_SECONDS - 1)]
    );
}

#[test]
fn the_binding_is_named_and_checked() {
    let of = |value: Value| merged(policy(), json!({ "keys": { "durable_object_binding": value } }));
    for value in [json!(""), json!(1), json!(null)] {
        assert_eq!(paths(&of(value)), ["keys.durable_object_binding"]);
    }
    let named = edgeward::resource_server::Policy::parse(&shared().to_string()).unwrap();
    let bindings: Vec<_> = named.bindings().into_iter().map(|b| (b.path, b.name.to_owned(), b.kind)).collect();
    assert_eq!(bindings, [("keys.durable_object_binding", "KEY_SETS".to_owned(), "durable_object")]);
}
