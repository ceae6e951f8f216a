//! Keys from the stores that isolates share: what they save, what of them counts, and that they bring nothing back.

use edgeward::{
    Error, UnixTime,
    limits::{
        FETCH_BACKOFF_SECONDS, KEY_SET_REFRESH_AHEAD_SECONDS, KEY_SET_TTL_SECONDS, MAX_KEY_SET_BYTES,
        METADATA_TTL_SECONDS, STALE_IF_ERROR_SECONDS, UNKNOWN_KEY_COOLDOWN_SECONDS,
    },
    resource_server::{Decision, Gate, Need, Policy, Progress, Request, TokenPolicy},
};
use serde_json::{Value, json};

use crate::{
    outside::{
        AUDIENCE, ISSUER, JWKS_URL, METADATA_URL, NOW, Stores, World, claims_with, forwarded, gate, merged, metadata,
        policy, refused, verdict,
    },
    policy::paths,
    signing::{Key, key_set},
};

const CACHE: &str = "cache_api";
const KV: &str = "kv";

/// A token that lives as long as these tests look ahead, made at that second.
fn made_at(key: Key, seconds: u64) -> String {
    key.sign(&claims_with(json!({ "iat": NOW + seconds, "exp": NOW + 10 * STALE_IF_ERROR_SECONDS })))
}

fn token(key: Key) -> String {
    made_at(key, 0)
}

fn only(key: Key) -> String {
    json!({ "keys": [key.jwk()] }).to_string()
}

fn with_kv() -> Value {
    merged(policy(), json!({ "keys": { "kv_binding": "KEYS" } }))
}

fn by_discovery() -> Value {
    merged(with_kv(), json!({ "issuers": [{ "issuer": ISSUER, "audience": AUDIENCE }] }))
}

/// An isolate that has seen nothing yet, in a runtime with a Cache API.
fn cold(policy: &Value, stores: &Stores) -> World {
    let mut gate = gate(policy);
    gate.runtime_has_cache_api();
    let mut world = World::with(gate);
    world.key_set = Some(key_set());
    world.stores = stores.clone();
    world
}

/// One that has fetched this set at that second, and stores that have it.
fn warm(key_set: String, seconds: u64) -> World {
    let mut world = cold(&with_kv(), &Stores::default());
    world.key_set = Some(key_set);
    world.now = NOW + seconds;
    world.get("/data", &token(Key::Ec));
    world.take_fetched();
    world
}

/// Stores whose KV has this under the key set's key, and whose cache has nothing.
fn kv_with(text: &str) -> Stores {
    let world = warm(key_set(), 0);
    let stores = world.stores.clone();
    stores.borrow_mut().retain(|(store, _), _| *store == KV);
    for (kept, _) in stores.borrow_mut().values_mut() {
        *kept = text.into();
    }
    stores
}

fn entry(seconds: u64, key_set: &str) -> String {
    format!("{}\n{key_set}", NOW + seconds)
}

fn is_stale(decision: &Decision) -> bool {
    match decision {
        Decision::Forward(forward) => forward.key_set_is_stale,
        Decision::Respond(response) => response.key_set_is_stale,
    }
}

#[test]
fn a_second_isolate_is_served_by_the_nearest_store_that_has_the_set() {
    let stores = Stores::default();
    let mut first = cold(&with_kv(), &stores);
    forwarded(first.get("/data", &token(Key::Rsa)));
    assert_eq!(first.take_fetched(), [CACHE, KV, JWKS_URL]);
    let mut second = cold(&with_kv(), &stores);
    second.key_set = None;
    forwarded(second.get("/data", &token(Key::Ec)));
    assert_eq!(second.take_fetched(), [CACHE]);
    forwarded(second.get("/data", &token(Key::Rsa)));
    assert!(second.take_fetched().is_empty(), "it is in memory");
    // In another data centre there is only KV; what it has is then near to the third.
    stores.borrow_mut().retain(|(store, _), _| *store == KV);
    for asked in [[CACHE, KV].as_slice(), &[CACHE]] {
        let mut elsewhere = cold(&with_kv(), &stores);
        elsewhere.key_set = None;
        forwarded(elsewhere.get("/data", &token(Key::Ec)));
        assert_eq!(elsewhere.take_fetched(), asked);
    }
}

