//! What requests hold while they wait (attack 33): together no more than the bound, whoever hangs up.

use edgeward::{
    UnixTime,
    limits::MAX_WAITING_BYTES,
    resource_server::{Decision, Gate, Need, Pending, Progress, Request},
};
use serde_json::{Value, json};

use crate::outside::{NOW, gate, introspecting_policy};
#[cfg(feature = "es256")]
use crate::{
    outside::{World, claims, claims_with, forwarded},
    signing::{Key, key_set},
};

/// As long as a token may be, nearly.
const TOKEN_BYTES: usize = 16 * 1024 - 16;
/// The token, its parts, and the form that asks about it.
const EACH_BYTES: usize = 3 * TOKEN_BYTES;

fn begin(gate: &mut Gate, number: usize) -> Progress {
    let authorization = format!("Bearer {number:0>TOKEN_BYTES$}");
    let request = Request { method: "GET", path: "/admin", authorization: Some(&authorization), ..Request::default() };
    gate.authorize(&request, UnixTime::from_seconds(NOW))
}

/// Begins requests until one has no room, and says how that one is refused. Each has a token of its own, by numbers from this one on.
fn fill(gate: &mut Gate, first: usize) -> (Vec<Pending>, u16, &'static str, Option<String>) {
    let mut waiting = Vec::new();
    for number in first..=first + MAX_WAITING_BYTES / EACH_BYTES {
        match begin(gate, number) {
            Progress::Need(Need::Introspection { .. }, pending) => waiting.push(pending),
            Progress::Decided(Decision::Respond(response)) => {
                let retry_after = response.headers.iter().find(|(name, _)| *name == "retry-after");
                let retry_after = retry_after.map(|(_, value)| value.clone());
                let code = response.error.as_ref().map_or("none", edgeward::Error::code);
                return (waiting, response.status, code, retry_after);
            }
            other => panic!("{other:?}"),
        }
    }
    panic!("{} wait, and all have found room", waiting.len());
}

fn policy() -> Value {
    introspecting_policy()
}

/// Attack 33: a caller who begins requests and hangs up leaves each of them behind for as long as a step is kept.
#[test]
fn requests_that_wait_hold_no_more_than_the_bound_together() {
    let mut gate = gate(&policy());
    let (waiting, status, code, retry_after) = fill(&mut gate, 0);
    assert_eq!((status, code, retry_after.as_deref()), (503, "introspection_unavailable", Some("1")));
    assert!(waiting.len() > MAX_WAITING_BYTES / EACH_BYTES * 9 / 10, "only {} had room", waiting.len());
}

/// Room is given back by a request that ends, and by one that is dropped because nobody goes on with it.
#[test]
fn a_request_that_goes_gives_its_room_back() {
    let mut gate = gate(&policy());
    let (mut waiting, ..) = fill(&mut gate, 0);
    let most = waiting.len();
    let ended = waiting.pop().expect("one that waits");
    let answer = gate.resume(ended, Some(r#"{"active":false}"#), UnixTime::from_seconds(NOW));
    assert!(matches!(answer, Progress::Decided(Decision::Respond(_))), "{answer:?}");
    let again = begin(&mut gate, most + 1);
    assert!(matches!(again, Progress::Need(..)), "{again:?}");
    assert!(matches!(begin(&mut gate, most + 2), Progress::Decided(_)), "and no more than one");
    drop((again, waiting));
    assert_eq!(fill(&mut gate, 1_000).0.len(), most, "all of it is there again");
}

/// The room is that of introspection: a route that asks none goes on as ever.
#[cfg(feature = "es256")]
#[test]
fn other_routes_need_no_room() {
    let mut world = World::new(&policy());
    world.key_set = Some(key_set());
    let token = Key::Ec.sign(&claims());
    forwarded(world.get("/data", &token));
    let (waiting, ..) = fill(&mut world.gate, 0);
    let other = Key::Ec.sign(&claims_with(json!({ "jti": "not seen yet" })));
    for token in [token, other] {
        forwarded(world.get("/data", &token));
    }
    drop(waiting);
}

/// Whoever has no room was not taken up by anything: no question is noted that nobody asks.
#[test]
fn who_has_no_room_leaves_nothing_for_others_to_wait_for() {
    let mut keeping = policy();
    keeping["issuers"][0]["introspection"]["cache_seconds"] = json!(60);
    let mut gate = gate(&keeping);
    let (waiting, ..) = fill(&mut gate, 0);
    let refused = waiting.len();
    drop(waiting);
    assert!(matches!(begin(&mut gate, refused), Progress::Need(Need::Introspection { .. }, _)), "it asks by itself");
}
