//! Tokens that the deny list names are refused; how old a copy of the list may be, and what holds where it can't be read.

use edgeward::{
    UnixTime,
    limits::{
        DENY_LIST_BACKOFF_SECONDS, DENY_LIST_REFRESH_SECONDS, DENY_LIST_STALE_IF_ERROR_SECONDS,
        DENY_LIST_UNDER_WAY_SECONDS, MAX_DENY_ENTRIES,
    },
    resource_server::{Gate, Need, Pending, Progress, Request},
};
use serde_json::{Value, json};

use crate::{
    outside::{
        ISSUER, NOW, World, claims, claims_with, forwarded, gate, introspecting_policy, merged, policy, refused,
        verdict,
    },
    signing::{Key, key_set},
};

const REVOKED: (u16, &str) = (401, "token_revoked");
const UNAVAILABLE: (u16, &str) = (503, "deny_list_unavailable");
const FAR: u64 = NOW + 1_000_000;

pub(crate) fn revoking_policy() -> Value {
    let mut policy = policy();
    policy["revocation"] = json!({ "durable_object_binding": "DENY_LIST" });
    policy["routes"].as_array_mut().unwrap().push(json!({ "path": "/deny-list", "scope": "admin", "deny_list": true }));
    policy
}

pub(crate) fn world() -> World {
    let mut world = World::new(&revoking_policy());
    world.key_set = Some(key_set());
    world
}

fn token(changes: Value) -> String {
    Key::Ec.sign(&merged(claims_with(json!({ "exp": FAR })), changes))
}

fn entry(changes: Value) -> String {
    merged(json!({ "iss": ISSUER, "expires_at": FAR }), changes).to_string()
}

fn deny(world: &mut World, entries: &[Value]) {
    let list = entries.iter().enumerate().map(|(index, changes)| (index.to_string(), entry(changes.clone())));
    world.deny_list = Some(list.collect());
}

/// How often the list was read since the last time.
fn reads(world: &mut World) -> usize {
    world.take_fetched().iter().filter(|place| *place == "(deny list)").count()
}

/// Attack 50: a token is named by what it says, so no other way to write it passes.
#[test]
fn a_token_is_denied_by_its_jti() {
    let mut world = world();
    deny(&mut world, &[json!({ "jti": "jti-1" })]);
    assert_eq!(verdict(world.get("/me", &token(json!({})))), REVOKED);
    // Signed anew, it is another text with the same identifier.
    assert_eq!(verdict(world.get("/me", &token(json!({ "exp": FAR + 1 })))), REVOKED);
    forwarded(world.get("/me", &token(json!({ "jti": "jti-2" }))));
}

#[test]
fn tokens_are_denied_by_sub_and_by_sid() {
    let mut world = world();
    deny(&mut world, &[json!({ "sub": "user-1" }), json!({ "sid": "session-1" })]);
    assert_eq!(verdict(world.get("/me", &token(json!({})))), REVOKED);
    assert_eq!(verdict(world.get("/me", &token(json!({ "sub": "user-2", "sid": "session-1" })))), REVOKED);
    forwarded(world.get("/me", &token(json!({ "sub": "user-2", "sid": "session-2" }))));
    // A value of one claim says nothing of another.
    forwarded(world.get("/me", &token(json!({ "sub": "session-1", "jti": "user-1", "sid": "jti-1" }))));
}

/// RFC 7519 section 4.1.6: what was issued before a moment is denied, and what does not say when it was issued.
#[test]
fn tokens_are_denied_by_the_moment_they_were_issued() {
    for denied in [json!({ "issued_before": NOW - 5 }), json!({ "sub": "user-1", "issued_before": NOW - 5 })] {
        let mut world = world();
        deny(&mut world, &[denied]);
        assert_eq!(verdict(world.get("/me", &token(json!({ "iat": NOW - 6 })))), REVOKED);
        assert_eq!(verdict(world.get("/me", &token(json!({ "iat": 1_699_999_994.5 })))), REVOKED);
        forwarded(world.get("/me", &token(json!({ "iat": NOW - 5 }))));
    }
    let mut policy = revoking_policy();
    policy["issuers"][0]["token_profile"] = json!("jwt");
    let mut world = World::new(&policy);
    world.key_set = Some(key_set());
    deny(&mut world, &[json!({ "issued_before": NOW - 5 })]);
    let undated = Key::Ec
        .sign_with(&json!({ "alg": "ES256", "kid": "ec-1", "typ": "JWT" }), &merged(claims(), json!({ "iat": null })));
    assert_eq!(verdict(world.get("/me", &undated)), REVOKED);
}

