//! What introspection has said serves for a while (RFC 7662 section 4): how long, for whom, and who waits for it.

use edgeward::{
    UnixTime,
    limits::{
        FETCH_UNDER_WAY_SECONDS, INTROSPECTION_REFUSAL_SECONDS, INTROSPECTION_SILENCE_SECONDS,
        INTROSPECTION_STATEMENTS, LATE_FETCH_SECONDS, MAX_INTROSPECTION_CACHE_SECONDS, MAX_STATEMENT_BYTES,
        MAX_WAIT_FOR_OTHERS_SECONDS,
    },
    resource_server::{Decision, Gate, Need, Pending, Policy, Progress, Request},
};
use serde_json::{Value, json};

use crate::outside::{
    INTROSPECTION_URL, NOW, SECRET, World, claims_with, forwarded, gate, introspecting_policy, merged, onward, verdict,
};
#[cfg(feature = "rs256")]
use crate::signing::{Key, key_set};

const SECONDS: u64 = 60;
const AT_ONCE: usize = 20;
const INACTIVE: &str = r#"{"active":false}"#;

fn active(changes: Value) -> String {
    merged(claims_with(json!({ "active": true, "exp": NOW + 100_000 })), changes).to_string()
}

/// The policy whose good answers serve for [`SECONDS`].
fn keeping() -> Value {
    let mut policy = introspecting_policy();
    policy["issuers"][0]["introspection"]["cache_seconds"] = json!(SECONDS);
    policy["routes"].as_array_mut().unwrap().push(json!({ "path": "/open", "introspection": true }));
    policy
}

fn world(answer: &str) -> World {
    let mut world = World::new(&keeping());
    world.introspection = Some(answer.into());
    world
}

/// How often the server was asked since the last time.
fn asked(world: &mut World) -> usize {
    let fetched = world.take_fetched();
    assert!(fetched.iter().all(|url| url == INTROSPECTION_URL), "{fetched:?}");
    fetched.len()
}

/// RFC 7662 section 4: a good answer serves for as long as the policy says, from the moment of the question on.
#[test]
fn a_good_answer_serves_for_its_seconds() {
    let mut world = world(&active(json!({ "sub": "user-9" })));
    for second in [0, 1, SECONDS - 1] {
        world.now = NOW + second;
        let forward = forwarded(world.get("/admin", "opaque"));
        assert_eq!(onward(&forward, "edgeward-sub").as_deref(), Some("user-9"));
    }
    assert_eq!(asked(&mut world), 1);
    world.now = NOW + SECONDS;
    world.introspection = Some(INACTIVE.into());
    assert_eq!(verdict(world.get("/admin", "opaque")), (401, "token_inactive"), "the revocation shows by now");
    assert_eq!(asked(&mut world), 1);
}

/// An answer is as old as its question: what the server said may have been taken back while it was on its way.
#[test]
fn an_answers_seconds_count_from_the_question() {
    let mut gate = gate(&keeping());
    let (mut asking, _) = sort([begin(&mut gate, "opaque", at(0))]);
    forwarded(decided(gate.resume(asking.remove(0), Some(&active(json!({}))), at(4))));
    assert!(matches!(begin(&mut gate, "opaque", at(SECONDS - 1)), Progress::Decided(Decision::Forward(_))));
    assert!(matches!(begin(&mut gate, "opaque", at(SECONDS)), Progress::Need(Need::Introspection { .. }, _)));
}

/// RFC 7662 section 4: no answer serves beyond the token's own `exp`.
#[test]
fn no_answer_serves_beyond_exp() {
    let mut world = world(&active(json!({ "exp": NOW + 10 })));
    forwarded(world.get("/admin", "opaque"));
    world.now = NOW + 10 + 29;
    forwarded(world.get("/admin", "opaque"));
    world.now = NOW + 10 + 30;
    assert_eq!(verdict(world.get("/admin", "opaque")), (401, "token_expired"));
    assert_eq!(asked(&mut world), 1);
}

