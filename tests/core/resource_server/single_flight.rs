//! Requests that need the same key set at the same moment: one fetches it, the others wait for its answer and make no fetch.

use edgeward::{
    UnixTime,
    limits::{
        FETCH_UNDER_WAY_SECONDS, KEY_SET_GRACE_SECONDS, KEY_SET_TTL_SECONDS, LATE_FETCH_SECONDS,
        MAX_WAIT_FOR_OTHERS_SECONDS, MAX_WAITING_TOKENS_BYTES, MOMENT_MILLISECONDS,
    },
    resource_server::{Decision, Gate, Need, Pending, Progress, Request},
};
use serde_json::json;

use crate::{
    outside::{AUDIENCE, ISSUER, JWKS_URL, METADATA_URL, NOW, claims_with, forwarded, gate, metadata, policy, verdict},
    signing::{Key, key_set},
};

const AT_ONCE: usize = 20;

fn token(key: Key, number: usize) -> String {
    key.sign(&claims_with(json!({ "exp": NOW + 100_000, "jti": format!("jti-{number}") })))
}

const fn at(second: u64) -> UnixTime {
    UnixTime::from_seconds(NOW + second)
}

fn begin(gate: &mut Gate, key: Key, number: usize, now: UnixTime) -> Progress {
    let authorization = format!("Bearer {}", token(key, number));
    gate.authorize(
        &Request { method: "GET", path: "/data", authorization: Some(&authorization), ..Request::default() },
        now,
    )
}

/// Who has to fetch, with the place, and who has to wait.
fn sort(started: impl IntoIterator<Item = Progress>) -> (Vec<(String, Pending)>, Vec<Pending>) {
    let (mut fetching, mut waiting) = (Vec::new(), Vec::new());
    for progress in started {
        match progress {
            Progress::Need(Need::KeySet { url } | Need::Metadata { url }, pending) => fetching.push((url, pending)),
            Progress::Need(Need::Moment { milliseconds }, pending) => {
                assert!(MOMENT_MILLISECONDS.contains(&milliseconds), "{milliseconds}");
                waiting.push(pending);
            }
            other => panic!("{other:?}"),
        }
    }
    (fetching, waiting)
}

/// The one who fetches, and those who wait for it.
fn one_fetches(started: impl IntoIterator<Item = Progress>) -> (Pending, Vec<Pending>) {
    let (mut fetching, waiting) = sort(started);
    assert_eq!((fetching.len(), waiting.len()), (1, AT_ONCE - 1));
    let (url, pending) = fetching.remove(0);
    assert_eq!(url, JWKS_URL);
    (pending, waiting)
}

/// A gate that has fetched this set at once.
fn warm(key_set: &str) -> Gate {
    let mut gate = gate(&policy());
    let (mut fetching, _) = sort([begin(&mut gate, Key::Rsa, 0, at(0))]);
    forwarded(decided(gate.resume(fetching.remove(0).1, Some(key_set), at(0))));
    gate
}

/// A cold gate, and as many requests at once as there are here.
fn cold() -> (Gate, Vec<Progress>) {
    let mut gate = gate(&policy());
    let started = (0..AT_ONCE).map(|number| begin(&mut gate, Key::Rsa, number, at(0))).collect();
    (gate, started)
}

fn decided(progress: Progress) -> Decision {
    match progress {
        Progress::Decided(decision) => decision,
        Progress::Need(need, _) => panic!("{need:?}"),
    }
}

#[test]
fn requests_that_meet_a_cold_gate_make_one_fetch() {
    let (mut gate, started) = cold();
    let (fetching, waiting) = one_fetches(started);
    // Nothing has come yet, so they wait again.
    let (fetched, waiting) = sort(waiting.into_iter().map(|pending| gate.resume(pending, None, at(0))));
    assert!(fetched.is_empty());
    forwarded(decided(gate.resume(fetching, Some(&key_set()), at(0))));
    for pending in waiting {
        forwarded(decided(gate.resume(pending, None, at(0))));
    }
}

#[test]
fn where_the_fetch_fails_all_are_told_so_and_nobody_fetches_again() {
    let (mut gate, started) = cold();
    let (fetching, waiting) = one_fetches(started);
    for pending in [fetching].into_iter().chain(waiting) {
        assert_eq!(verdict(decided(gate.resume(pending, None, at(1)))), (503, "key_set_unavailable"));
    }
}