/// Tokens of different issuers have nothing to do with each other.
#[test]
fn an_entry_is_about_one_issuer() {
    let mut world = world();
    deny(&mut world, &[json!({ "iss": "https://other.example", "jti": "jti-1" })]);
    forwarded(world.get("/me", &token(json!({}))));
}

/// An entry that is over denies nothing, whether or not its store has let go of it.
#[test]
fn an_entry_ends() {
    let mut world = world();
    deny(&mut world, &[json!({ "jti": "jti-1", "expires_at": NOW + 3 })]);
    world.now = NOW + 3;
    assert_eq!(verdict(world.get("/me", &token(json!({})))), REVOKED);
    world.now = NOW + 4;
    forwarded(world.get("/me", &token(json!({}))));
}

/// The bound: what was written is seen by every decision that is made `refresh_seconds` later, and the list is read no more often for it.
#[test]
fn a_copy_serves_for_its_seconds() {
    let (mut world, token) = (world(), token(json!({})));
    forwarded(world.get("/me", &token));
    deny(&mut world, &[json!({ "jti": "jti-1" })]);
    world.now = NOW + DENY_LIST_REFRESH_SECONDS - 1;
    forwarded(world.get("/me", &token));
    assert_eq!(reads(&mut world), 1);
    world.now = NOW + DENY_LIST_REFRESH_SECONDS;
    assert_eq!(verdict(world.get("/me", &token)), REVOKED);
    assert_eq!(reads(&mut world), 1);
}

/// Nobody knows how old a copy is by a clock that was set back.
#[test]
fn a_clock_that_is_set_back_makes_no_copy_younger() {
    let (mut world, token) = (world(), token(json!({ "iat": NOW - 100 })));
    forwarded(world.get("/me", &token));
    deny(&mut world, &[json!({ "jti": "jti-1" })]);
    world.now = NOW - 1;
    assert_eq!(verdict(world.get("/me", &token)), REVOKED);
}

/// Attack 31: without a list nothing passes; with an old one, so long as the policy says.
#[test]
fn a_list_that_cannot_be_read_denies_all_after_a_while() {
    let (mut world, token) = (world(), token(json!({})));
    world.deny_list = None;
    let response = refused(world.get("/me", &token));
    assert_eq!((response.status, response.error.unwrap().code()), UNAVAILABLE);
    assert!(response.headers.contains(&("retry-after", DENY_LIST_BACKOFF_SECONDS.to_string())));
    // It is left alone for a moment, whoever asks.
    assert_eq!(verdict(world.get("/me", &token)), UNAVAILABLE);
    assert_eq!(reads(&mut world), 1);
    forwarded(world.get("/health", ""));
    // Once it is there again, so is the API.
    deny(&mut world, &[]);
    world.now = NOW + DENY_LIST_BACKOFF_SECONDS;
    forwarded(world.get("/me", &token));
    let read_at = world.now;
    world.deny_list = None;
    let last = read_at + DENY_LIST_REFRESH_SECONDS + DENY_LIST_STALE_IF_ERROR_SECONDS;
    for now in [read_at + DENY_LIST_REFRESH_SECONDS, last - 1] {
        world.now = now;
        forwarded(world.get("/me", &token));
    }
    world.now = last;
    assert_eq!(verdict(world.get("/me", &token)), UNAVAILABLE);
}

#[test]
fn with_no_time_for_old_copies_there_is_no_access_without_the_list() {
    let mut policy = revoking_policy();
    policy["revocation"] = json!({ "kv_binding": "LIST", "stale_if_error_seconds": 0, "refresh_seconds": 2 });
    let (mut world, token) = (World::new(&policy), token(json!({})));
    world.key_set = Some(key_set());
    forwarded(world.get("/me", &token));
    world.deny_list = None;
    world.now = NOW + 1;
    forwarded(world.get("/me", &token));
    world.now = NOW + 2;
    assert_eq!(verdict(world.get("/me", &token)), UNAVAILABLE);
}