/// Attack 25: what is kept is the server's word about the token, so every route holds it against its own scope.
#[test]
fn each_route_holds_a_kept_answer_against_its_own_scope() {
    let mut world = world(&active(json!({ "scope": "data:read" })));
    forwarded(world.get("/open", "opaque"));
    assert_eq!(verdict(world.get("/admin", "opaque")), (403, "scope_missing"));
    forwarded(world.get("/open", "opaque"));
    assert_eq!(asked(&mut world), 1);
}

/// Attacks 25 and 47: an answer serves the very token that was asked about.
#[test]
fn an_answer_serves_no_other_token() {
    let mut world = world(&active(json!({})));
    forwarded(world.get("/admin", "opaque-token"));
    world.introspection = Some(INACTIVE.into());
    for other in ["opaque-toke", "opaque-token1", "opaque-tokeN", "paque-token"] {
        assert_eq!(verdict(world.get("/admin", other)), (401, "token_inactive"), "{other}");
    }
    assert_eq!(asked(&mut world), 5);
}

/// A signed token is limited by what was said of it, kept or not; and its own end ends it.
#[test]
#[cfg(feature = "rs256")]
fn a_signed_token_is_limited_by_a_kept_answer() {
    let mut world = world(&active(json!({ "scope": "admin" })));
    world.key_set = Some(key_set());
    let token = Key::Rsa.sign(&claims_with(json!({ "exp": NOW + 20 })));
    for second in [0, 1, 20 + 29] {
        world.now = NOW + second;
        let forward = forwarded(world.get("/admin", &token));
        assert_eq!(onward(&forward, "edgeward-scope").as_deref(), Some("admin"));
    }
    world.now = NOW + 20 + 30;
    assert_eq!(verdict(world.get("/admin", &token)), (401, "token_expired"));
    assert_eq!(world.take_fetched().iter().filter(|url| *url == INTROSPECTION_URL).count(), 1);
}

/// A refusal stands for a moment, so that a client's loop is not the server's; it ends a kept answer.
#[test]
fn a_refusal_stands_for_a_moment() {
    let mut world = World::new(&introspecting_policy());
    world.introspection = Some(INACTIVE.into());
    for second in [0, 0, 1, INTROSPECTION_REFUSAL_SECONDS - 1] {
        world.now = NOW + second;
        assert_eq!(verdict(world.get("/admin", "opaque")), (401, "token_inactive"));
    }
    assert_eq!(asked(&mut world), 1);
    world.now = NOW + INTROSPECTION_REFUSAL_SECONDS;
    world.introspection = Some(active(json!({})));
    forwarded(world.get("/admin", "opaque"));
    forwarded(world.get("/admin", "opaque"));
    assert_eq!(asked(&mut world), 2, "a good answer is not kept unless the policy says so");
}

/// Attack 29: bad tokens drive out no good answer, however many they are.
#[test]
fn bad_tokens_drive_out_no_good_answer() {
    let mut world = world(&active(json!({})));
    forwarded(world.get("/admin", "opaque"));
    world.introspection = Some(INACTIVE.into());
    for number in 0..INTROSPECTION_STATEMENTS + 10 {
        assert_eq!(verdict(world.get("/admin", &format!("bad-{number}"))), (401, "token_inactive"));
    }
    asked(&mut world);
    forwarded(world.get("/admin", "opaque"));
    assert_eq!(asked(&mut world), 0);
    // The room for refusals has its bound, too: the first of them is asked about again.
    world.get("/admin", "bad-0");
    world.get("/admin", &format!("bad-{}", INTROSPECTION_STATEMENTS + 9));
    assert_eq!(asked(&mut world), 1);
}

/// A good word that was asked for before the token was refused does not undo the refusal.
#[test]
fn an_older_good_word_undoes_no_refusal() {
    let mut gate = gate(&keeping());
    let (mut early, _) = sort([begin(&mut gate, "opaque", at(0))]);
    let (mut late, _) = sort([begin(&mut gate, "opaque", at(FETCH_UNDER_WAY_SECONDS))]);
    let refused = decided(gate.resume(late.remove(0), Some(INACTIVE), at(FETCH_UNDER_WAY_SECONDS)));
    assert_eq!(verdict(refused), (401, "token_inactive"));
    // Who asked early is answered what was said to him, and nobody else is.
    let now = at(FETCH_UNDER_WAY_SECONDS + 1);
    forwarded(decided(gate.resume(early.remove(0), Some(&active(json!({}))), now)));
    assert_eq!(verdict(decided(begin(&mut gate, "opaque", now))), (401, "token_inactive"));
}