/// A client that hangs up takes its fetch along.
#[test]
fn who_never_comes_back_is_waited_for_no_longer_than_a_fetch_may_take() {
    let (mut gate, started) = cold();
    let (_gone, waiting) = one_fetches(started);
    let (fetched, waiting) =
        sort(waiting.into_iter().map(|pending| gate.resume(pending, None, at(FETCH_UNDER_WAY_SECONDS - 1))));
    assert!(fetched.is_empty());
    let (mut fetching, waiting) =
        sort(waiting.into_iter().map(|pending| gate.resume(pending, None, at(FETCH_UNDER_WAY_SECONDS))));
    assert_eq!((fetching.len(), waiting.len()), (1, AT_ONCE - 2));
    let (_, pending) = fetching.remove(0);
    forwarded(decided(gate.resume(pending, Some(&key_set()), at(FETCH_UNDER_WAY_SECONDS))));
}

#[test]
fn metadata_and_the_key_set_are_one_way_that_others_wait_for() {
    let mut policy = policy();
    policy["issuers"] = json!([{ "issuer": ISSUER, "audience": AUDIENCE }]);
    let mut gate = gate(&policy);
    let (mut fetching, waiting) = sort((0..3).map(|number| begin(&mut gate, Key::Ec, number, at(0))));
    let (url, pending) = fetching.remove(0);
    assert_eq!((fetching.len(), waiting.len(), url.as_str()), (0, 2, METADATA_URL));
    let progress = gate.resume(pending, Some(&metadata().to_string()), at(4));
    let (mut fetching, _) = sort([progress]);
    let (_, pending) = fetching.remove(0);
    // The second fetch has a time of its own.
    let later = at(FETCH_UNDER_WAY_SECONDS + 3);
    let (fetched, waiting) = sort(waiting.into_iter().map(|pending| gate.resume(pending, None, later)));
    assert!(fetched.is_empty());
    forwarded(decided(gate.resume(pending, Some(&key_set()), later)));
    for pending in waiting {
        forwarded(decided(gate.resume(pending, None, later)));
    }
}

/// Attack 29 and its opposite: a rotation under load makes one fetch, and nobody who has the new key is refused.
#[test]
fn requests_with_a_new_key_wait_for_the_one_fetch_that_brings_it() {
    let mut gate = warm(&json!({ "keys": [Key::Rsa.jwk()] }).to_string());
    let started: Vec<_> = (0..AT_ONCE).map(|number| begin(&mut gate, Key::Ec, number, at(1))).collect();
    let (fetching, waiting) = one_fetches(started);
    forwarded(decided(begin(&mut gate, Key::Rsa, 1, at(1))));
    forwarded(decided(gate.resume(fetching, Some(&key_set()), at(1))));
    for pending in waiting {
        forwarded(decided(gate.resume(pending, None, at(1))));
    }
}

/// Attack 29: that the set was fetched for another's unknown `kid` a moment ago is no excuse for a token that has waited for just that set.
#[test]
fn who_has_waited_for_the_set_that_its_key_is_not_in_is_refused() {
    let mut gate = warm(&json!({ "keys": [Key::Rsa.jwk()] }).to_string());
    let (fetching, waiting) = one_fetches((0..AT_ONCE).map(|number| begin(&mut gate, Key::Ec, number, at(1))));
    let same = json!({ "keys": [Key::Rsa.jwk()] }).to_string();
    assert_eq!(verdict(decided(gate.resume(fetching, Some(&same), at(2)))), (401, "key_unknown"));
    for pending in waiting {
        assert_eq!(verdict(decided(gate.resume(pending, None, at(2)))), (401, "key_unknown"));
    }
    assert_eq!(verdict(decided(begin(&mut gate, Key::Ec, 0, at(2)))), (503, "key_not_yet_known"), "who comes later");
}

#[test]
fn while_one_request_has_a_set_that_is_due_fetched_the_others_go_on_with_it() {
    let mut gate = warm(&key_set());
    let due = at(KEY_SET_TTL_SECONDS);
    let (fetching, _) = sort([begin(&mut gate, Key::Rsa, 1, due)]);
    assert_eq!(fetching.len(), 1);
    for number in 2..AT_ONCE {
        forwarded(decided(begin(&mut gate, Key::Ec, number, due)));
    }
    // A token that is known to the gate serves, too.
    forwarded(decided(begin(&mut gate, Key::Rsa, 0, due)));
}

#[test]
fn moments_grow_up_to_their_bound() {
    let mut gate = gate(&policy());
    let mut moments = Vec::new();
    let _fetching = begin(&mut gate, Key::Rsa, 0, at(0));
    let mut progress = begin(&mut gate, Key::Rsa, 1, at(0));
    for _ in 0..8 {
        let Progress::Need(Need::Moment { milliseconds }, pending) = progress else { panic!("{progress:?}") };
        moments.push(milliseconds);
        progress = gate.resume(pending, None, at(0));
    }
    assert_eq!(moments, [5, 10, 20, 40, 80, 80, 80, 80]);
}