/// What is kept is the public document with its date, under a digest, for as long as it can be of use.
#[test]
fn nothing_is_kept_but_documents_and_when_they_were_asked_for() {
    let mut world = cold(&by_discovery(), &Stores::default());
    forwarded(world.get("/data", &token(Key::Rsa)));
    assert_eq!(world.take_fetched(), [CACHE, KV, CACHE, KV, METADATA_URL, JWKS_URL]);
    let stores = world.stores.borrow();
    let mut kept: Vec<_> = stores.values().cloned().collect();
    kept.sort();
    kept.dedup();
    let metadata = metadata().to_string();
    let mut expected = vec![
        (entry(0, &key_set()), KEY_SET_TTL_SECONDS + STALE_IF_ERROR_SECONDS),
        (entry(0, &metadata), METADATA_TTL_SECONDS),
    ];
    expected.sort();
    assert_eq!(kept, expected);
    for (_, key) in stores.keys() {
        assert_eq!(key.len(), 43, "SHA-256 in base64url");
    }
}

/// Another policy may have the same issuer with keys of another place.
#[test]
fn what_is_kept_belongs_to_one_issuer_and_one_place() {
    let stores = Stores::default();
    forwarded(cold(&with_kv(), &stores).get("/data", &token(Key::Rsa)));
    let elsewhere = json!([{ "issuer": ISSUER, "audience": AUDIENCE, "jwks_uri": "https://as.example/other" }]);
    let mut world = cold(&merged(with_kv(), json!({ "issuers": elsewhere })), &stores);
    forwarded(world.get("/data", &token(Key::Rsa)));
    assert_eq!(world.take_fetched(), [CACHE, KV, "https://as.example/other"]);
}

#[test]
fn metadata_that_a_store_has_is_not_fetched_until_it_is_due() {
    for (age, asked) in [
        (METADATA_TTL_SECONDS - 1, vec![CACHE, KV, CACHE, JWKS_URL]),
        (METADATA_TTL_SECONDS, vec![CACHE, KV, CACHE, KV, METADATA_URL, JWKS_URL]),
    ] {
        let stores = Stores::default();
        forwarded(cold(&by_discovery(), &stores).get("/data", &token(Key::Rsa)));
        stores.borrow_mut().retain(|_, (text, _)| text.contains("jwks_uri"));
        let mut world = cold(&by_discovery(), &stores);
        world.now = NOW + age;
        forwarded(world.get("/data", &token(Key::Rsa)));
        assert_eq!(world.take_fetched(), asked, "{age}");
    }
}

/// Attack 27: metadata from a store is judged as a server's: another issuer's, or one with a `jwks_uri` that is not https, is none.
#[test]
fn bad_metadata_in_a_store_leads_nowhere() {
    for bad in [
        json!({ "issuer": "https://evil.example", "jwks_uri": "https://evil.example/jwks" }),
        json!({ "issuer": ISSUER, "jwks_uri": "http://evil.example/jwks" }),
        json!("x"),
    ] {
        let stores = Stores::default();
        forwarded(cold(&by_discovery(), &stores).get("/data", &token(Key::Rsa)));
        stores.borrow_mut().retain(|_, (text, _)| text.contains("jwks_uri"));
        for (text, _) in stores.borrow_mut().values_mut() {
            *text = entry(0, &bad.to_string());
        }
        let mut world = cold(&by_discovery(), &stores);
        forwarded(world.get("/data", &token(Key::Rsa)));
        assert_eq!(world.take_fetched(), [CACHE, KV, CACHE, KV, METADATA_URL, JWKS_URL]);
    }
}

#[test]
fn garbage_in_a_store_is_nothing_and_the_issuer_is_asked() {
    let large = format!("{{\"keys\":[{}]}}", " ".repeat(MAX_KEY_SET_BYTES));
    for text in [
        "",
        "\n",
        "x",
        "{}",
        &key_set(),
        &format!("\n{}", key_set()),
        &format!("x\n{}", key_set()),
        &format!("-1\n{}", key_set()),
        &format!("+{NOW}\n{}", key_set()),
        &format!("{NOW}.5\n{}", key_set()),
        &format!("99999999999999999999\n{}", key_set()),
        &entry(0, ""),
        &entry(0, "<html>"),
        &entry(0, "{\"keys\":[]}"),
        &entry(0, "{\"keys\":[{\"kty\":\"oct\",\"k\":\"AAAA\"}]}"),
        &entry(0, &large),
    ] {
        let mut world = cold(&with_kv(), &kv_with(text));
        forwarded(world.get("/data", &token(Key::Rsa)));
        assert_eq!(world.take_fetched(), [CACHE, KV, JWKS_URL], "{text:.40}");
        // What the issuer said has taken its place.
        assert!(world.stores.borrow().values().all(|(kept, _)| *kept == entry(0, &key_set())));
    }
}