/// An answer that takes much memory is not kept.
#[test]
fn a_large_answer_is_not_kept() {
    let mut world = world(&active(json!({ "x": "y".repeat(MAX_STATEMENT_BYTES) })));
    forwarded(world.get("/admin", "opaque"));
    forwarded(world.get("/admin", "opaque"));
    assert_eq!(asked(&mut world), 2);
}

/// Attack 31: a server that gives no answer takes nothing back and grants nothing, and is not asked about that token in the same second.
#[test]
fn silence_is_neither_yes_nor_no() {
    let mut world = world(&active(json!({})));
    world.introspection = None;
    assert_eq!(verdict(world.get("/admin", "opaque")), (503, "introspection_unavailable"));
    world.introspection = Some(active(json!({})));
    assert_eq!(verdict(world.get("/admin", "opaque")), (503, "introspection_unavailable"));
    assert_eq!(asked(&mut world), 1);
    world.now += INTROSPECTION_SILENCE_SECONDS;
    forwarded(world.get("/admin", "opaque"));
    world.introspection = None;
    world.now += SECONDS - 1;
    forwarded(world.get("/admin", "opaque"));
    world.now += 1;
    assert_eq!(verdict(world.get("/admin", "opaque")), (503, "introspection_unavailable"), "an old word is none");
}

/// Requests with the same token at the same moment make one question where the answer may be shared, and each its own where not.
#[test]
fn one_asks_and_the_others_wait() {
    let mut gate = gate(&keeping());
    let (mut asking, waiting) = sort((0..AT_ONCE).map(|_| begin(&mut gate, "opaque", at(0))));
    assert_eq!((asking.len(), waiting.len()), (1, AT_ONCE - 1));
    let (_, waiting) = sort(waiting.into_iter().map(|pending| gate.resume(pending, None, at(1))));
    assert_eq!(waiting.len(), AT_ONCE - 1, "there is no answer yet");
    forwarded(decided(gate.resume(asking.remove(0), Some(&active(json!({}))), at(1))));
    for pending in waiting {
        forwarded(decided(gate.resume(pending, None, at(1))));
    }
    // Of another token, or without leave to keep answers, nobody waits.
    assert_eq!(sort([begin(&mut gate, "another", at(1)), begin(&mut gate, "third", at(1))]).0.len(), 2);
    let mut fresh = crate::outside::gate(&introspecting_policy());
    assert_eq!(sort((0..AT_ONCE).map(|_| begin(&mut fresh, "opaque", at(0)))).0.len(), AT_ONCE);
}

/// When the one question fails, those who waited hear the same, and do not ask one after another.
#[test]
fn those_who_waited_for_silence_hear_it() {
    let mut gate = gate(&keeping());
    let (mut asking, waiting) = sort((0..AT_ONCE).map(|_| begin(&mut gate, "opaque", at(0))));
    let silence = |decision| verdict(decision);
    assert_eq!(silence(decided(gate.resume(asking.remove(0), None, at(5)))), (503, "introspection_unavailable"));
    for pending in waiting {
        assert_eq!(silence(decided(gate.resume(pending, None, at(5)))), (503, "introspection_unavailable"));
    }
}