/// Whoever begins fetches and hangs up, again and again, holds up nobody for longer than this.
#[test]
fn who_has_waited_long_makes_a_fetch_of_its_own() {
    let mut gate = gate(&policy());
    let _gone = begin(&mut gate, Key::Rsa, 0, at(0));
    let (_, mut waiting) = sort([begin(&mut gate, Key::Rsa, 1, at(0))]);
    for second in 1..MAX_WAIT_FOR_OTHERS_SECONDS {
        // Another one is there first, each time that a fetch would be due.
        let _gone = begin(&mut gate, Key::Rsa, 2, at(second));
        let (fetching, still) = sort(waiting.into_iter().map(|pending| gate.resume(pending, None, at(second))));
        assert!(fetching.is_empty(), "{second}");
        waiting = still;
    }
    let last = at(MAX_WAIT_FOR_OTHERS_SECONDS);
    let _gone = begin(&mut gate, Key::Rsa, 2, last);
    let (fetching, waiting) = sort(waiting.into_iter().map(|pending| gate.resume(pending, None, last)));
    assert!(fetching.is_empty(), "one has only just begun");
    let last = at(MAX_WAIT_FOR_OTHERS_SECONDS + LATE_FETCH_SECONDS);
    let (mut fetching, _) = sort(waiting.into_iter().map(|pending| gate.resume(pending, None, last)));
    forwarded(decided(gate.resume(fetching.remove(0).1, Some(&key_set()), last)));
}

/// Attack 30: those who have waited long for an issuer that is slow do not all begin a fetch in the same moment.
#[test]
fn many_who_have_waited_long_make_one_fetch() {
    let (mut gate, started) = cold();
    let (_gone, mut waiting) = sort(started);
    let first = MAX_WAIT_FOR_OTHERS_SECONDS;
    let mut fetches = 0;
    for second in first..first + 7 {
        let (fetching, still) = sort(waiting.into_iter().map(|pending| gate.resume(pending, None, at(second))));
        fetches += fetching.len();
        waiting = still;
    }
    assert_eq!((fetches, waiting.len()), (4, AT_ONCE - 1 - 4), "one each {LATE_FETCH_SECONDS} seconds");
}

/// Attack 26: a removed key's time does not grow by fetches that are begun and never end.
#[test]
fn a_set_that_is_due_serves_others_for_a_moment_only() {
    let mut gate = warm(&key_set());
    let end = KEY_SET_TTL_SECONDS + KEY_SET_GRACE_SECONDS;
    for second in (KEY_SET_TTL_SECONDS..end).step_by(5) {
        let _gone = begin(&mut gate, Key::Rsa, 1, at(second));
        forwarded(decided(begin(&mut gate, Key::Rsa, 0, at(second))));
    }
    let _gone = begin(&mut gate, Key::Rsa, 1, at(end));
    let (fetching, waiting) = sort([begin(&mut gate, Key::Rsa, 0, at(end))]);
    assert_eq!((fetching.len(), waiting.len()), (0, 1));
}

/// A clock that was set back does not lengthen the wait.
#[test]
fn a_fetch_that_was_begun_in_the_future_is_none() {
    let mut gate = gate(&policy());
    let _gone = begin(&mut gate, Key::Rsa, 0, at(200));
    let (fetching, _) = sort([begin(&mut gate, Key::Rsa, 1, at(0))]);
    assert_eq!(fetching.len(), 1);
}

/// Anybody can have requests wait, with tokens as long as they may be.
#[test]
fn no_more_tokens_wait_than_there_is_room_for() {
    let mut gate = gate(&policy());
    let _fetching = begin(&mut gate, Key::Rsa, 0, at(0));
    let padding = "x".repeat(10_000);
    let long = Key::Rsa.sign(&claims_with(json!({ "padding": padding })));
    let room = MAX_WAITING_TOKENS_BYTES / long.len();
    let authorization = format!("Bearer {long}");
    let request = Request { method: "GET", path: "/data", authorization: Some(&authorization), ..Request::default() };
    let (_, waiting) = sort((0..room).map(|_| gate.authorize(&request, at(0))));
    assert_eq!(waiting.len(), room);
    assert_eq!(verdict(decided(gate.authorize(&request, at(0)))), (503, "key_set_unavailable"));
    // Those who wait are not counted again when they ask again.
    let (_, waiting) = sort(waiting.into_iter().map(|pending| gate.resume(pending, None, at(1))));
    assert_eq!(waiting.len(), room);
}