/// A date that lies ahead would have the set believed longer than any that was fetched.
#[test]
fn an_entry_from_the_future_is_none() {
    for ahead in [1, 60, STALE_IF_ERROR_SECONDS] {
        let mut world = cold(&with_kv(), &kv_with(&entry(ahead, &only(Key::Ec))));
        forwarded(world.get("/data", &token(Key::Rsa)));
        assert_eq!(world.take_fetched(), [CACHE, KV, JWKS_URL], "{ahead}");
        assert_eq!(verdict(world.get("/data", "x.y.z")).0, 401);
    }
}

/// Nor does a newer one without a usable key take those in memory away: only their issuer says that there are none.
#[test]
fn a_stored_set_without_keys_takes_none_away() {
    let mut world = warm(key_set(), 0);
    for (text, _) in world.stores.borrow_mut().values_mut() {
        *text = entry(5, "{\"keys\":[]}");
    }
    world.key_set = None;
    world.now = NOW + KEY_SET_TTL_SECONDS;
    forwarded(world.get("/data", &token(Key::Rsa)));
    assert_eq!(world.take_fetched(), [CACHE, KV, JWKS_URL]);
}

/// Its time counts from when the issuer was asked, whoever asked and wherever it was kept since.
#[test]
fn a_stored_set_is_due_when_it_would_be_in_memory() {
    let mut world = cold(&with_kv(), &kv_with(&entry(0, &key_set())));
    world.now = NOW + KEY_SET_TTL_SECONDS - 1;
    forwarded(world.get("/data", &token(Key::Rsa)));
    assert_eq!(world.take_fetched(), [CACHE, KV]);
    world.now += 1;
    forwarded(world.get("/data", &token(Key::Rsa)));
    assert_eq!(world.take_fetched(), [CACHE, KV, JWKS_URL]);
    let mut world = cold(&with_kv(), &kv_with(&entry(0, &key_set())));
    world.now = NOW + KEY_SET_TTL_SECONDS;
    let decision = world.get("/data", &token(Key::Rsa));
    assert_eq!(world.take_fetched(), [CACHE, KV, JWKS_URL], "due as it comes");
    assert!(!is_stale(&decision));
    forwarded(decision);
}

/// RFC 5861 section 4, for an isolate that begins in the middle of an outage: a set that is due serves within its bound, counted from when the
/// issuer was really asked, and every decision says so.
#[test]
fn in_an_outage_a_stored_set_serves_as_long_as_one_in_memory_would() {
    let stale_for = |seconds: u64| {
        merged(with_kv(), json!({ "keys": { "kv_binding": "KEYS", "stale_if_error_seconds": seconds } }))
    };
    for (policy, bound) in [(with_kv(), STALE_IF_ERROR_SECONDS), (stale_for(60), 60), (stale_for(0), 0)] {
        for age in [KEY_SET_TTL_SECONDS, KEY_SET_TTL_SECONDS + bound - u64::from(bound > 0)] {
            let mut world = cold(&policy, &kv_with(&entry(0, &key_set())));
            world.key_set = None;
            world.now = NOW + age;
            if bound == 0 {
                assert_eq!(verdict(world.get("/data", &token(Key::Rsa))), (503, "key_set_unavailable"));
                continue;
            }
            for key in Key::BOTH {
                let decision = world.get("/data", &token(key));
                assert!(is_stale(&decision), "{age}");
                forwarded(decision);
            }
            assert_eq!(world.take_fetched(), [CACHE, KV, JWKS_URL], "and then the endpoint is left alone");
        }
        let mut world = cold(&policy, &kv_with(&entry(0, &key_set())));
        world.key_set = None;
        world.now = NOW + KEY_SET_TTL_SECONDS + bound;
        let response = refused(world.get("/data", &token(Key::Rsa)));
        assert_eq!((response.status, response.key_set_is_stale), (503, false));
    }
}

