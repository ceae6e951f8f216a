//! Requests under way: what happens between the question and its answer.

use edgeward::{
    limits::FETCH_UNDER_WAY_SECONDS,
    resource_server::{Decision, Pending, Progress, Request},
};
use serde_json::json;

use crate::{
    outside::{NOW, World, claims, claims_with, forwarded, policy, refused, verdict},
    signing::{Key, key_set},
};

/// Starts on a request that needs keys.
fn start(world: &mut World, key: Key) -> Pending {
    let authorization = format!("Bearer {}", key.sign(&claims()));
    let request = Request { method: "GET", path: "/data", authorization: Some(&authorization), ..Request::default() };
    match world.gate.authorize(&request, world.time()) {
        Progress::Need(_, pending) => pending,
        Progress::Decided(decision) => panic!("{decision:?}"),
    }
}

/// Attack 30 (CVE-2025-64527): several requests that wait for the same set may each fail and each succeed.
#[test]
fn requests_that_wait_together_are_judged_each_by_its_own_answer() {
    let mut world = World::new(&policy());
    let first = start(&mut world, Key::Rsa);
    // Nobody waits for the first one any longer; the third waits for the second.
    world.now += FETCH_UNDER_WAY_SECONDS;
    let waiting = [first, start(&mut world, Key::Ec), start(&mut world, Key::Rsa)];
    let answers = [None, Some(key_set()), None];
    let statuses: Vec<u16> = waiting
        .into_iter()
        .zip(answers)
        .map(|(pending, answer)| match world.gate.resume(pending, answer.as_deref(), world.time()) {
            Progress::Decided(Decision::Forward(_)) => 200,
            Progress::Decided(decision) => refused(decision).status,
            Progress::Need(need, _) => panic!("{need:?}"),
        })
        .collect();
    // By then the second had brought the keys.
    assert_eq!(statuses, [503, 200, 200]);
}

/// The moment of judging is that of the answer: a token that expired while the keys were fetched is refused.
#[test]
fn a_token_that_expires_while_keys_are_fetched_is_refused() {
    let mut world = World::new(&policy());
    let authorization = format!("Bearer {}", Key::Ec.sign(&claims_with(json!({ "exp": NOW + 1 }))));
    let request = Request { method: "GET", path: "/data", authorization: Some(&authorization), ..Request::default() };
    let Progress::Need(_, pending) = world.gate.authorize(&request, world.time()) else { panic!("keys are needed") };
    world.now += 31;
    let Progress::Decided(decision) = world.gate.resume(pending, Some(&key_set()), world.time()) else { panic!() };
    assert_eq!(verdict(decision), (401, "token_expired"));
}

/// Keys that arrive end the back-off that another request's failure began, so a rotation is noticed at once.
#[test]
fn keys_that_arrive_end_the_back_off() {
    let mut world = World::new(&policy());
    let first = start(&mut world, Key::Rsa);
    world.now += FETCH_UNDER_WAY_SECONDS;
    let second = start(&mut world, Key::Rsa);
    let rsa_only = json!({ "keys": [Key::Rsa.jwk()] }).to_string();
    assert!(matches!(world.gate.resume(first, None, world.time()), Progress::Decided(Decision::Respond(_))));
    let progress = world.gate.resume(second, Some(&rsa_only), world.time());
    assert!(matches!(progress, Progress::Decided(Decision::Forward(_))), "{progress:?}");
    world.key_set = Some(key_set());
    forwarded(world.get("/data", &Key::Ec.sign(&claims())));
}