/// What is passed over could be what matters.
#[test]
fn a_list_that_is_none_as_a_whole_is_none() {
    let good = entry(json!({ "jti": "jti-9" }));
    let many = vec![good.as_str(); MAX_DENY_ENTRIES + 1].join(",");
    for list in [
        String::new(),
        "[]".into(),
        "{}".into(),
        r#"{"entries":{}}"#.into(),
        format!(r#"{{"entries":[{good},1]}}"#),
        format!(r#"{{"entries":[{good},{}]}}"#, entry(json!({ "kid": "x" }))),
        format!(r#"{{"entries":[{}]}}"#, entry(json!({}))),
        format!(r#"{{"entries":[{}]}}"#, entry(json!({ "jti": "" }))),
        format!(r#"{{"entries":[{}]}}"#, entry(json!({ "jti": 1 }))),
        format!(r#"{{"entries":[{}]}}"#, entry(json!({ "jti": "a", "sub": "b" }))),
        format!(r#"{{"entries":[{}]}}"#, r#"{"iss":"https://as.example","sub":null,"issued_before":1,"expires_at":1}"#),
        format!(r#"{{"entries":[{}]}}"#, entry(json!({ "jti": "a", "expires_at": null }))),
        format!(r#"{{"entries":[{}]}}"#, entry(json!({ "jti": "a", "iss": null }))),
        format!(r#"{{"entries":[{many}]}}"#),
    ] {
        let mut gate = gate(&revoking_policy());
        let pending = asks_for_list(warm_up(&mut gate, 0));
        let decided = gate.resume(pending, Some(&list), at(0));
        let Progress::Decided(decision) = decided else { panic!("{decided:?}") };
        assert_eq!(verdict(decision), UNAVAILABLE, "{}", list.get(..90).unwrap_or(&list));
    }
}

const fn at(second: u64) -> UnixTime {
    UnixTime::from_seconds(NOW + second)
}

fn begin(gate: &mut Gate, second: u64) -> Progress {
    let authorization = format!("Bearer {}", token(json!({})));
    gate.authorize(
        &Request { method: "GET", path: "/me", authorization: Some(&authorization), ..Request::default() },
        at(second),
    )
}

/// A request at a cold gate, when it has its keys.
fn warm_up(gate: &mut Gate, second: u64) -> Progress {
    match begin(gate, second) {
        Progress::Need(Need::KeySet { .. }, pending) => gate.resume(pending, Some(&key_set()), at(second)),
        other => other,
    }
}

fn asks_for_list(progress: Progress) -> Pending {
    match progress {
        Progress::Need(Need::DenyList, pending) => pending,
        other => panic!("{other:?}"),
    }
}

fn waits(progress: Progress) -> Pending {
    match progress {
        Progress::Need(Need::Moment { .. }, pending) => pending,
        other => panic!("{other:?}"),
    }
}

fn passes(progress: Progress) {
    let Progress::Decided(decision) = progress else { panic!("{progress:?}") };
    forwarded(decision);
}

/// Many at once read the list once; who waits for somebody that is gone reads it himself.
#[test]
fn one_request_reads_the_list_for_all() {
    let mut gate = gate(&revoking_policy());
    let first = asks_for_list(warm_up(&mut gate, 0));
    let others: Vec<Pending> = (0..5).map(|_| waits(begin(&mut gate, 0))).collect();
    let others: Vec<Pending> = others.into_iter().map(|pending| waits(gate.resume(pending, None, at(1)))).collect();
    passes(gate.resume(first, Some(r#"{"entries":[]}"#), at(1)));
    for pending in others {
        passes(gate.resume(pending, None, at(1)));
    }
    // The next one's reader hangs up.
    drop(asks_for_list(begin(&mut gate, DENY_LIST_REFRESH_SECONDS)));
    let waiting = waits(begin(&mut gate, DENY_LIST_REFRESH_SECONDS));
    asks_for_list(gate.resume(waiting, None, at(DENY_LIST_REFRESH_SECONDS + DENY_LIST_UNDER_WAY_SECONDS)));
}

/// An answer that comes late must not undo a later one.
#[test]
fn an_earlier_copy_does_not_replace_a_later_one() {
    let mut gate = gate(&revoking_policy());
    let slow = asks_for_list(warm_up(&mut gate, 0));
    let quick = asks_for_list(begin(&mut gate, 4));
    let denied = format!(r#"{{"entries":[{}]}}"#, entry(json!({ "jti": "jti-1" })));
    let Progress::Decided(decision) = gate.resume(quick, Some(&denied), at(4)) else { panic!() };
    assert_eq!(verdict(decision), REVOKED);
    let Progress::Decided(decision) = gate.resume(slow, Some(r#"{"entries":[]}"#), at(5)) else { panic!() };
    assert_eq!(verdict(decision), REVOKED);
}

/// The list is read ahead beside the requests, so that nobody waits for it.
#[test]
fn the_list_is_refreshed_ahead() {
    let mut gate = gate(&revoking_policy());
    let pending = asks_for_list(warm_up(&mut gate, 0));
    passes(gate.resume(pending, Some(r#"{"entries":[]}"#), at(0)));
    passes(begin(&mut gate, 4));
    assert!(!gate.is_refresh_due());
    passes(begin(&mut gate, 5));
    assert!(gate.is_refresh_due());
    let (need, refresh) = gate.begin_refresh(at(5)).expect("it is due");
    assert!(matches!(need, Need::DenyList), "{need:?}");
    // Others do not begin it again.
    passes(begin(&mut gate, 6));
    assert!(!gate.is_refresh_due());
    let denied = format!(r#"{{"entries":[{}]}}"#, entry(json!({ "jti": "jti-1" })));
    assert!(gate.resume_refresh(refresh, Some(&denied), at(6)).is_none());
    let Progress::Decided(decision) = begin(&mut gate, 6) else { panic!() };
    assert_eq!(verdict(decision), REVOKED);
}

/// RFC 7662 section 2.2: what introspection says of an opaque token is held against the list.
#[test]
fn an_opaque_token_is_denied_by_what_introspection_says_of_it() {
    let mut policy = introspecting_policy();
    policy["revocation"] = json!({ "durable_object_binding": "DENY_LIST" });
    let mut world = World::new(&policy);
    for silent in [json!({}), json!({ "iss": null })] {
        world.introspection = Some(merged(claims_with(json!({ "active": true })), silent).to_string());
        world.now += DENY_LIST_REFRESH_SECONDS;
        deny(&mut world, &[]);
        forwarded(world.get("/admin", "opaque"));
        world.now += DENY_LIST_REFRESH_SECONDS;
        deny(&mut world, &[json!({ "sub": "user-1" })]);
        assert_eq!(verdict(world.get("/admin", "opaque")), REVOKED);
    }
}

/// Attack 31: who asked in vain passes by no copy that is too old, whoever else is asking.
#[test]
fn a_question_in_vain_lets_nobody_through() {
    let mut gate = gate(&revoking_policy());
    let first = asks_for_list(warm_up(&mut gate, 0));
    passes(gate.resume(first, Some(r#"{"entries":[]}"#), at(0)));
    let later = DENY_LIST_REFRESH_SECONDS + DENY_LIST_STALE_IF_ERROR_SECONDS;
    let in_vain = asks_for_list(begin(&mut gate, later));
    let waiting = waits(begin(&mut gate, later));
    let _asking = asks_for_list(gate.resume(waiting, None, at(later + DENY_LIST_UNDER_WAY_SECONDS)));
    let Progress::Decided(decision) = gate.resume(in_vain, None, at(later + DENY_LIST_UNDER_WAY_SECONDS)) else {
        panic!()
    };
    assert_eq!(verdict(decision), UNAVAILABLE);
}

/// A session that only introspection knows of is ended as well.
#[test]
fn a_token_is_denied_by_the_session_that_introspection_states() {
    let mut policy = introspecting_policy();
    policy["revocation"] = json!({ "durable_object_binding": "DENY_LIST" });
    let mut world = World::new(&policy);
    world.key_set = Some(key_set());
    deny(&mut world, &[json!({ "sid": "session-1" })]);
    for (session, passes) in [("session-1", false), ("session-2", true)] {
        world.introspection = Some(claims_with(json!({ "active": true, "sid": session })).to_string());
        let decision = world.get("/admin", &token(json!({})));
        if passes {
            forwarded(decision);
        } else {
            assert_eq!(verdict(decision), REVOKED);
        }
    }
}