/// Attack 26: whatever a store still has, a key that was removed does not come back to who has seen the newer set.
#[test]
fn a_store_never_brings_an_older_set_over_a_newer_one() {
    let old = entry(0, &key_set());
    for (later, asked) in [
        (100 + KEY_SET_TTL_SECONDS, vec![CACHE, KV, JWKS_URL]),
        // An unknown `kid`, which has the stores looked at before.
        (100 + UNKNOWN_KEY_COOLDOWN_SECONDS, vec![CACHE, KV, JWKS_URL]),
    ] {
        let mut world = warm(only(Key::Ec), 100);
        for (text, _) in world.stores.borrow_mut().values_mut() {
            text.clone_from(&old);
        }
        world.now = NOW + later;
        assert_eq!(verdict(world.get("/data", &made_at(Key::Rsa, later))), (401, "key_unknown"));
        assert_eq!(world.take_fetched(), asked);
        // Nor where the issuer says nothing.
        let mut world = warm(only(Key::Ec), 100);
        for (text, _) in world.stores.borrow_mut().values_mut() {
            text.clone_from(&old);
        }
        world.key_set = None;
        world.now = NOW + later;
        assert_eq!(verdict(world.get("/data", &made_at(Key::Rsa, later))), (503, "key_set_unavailable"));
    }
    // One of the same second is not newer.
    let mut world = warm(only(Key::Ec), 0);
    for (text, _) in world.stores.borrow_mut().values_mut() {
        text.clone_from(&old);
    }
    world.now = NOW + 1;
    assert_eq!(verdict(world.get("/data", &made_at(Key::Rsa, 1))), (401, "key_unknown"));
}

/// A set that was fetched before a newer one, and came after it, is not found by other isolates either.
#[test]
fn a_set_that_a_newer_has_overtaken_is_not_stored() {
    let mut gate = gate(&with_kv());
    let authorization = format!("Bearer {}", token(Key::Ec));
    let request = Request { method: "GET", path: "/data", authorization: Some(&authorization), ..Request::default() };
    let at = |second| UnixTime::from_seconds(NOW + second);
    let begin = |gate: &mut Gate, second| {
        let mut progress = gate.authorize(&request, at(second));
        loop {
            progress = match progress {
                Progress::Need(Need::Stored { .. }, pending) => gate.resume(pending, None, at(second)),
                Progress::Need(Need::KeySet { .. }, pending) => return pending,
                other => panic!("{other:?}"),
            }
        }
    };
    let first = begin(&mut gate, 0);
    let second = begin(&mut gate, 10);
    forwarded(decided(gate.resume(second, Some(&key_set()), at(11))));
    assert!(gate.take_store_write().is_some());
    forwarded(decided(gate.resume(first, Some(&only(Key::Rsa)), at(12))));
    assert_eq!(gate.take_store_write(), None);
}

fn decided(progress: Progress) -> Decision {
    match progress {
        Progress::Decided(decision) => decision,
        Progress::Need(need, _) => panic!("{need:?}"),
    }
}

/// Attack 26: known tokens end with the set that a store has brought, as with one that was fetched.
#[test]
fn a_removed_key_stops_working_with_a_stored_set() {
    let mut world = warm(key_set(), 0);
    forwarded(world.get("/data", &token(Key::Rsa)));
    for (text, _) in world.stores.borrow_mut().values_mut() {
        *text = entry(KEY_SET_TTL_SECONDS - 1, &only(Key::Ec));
    }
    world.key_set = Some(only(Key::Ec));
    world.now = NOW + KEY_SET_TTL_SECONDS;
    assert_eq!(verdict(world.get("/data", &token(Key::Rsa))), (401, "key_unknown"));
}