/// Who asked may have hung up, and its question with it.
#[test]
fn a_question_that_never_ends_is_not_waited_for_without_end() {
    let mut gate = gate(&keeping());
    let (_, waiting) = sort((0..2).map(|_| begin(&mut gate, "opaque", at(0))));
    let (asking, _) = sort(waiting.into_iter().map(|pending| gate.resume(pending, None, at(FETCH_UNDER_WAY_SECONDS))));
    assert_eq!(asking.len(), 1);
    // Others begin questions and hang up again and again; who has waited long asks for itself.
    let mut gate = crate::outside::gate(&keeping());
    drop(sort([begin(&mut gate, "opaque", at(0))]));
    let (_, mut waiting) = sort([begin(&mut gate, "opaque", at(1))]);
    for second in [FETCH_UNDER_WAY_SECONDS, 2 * FETCH_UNDER_WAY_SECONDS] {
        assert_eq!(sort([begin(&mut gate, "opaque", at(second))]).0.len(), 1, "{second}");
        (_, waiting) = sort(waiting.into_iter().map(|pending| gate.resume(pending, None, at(second))));
        assert_eq!(waiting.len(), 1, "{second}");
    }
    let late = at(2 * FETCH_UNDER_WAY_SECONDS + LATE_FETCH_SECONDS);
    assert!(late >= at(1 + MAX_WAIT_FOR_OTHERS_SECONDS));
    assert_eq!(sort(waiting.into_iter().map(|pending| gate.resume(pending, None, late))).0.len(), 1);
}

/// The policy says for how long, within a bound.
#[test]
fn the_policys_seconds_have_a_bound() {
    let mut policy = keeping();
    policy["issuers"][0]["introspection"]["cache_seconds"] = json!(MAX_INTROSPECTION_CACHE_SECONDS);
    Policy::parse(&policy.to_string()).unwrap();
    for wrong in [json!(MAX_INTROSPECTION_CACHE_SECONDS + 1), json!(-1), json!("60"), json!(1.5)] {
        policy["issuers"][0]["introspection"]["cache_seconds"] = wrong;
        let message = Policy::parse(&policy.to_string()).unwrap_err().to_string();
        assert!(message.contains("issuers[0].introspection.cache_seconds: must be"), "{message}");
        assert!(!message.contains(SECRET));
    }
}

const fn at(second: u64) -> UnixTime {
    UnixTime::from_seconds(NOW + second)
}

fn begin(gate: &mut Gate, token: &str, now: UnixTime) -> Progress {
    let authorization = format!("Bearer {token}");
    let request = Request { method: "GET", path: "/admin", authorization: Some(&authorization), ..Request::default() };
    gate.authorize(&request, now)
}

/// Who has to ask, and who has to wait.
fn sort(started: impl IntoIterator<Item = Progress>) -> (Vec<Pending>, Vec<Pending>) {
    let (mut asking, mut waiting) = (Vec::new(), Vec::new());
    for progress in started {
        match progress {
            Progress::Need(Need::Introspection { .. }, pending) => asking.push(pending),
            Progress::Need(Need::Moment { .. }, pending) => waiting.push(pending),
            other => panic!("{other:?}"),
        }
    }
    (asking, waiting)
}

fn decided(progress: Progress) -> Decision {
    match progress {
        Progress::Decided(decision) => decision,
        Progress::Need(need, _) => panic!("{need:?}"),
    }
}

/// Who has been held still comes with a silence of long ago: it is told so, and others go on waiting for whom they wait for.
#[test]
fn a_silence_after_a_question_was_given_up_is_nobody_elses() {
    let mut gate = gate(&keeping());
    let at = |second| UnixTime::from_seconds(NOW + second);
    let request = Request { method: "GET", path: "/open", authorization: Some("Bearer opaque"), ..Request::default() };
    let later = FETCH_UNDER_WAY_SECONDS + 1;
    let begin = |gate: &mut Gate, second| match gate.authorize(&request, at(second)) {
        Progress::Need(need, pending) => (matches!(need, Need::Introspection { .. }), pending),
        Progress::Decided(decision) => panic!("{decision:?}"),
    };
    let (asks, held) = begin(&mut gate, 0);
    let (asks_too, second) = begin(&mut gate, later);
    assert!(asks && asks_too);
    let Progress::Decided(decision) = gate.resume(held, None, at(later)) else { panic!("undecided") };
    assert_eq!(verdict(decision), (503, "introspection_unavailable"));
    let (asks, third) = begin(&mut gate, later);
    assert!(!asks, "it waits for the second");
    let answer = active(json!({}));
    for (pending, answer) in [(second, Some(answer.as_str())), (third, None)] {
        let Progress::Decided(decision) = gate.resume(pending, answer, at(later)) else { panic!("undecided") };
        forwarded(decision);
    }
}