/// Attack 26: once the issuer has said that it has no key any more, no store brings one back, for all that it is young enough.
#[test]
fn a_set_that_was_emptied_does_not_come_back() {
    let mut world = warm(key_set(), 0);
    world.key_set = Some(r#"{"keys":[]}"#.into());
    world.now = NOW + KEY_SET_TTL_SECONDS;
    assert_eq!(verdict(world.get("/data", &token(Key::Ec))).0, 503);
    for (text, _) in world.stores.borrow_mut().values_mut() {
        *text = entry(KEY_SET_TTL_SECONDS, &key_set());
    }
    world.key_set = None;
    for pause in [FETCH_BACKOFF_SECONDS, 10 * FETCH_BACKOFF_SECONDS] {
        world.now += pause;
        assert_eq!(verdict(world.get("/data", &token(Key::Ec))).0, 503);
    }
    // A store that has what the issuer said afterwards is believed.
    for (text, _) in world.stores.borrow_mut().values_mut() {
        *text = entry(KEY_SET_TTL_SECONDS + 1, &key_set());
    }
    world.now += 20 * FETCH_BACKOFF_SECONDS;
    forwarded(world.get("/data", &token(Key::Ec)));
}

/// A rotation that another isolate has seen costs this one no fetch.
#[test]
fn an_unknown_key_is_looked_for_in_newer_stored_sets_first() {
    let mut world = warm(only(Key::Ec), 0);
    for (text, _) in world.stores.borrow_mut().values_mut() {
        *text = entry(5, &key_set());
    }
    world.now = NOW + 6;
    forwarded(world.get("/data", &made_at(Key::Rsa, 5)));
    assert_eq!(world.take_fetched(), [CACHE]);
    // A newer one that has it not is no answer: the issuer is asked.
    let mut world = warm(only(Key::Ec), 0);
    for (text, _) in world.stores.borrow_mut().values_mut() {
        *text = entry(5, &only(Key::Ec));
    }
    world.key_set = Some(key_set());
    world.now = NOW + 6;
    forwarded(world.get("/data", &made_at(Key::Rsa, 5)));
    assert_eq!(world.take_fetched(), [CACHE, KV, JWKS_URL]);
}

/// Attack 29: in a cool-down neither the stores nor the issuer are asked, whoever sends what, cold or warm.
#[test]
fn a_flood_of_unknown_keys_asks_once_in_a_cool_down() {
    let mut world = cold(&with_kv(), &kv_with(&entry(0, &only(Key::Ec))));
    world.key_set = Some(only(Key::Ec));
    for _ in 0..100 {
        refused(world.get("/data", &token(Key::Rsa)));
    }
    assert_eq!(world.take_fetched(), [CACHE, KV, CACHE, KV, JWKS_URL]);
    forwarded(world.get("/data", &token(Key::Ec)));
    world.now += UNKNOWN_KEY_COOLDOWN_SECONDS;
    world.key_set = Some(key_set());
    forwarded(world.get("/data", &made_at(Key::Rsa, UNKNOWN_KEY_COOLDOWN_SECONDS)));
    assert_eq!(world.take_fetched(), [CACHE, KV, JWKS_URL], "a rotated key is found after it");
}

/// Attack 30: while the endpoint is left alone, stores are, too; and what they had says nothing of the endpoint.
#[test]
fn stores_neither_end_nor_shorten_a_back_off() {
    let mut world = cold(&with_kv(), &Stores::default());
    world.key_set = None;
    for second in 0..FETCH_BACKOFF_SECONDS {
        world.now = NOW + second;
        assert_eq!(verdict(world.get("/data", &token(Key::Rsa))), (503, "key_set_unavailable"));
    }
    assert_eq!(world.take_fetched(), [CACHE, KV, JWKS_URL]);
    // A second failure in a row, though a store had a set that is due in between: the endpoint is left alone for twice as long.
    world.stores = kv_with(&entry(0, &key_set()));
    world.now = NOW + KEY_SET_TTL_SECONDS;
    forwarded(world.get("/data", &token(Key::Rsa)));
    world.take_fetched();
    world.now += 2 * FETCH_BACKOFF_SECONDS - 1;
    forwarded(world.get("/data", &token(Key::Ec)));
    assert!(world.take_fetched().is_empty());
    world.now += 1;
    forwarded(world.get("/data", &token(Key::Ec)));
    assert!(!world.take_fetched().is_empty());
}

/// A refresh takes what another isolate has fetched, unless that would have to be refreshed itself.
#[test]
fn a_refresh_looks_into_the_stores_first() {
    for (stored_at, is_enough) in [(51, true), (50, false)] {
        let mut world = warm(key_set(), 0);
        for (text, _) in world.stores.borrow_mut().values_mut() {
            *text = entry(stored_at, &key_set());
        }
        world.now = NOW + KEY_SET_REFRESH_AHEAD_SECONDS + 50;
        forwarded(world.get("/data", &token(Key::Ec)));
        assert!(world.take_fetched().is_empty(), "no request waits");
        let mut next = world.gate.begin_refresh(world.time());
        while let Some((need, refresh)) = next {
            let answer = world.answer(&need);
            next = world.gate.resume_refresh(refresh, answer.as_deref(), world.time());
            world.keep();
        }
        let asked = world.take_fetched();
        if is_enough {
            assert_eq!(asked, [CACHE]);
        } else {
            assert_eq!(asked, [CACHE, KV, JWKS_URL]);
            let fetched = entry(KEY_SET_REFRESH_AHEAD_SECONDS + 50, &key_set());
            assert!(world.stores.borrow().values().all(|(text, _)| *text == fetched));
        }
        forwarded(world.get("/data", &token(Key::Rsa)));
        assert!(world.gate.begin_refresh(world.time()).is_none(), "it has ended");
    }
}

/// Each store and each policy: the Cache API where the runtime has one and the policy does not forbid it, KV where the policy names it.
#[test]
fn the_policy_says_which_stores_there_are() {
    let with = |keys: Value| merged(policy(), json!({ "keys": keys }));
    for (policy, has_cache_api, asked) in [
        (policy(), true, vec![CACHE, JWKS_URL]),
        (policy(), false, vec![JWKS_URL]),
        (with(json!({ "cache_api": true })), false, vec![JWKS_URL]),
        (with(json!({ "cache_api": false })), true, vec![JWKS_URL]),
        (with(json!({ "cache_api": false, "kv_binding": "KEYS" })), true, vec![KV, JWKS_URL]),
        (with(json!({ "cache_api": true, "kv_binding": "KEYS" })), true, vec![CACHE, KV, JWKS_URL]),
    ] {
        let mut gate = gate(&policy);
        if has_cache_api {
            gate.runtime_has_cache_api();
        }
        let mut world = World::with(gate);
        world.key_set = Some(key_set());
        forwarded(world.get("/data", &token(Key::Rsa)));
        assert_eq!(world.take_fetched(), asked, "{policy}");
    }
}

#[test]
fn what_a_policy_says_wrongly_of_stores_is_refused_by_its_place() {
    let of = |keys: Value| merged(policy(), json!({ "keys": keys }));
    for (keys, place) in [
        (json!({ "cache_api": "yes" }), "keys.cache_api"),
        (json!({ "cache_api": null }), "keys.cache_api"),
        (json!({ "kv_binding": "" }), "keys.kv_binding"),
        (json!({ "kv_binding": 1 }), "keys.kv_binding"),
        (json!({ "kv_binding": null }), "keys.kv_binding"),
        (json!({ "kv": "KEYS" }), "keys.kv"),
    ] {
        assert_eq!(paths(&of(keys)), [place]);
    }
    let named = Policy::parse(&of(json!({ "kv_binding": "KEYS" })).to_string()).unwrap();
    let bindings: Vec<_> = named.bindings().into_iter().map(|b| (b.path, b.name.to_owned(), b.kind)).collect();
    assert_eq!(bindings, [("keys.kv_binding", "KEYS".to_owned(), "kv_namespace")]);
    // Who judges tokens without a gate has no stores.
    let issuers = json!([{ "issuer": ISSUER, "audience": AUDIENCE }]);
    for (member, value) in [("cache_api", json!(true)), ("kv_binding", json!("KEYS"))] {
        let document = json!({ "issuers": issuers, "keys": { member: value } }).to_string();
        let Error::PolicyInvalid { problems } = TokenPolicy::parse(&document).unwrap_err() else { panic!("{member}") };
        let paths: Vec<_> = problems.into_iter().map(|problem| problem.path).collect();
        assert_eq!(paths, [format!("keys.{member}")]);
    }
}

/// No more is read of a store than could be in it.
#[test]
fn what_is_asked_of_a_store_has_a_bound() {
    let mut world = cold(&with_kv(), &Stores::default());
    forwarded(world.get("/data", &token(Key::Ec)));
    world.now = NOW + KEY_SET_REFRESH_AHEAD_SECONDS;
    forwarded(world.get("/data", &token(Key::Ec)));
    let (need, _) = world.gate.begin_refresh(UnixTime::from_seconds(world.now)).unwrap();
    let Need::Stored { max_bytes, .. } = &need else { panic!("{need:?}") };
    assert_eq!((need.max_bytes(), *max_bytes), (MAX_KEY_SET_BYTES + 21, MAX_KEY_SET_BYTES + 21));
}
