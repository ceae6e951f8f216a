//! A token of the gate's own for the origin (RFC 6749 section 4.4): when it is asked for, how long it serves, and what holds without one.

use edgeward::{
    UnixTime,
    crypto::FastEngine,
    limits::{
        FETCH_BACKOFF_SECONDS, FETCH_UNDER_WAY_SECONDS, LATE_FETCH_SECONDS, MAX_UPSTREAM_TOKEN_SECONDS,
        MAX_WAIT_FOR_OTHERS_SECONDS, UPSTREAM_TOKEN_MARGIN_SECONDS, UPSTREAM_TOKEN_REPLACEMENT_SECONDS,
        UPSTREAM_TOKEN_UNSTATED_SECONDS,
    },
    resource_server::{Decision, Forward, Gate, Need, Pending, Policy, Progress, Request},
};
use serde_json::{Value, json};

use crate::{
    outside::{
        ISSUER, METADATA_URL, NOW, SECRET, World, claims_with, forwarded, header, merged, metadata, policy, refused,
        verdict,
    },
    signing::{Key, key_set},
};

pub(crate) const TOKEN_URL: &str = "https://as.example/token";
/// So short that no key set is due meanwhile.
const LIFE: u64 = 200;
const SERVES: u64 = LIFE - UPSTREAM_TOKEN_MARGIN_SECONDS;
/// Four fifths of it.
const AHEAD: u64 = SERVES * 4 / 5;

/// What a policy says of the gate's own token, with some of it changed.
pub(crate) fn asking(changes: Value) -> Value {
    let token = json!({
        "grant_type": "client_credentials",
        "issuer": ISSUER,
        "token_endpoint": TOKEN_URL,
        "client_id": "gate",
        "client_secret_binding": "TOKEN_CLIENT_SECRET",
    });
    merged(policy(), json!({ "upstream": { "origin": "https://origin.internal", "token": merged(token, changes) } }))
}

/// A good answer, with some of it changed.
pub(crate) fn granting(token: &str, changes: Value) -> String {
    let document = json!({ "access_token": token, "token_type": "Bearer", "expires_in": LIFE });
    format!("200\n{}", merged(document, changes))
}

/// A world whose keys are there, and where nobody's token expires soon.
pub(crate) fn world_of(policy: &Value) -> World {
    let mut world = World::new(policy);
    world.key_set = Some(key_set());
    world.token = Some(granting("gate-1", json!({})));
    world
}

pub(crate) fn callers(key: Key) -> String {
    key.sign(&claims_with(json!({ "exp": NOW + 1_000_000 })))
}

fn call(world: &mut World) -> Decision {
    world.get("/data", &callers(Key::Ec))
}

/// The token that a request goes on with.
pub(crate) fn sent(forward: &Forward) -> &str {
    forward.authorization().unwrap().strip_prefix("Bearer ").unwrap()
}

/// How often the token endpoint was asked since the last time.
pub(crate) fn asked(world: &mut World) -> usize {
    world.take_fetched().iter().filter(|url| *url == TOKEN_URL).count()
}

pub(crate) const fn at(second: u64) -> UnixTime {
    UnixTime::from_seconds(NOW + second)
}

/// RFC 6749 section 4.4.2, RFC 8707 section 2: what is asked, and who asks. The origin gets the token, and never the client's.
#[test]
fn the_gate_asks_for_its_own_token_and_sends_that() {
    let changes = json!({
        "scope": "orders:read orders:write",
        "resource": ["https://origin.internal/a", "urn:x"],
        "audience": "orders",
    });
    let mut world = world_of(&asking(changes));
    let forward = forwarded(call(&mut world));
    assert_eq!(forward.authorization(), Some("Bearer gate-1"));
    assert!(world.gate.drops_header("authorization"));
    let (authorization, body) = world.asked.clone().unwrap();
    assert!(authorization.starts_with("Basic "));
    assert_eq!(
        body,
        "grant_type=client_credentials&scope=orders%3Aread+orders%3Awrite&resource=https%3A%2F%2Forigin.internal%2Fa\
         &resource=urn%3Ax&audience=orders"
    );
    assert_eq!(forwarded(world.get("/health", &callers(Key::Ec))).authorization(), None, "nobody has called");
    for token in [callers(Key::Ec), callers(Key::Rsa)] {
        let next = forwarded(world.get("/data", &token));
        assert_eq!(next.authorization(), forward.authorization(), "one for all callers");
        assert_eq!(next.upstream_token_serial(), forward.upstream_token_serial());
    }
    assert_eq!(asked(&mut world), 1);
}

/// RFC 8414 section 2: where the policy names no endpoint, the metadata of its issuer does.
#[test]
fn metadata_names_the_token_endpoint() {
    let with_endpoint = merged(metadata(), json!({ "token_endpoint": TOKEN_URL })).to_string();
    for is_elsewhere in [false, true] {
        let mut world = world_of(&asking(json!({ "token_endpoint": null })));
        let place = if is_elsewhere { &mut world.metadata_elsewhere } else { &mut world.metadata };
        *place = Some(with_endpoint.clone());
        if is_elsewhere {
            world.metadata = None;
        }
        assert_eq!(sent(&forwarded(call(&mut world))), "gate-1");
    }
    for useless in [None, Some("{}".to_owned()), Some(metadata().to_string())] {
        let mut world = world_of(&asking(json!({ "token_endpoint": null })));
        world.metadata = useless;
        assert_eq!(verdict(call(&mut world)), (503, "upstream_token_unavailable"));
        assert!(world.take_fetched().contains(&METADATA_URL.to_owned()));
        world.metadata = Some(with_endpoint.clone());
        assert_eq!(verdict(call(&mut world)), (503, "upstream_token_unavailable"));
        assert!(world.take_fetched().is_empty(), "left alone");
        world.now += FETCH_BACKOFF_SECONDS;
        forwarded(call(&mut world));
    }
}

/// A request that is refused, or that no token goes with, costs the token endpoint nothing.
#[test]
fn only_a_granted_request_asks() {
    let mut world = world_of(&asking(json!({})));
    let expired = Key::Ec.sign(&claims_with(json!({ "exp": NOW - 100 })));
    let without_scope = Key::Ec.sign(&claims_with(json!({ "scope": "other" })));
    let forged = callers(Key::Ec).replace("eyJ", "eyK");
    for (path, token) in
        [("/data", expired), ("/data", without_scope), ("/data", forged), ("/nowhere", callers(Key::Ec))]
    {
        refused(world.get(path, &token));
    }
    let public = forwarded(world.call(&Request { method: "GET", path: "/health", ..Request::default() }));
    assert_eq!(public.authorization(), None, "nobody has called");
    let public = forwarded(world.get("/health", &callers(Key::Ec)));
    assert_eq!(public.authorization(), None);
    assert_eq!(asked(&mut world), 0);
}

/// The deny list is read and written here, so no token is needed; a token that it names costs none.
#[test]
fn the_deny_list_asks_for_none() {
    let mut policy = asking(json!({}));
    policy["revocation"] = json!({ "durable_object_binding": "LIST" });
    policy["routes"].as_array_mut().unwrap().push(json!({ "path": "/deny", "scope": "admin", "deny_list": true }));
    let mut world = world_of(&policy);
    assert_eq!(refused(world.get("/deny", &callers(Key::Ec))).status, 200);
    let entry = json!({ "iss": ISSUER, "jti": "jti-1", "expires_at": NOW + 1_000 });
    world.deny_list.as_mut().unwrap().insert("x".into(), entry.to_string());
    world.now += 60;
    assert_eq!(verdict(call(&mut world)), (401, "token_revoked"));
    assert_eq!(asked(&mut world), 0);
}

/// It serves until it expires, less a margin, counted from the question on.
#[test]
fn a_token_serves_until_shortly_before_its_end() {
    let mut world = world_of(&asking(json!({})));
    forwarded(call(&mut world));
    for (second, token) in [(SERVES - 1, "gate-1"), (SERVES, "gate-2")] {
        world.token = Some(granting("gate-2", json!({})));
        world.now = NOW + second;
        assert_eq!(sent(&forwarded(call(&mut world))), token);
    }
    assert_eq!(asked(&mut world), 2);
}

/// RFC 6749 section 5.1: `expires_in` may be absent; and a server can say anything.
#[test]
fn how_long_a_token_serves() {
    for (expires_in, serves) in [
        (json!(null), UPSTREAM_TOKEN_UNSTATED_SECONDS),
        (json!(1), 1),
        (json!(3), 2),
        (json!(19), 10),
        (json!(100), 100 - UPSTREAM_TOKEN_MARGIN_SECONDS),
        (json!(10_000_000), MAX_UPSTREAM_TOKEN_SECONDS),
    ] {
        let mut world = world_of(&asking(json!({})));
        world.token = Some(granting("gate-1", json!({ "expires_in": expires_in })));
        forwarded(call(&mut world));
        world.token = Some(granting("gate-2", json!({})));
        for (second, token) in [(serves - 1, "gate-1"), (serves, "gate-2")] {
            world.now = NOW + second;
            assert_eq!(sent(&forwarded(call(&mut world))), token, "{expires_in} {second}");
        }
    }
}

/// One request has the next token asked for beside it, before the one there is ends; nobody waits.
#[test]
fn a_token_is_asked_for_anew_ahead_of_its_end() {
    let mut world = world_of(&asking(json!({})));
    forwarded(call(&mut world));
    world.now = NOW + AHEAD - 1;
    forwarded(call(&mut world));
    assert!(!world.gate.is_refresh_due(), "not yet");
    world.now = NOW + AHEAD;
    assert_eq!(sent(&forwarded(call(&mut world))), "gate-1");
    assert!(world.gate.is_refresh_due());
    let (need, refresh) = world.gate.begin_refresh(at(AHEAD)).unwrap();
    assert!(matches!(&need, Need::Token { url, .. } if url == TOKEN_URL), "{need:?}");
    assert_eq!(sent(&forwarded(call(&mut world))), "gate-1", "all go on meanwhile");
    assert!(!world.gate.is_refresh_due() && world.gate.begin_refresh(at(AHEAD)).is_none(), "one is enough");
    let answer = granting("gate-2", json!({}));
    assert!(world.gate.resume_refresh(refresh, Some(&answer), at(AHEAD)).is_none());
    assert_eq!(sent(&forwarded(call(&mut world))), "gate-2");
    world.now = NOW + AHEAD + AHEAD - 1;
    forwarded(call(&mut world));
    assert!(!world.gate.is_refresh_due(), "the new one has its own time");
}

/// While it can't be had anew, the token that there is serves to its end, and the server is left alone between questions.
#[test]
fn a_refresh_that_fails_leaves_the_token_its_time() {
    for answer in [None, Some("503\n"), Some("200\n{}"), Some("401\n{\"error\":\"invalid_client\"}")] {
        let mut world = world_of(&asking(json!({})));
        forwarded(call(&mut world));
        world.now = NOW + AHEAD;
        forwarded(call(&mut world));
        let (_, refresh) = world.gate.begin_refresh(at(AHEAD)).unwrap();
        assert!(world.gate.resume_refresh(refresh, answer, at(AHEAD)).is_none());
        world.now = NOW + AHEAD + FETCH_BACKOFF_SECONDS - 1;
        assert_eq!(sent(&forwarded(call(&mut world))), "gate-1");
        assert!(!world.gate.is_refresh_due(), "left alone");
        world.now = NOW + AHEAD + FETCH_BACKOFF_SECONDS;
        assert_eq!(sent(&forwarded(call(&mut world))), "gate-1");
        let (_, refresh) = world.gate.begin_refresh(world.time()).unwrap();
        assert!(world.gate.resume_refresh(refresh, Some(&granting("gate-2", json!({}))), world.time()).is_none());
        assert_eq!(sent(&forwarded(call(&mut world))), "gate-2");
    }
}

/// By metadata, where that is what names the endpoint.
#[test]
fn a_refresh_goes_by_metadata() {
    let mut world = world_of(&asking(json!({ "token_endpoint": null })));
    world.token = Some(granting("gate-1", json!({ "expires_in": 20_000 })));
    let document = merged(metadata(), json!({ "token_endpoint": TOKEN_URL })).to_string();
    world.metadata = Some(document.clone());
    forwarded(call(&mut world));
    // Keys and metadata are old by now.
    world.now = NOW + 16_000;
    forwarded(call(&mut world));
    let (need, refresh) = world.gate.begin_refresh(world.time()).unwrap();
    assert!(matches!(&need, Need::Metadata { url } if url == METADATA_URL), "{need:?}");
    let (need, refresh) = world.gate.resume_refresh(refresh, Some(&document), world.time()).unwrap();
    assert!(matches!(need, Need::Token { .. }));
    assert!(world.gate.resume_refresh(refresh, Some(&granting("gate-2", json!({}))), world.time()).is_none());
    assert_eq!(sent(&forwarded(call(&mut world))), "gate-2");
}

/// RFC 9110 section 10.2.3: without a token 503, when it is worth asking again, and one question for each time that this comes.
#[test]
fn without_a_token_it_is_503_and_one_question_in_each_back_off() {
    let mut world = world_of(&asking(json!({})));
    world.token = None;
    let mut now = NOW;
    for back_off in [FETCH_BACKOFF_SECONDS, 2 * FETCH_BACKOFF_SECONDS, 4 * FETCH_BACKOFF_SECONDS] {
        for second in [0, 1, back_off - 1] {
            world.now = now + second;
            let response = refused(call(&mut world));
            assert_eq!(response.status, 503);
            assert_eq!(header(&response.headers, "retry-after"), Some((back_off - second).to_string().as_str()));
        }
        assert_eq!(asked(&mut world), 1);
        now += back_off;
    }
    world.now = now;
    world.token = Some(granting("gate-1", json!({})));
    assert_eq!(sent(&forwarded(call(&mut world))), "gate-1");
    world.now += SERVES;
    world.token = None;
    let response = refused(call(&mut world));
    assert_eq!(header(&response.headers, "retry-after"), Some("5"), "a good answer ends the count");
}

pub(crate) fn begin(gate: &mut Gate, token: &str, now: UnixTime) -> Progress {
    let authorization = format!("Bearer {token}");
    gate.authorize(
        &Request { method: "GET", path: "/data", authorization: Some(&authorization), ..Request::default() },
        now,
    )
}

/// Who has to ask, and who has to wait.
pub(crate) fn sort(started: impl IntoIterator<Item = Progress>) -> (Vec<Pending>, Vec<Pending>) {
    let (mut asking, mut waiting) = (Vec::new(), Vec::new());
    for progress in started {
        match progress {
            Progress::Need(Need::Token { .. }, pending) => asking.push(pending),
            Progress::Need(Need::Moment { .. }, pending) => waiting.push(pending),
            other => panic!("{other:?}"),
        }
    }
    (asking, waiting)
}

pub(crate) fn decided(progress: Progress) -> Decision {
    match progress {
        Progress::Decided(decision) => decision,
        Progress::Need(need, _) => panic!("{need:?}"),
    }
}

/// A gate that has its keys, and no token yet.
pub(crate) fn with_keys(policy: &Value) -> Gate {
    let mut world = world_of(policy);
    refused(world.get("/notes", "e30.e30.e30"));
    let wrong = Key::Ec.sign(&claims_with(json!({ "scope": "other" })));
    refused(world.get("/data", &wrong));
    world.gate
}

/// Twenty at once: one asks, the others wait for what it gets, good or bad.
#[test]
fn one_of_many_asks() {
    for (answer, status) in [(Some(granting("gate-1", json!({}))), None), (None, Some(503))] {
        let mut gate = with_keys(&asking(json!({})));
        let token = callers(Key::Ec);
        let (mut asking, waiting) = sort((0..20).map(|_| begin(&mut gate, &token, at(0))));
        assert_eq!((asking.len(), waiting.len()), (1, 19));
        let (none, waiting) = sort(waiting.into_iter().map(|pending| gate.resume(pending, None, at(1))));
        assert!(none.is_empty(), "still waiting");
        let first = gate.resume(asking.remove(0), answer.as_deref(), at(2));
        for progress in std::iter::once(first)
            .chain(waiting.into_iter().map(|pending| gate.resume(pending, None, at(2))).collect::<Vec<_>>())
        {
            match (decided(progress), status) {
                (Decision::Forward(forward), None) => assert_eq!(sent(&forward), "gate-1"),
                (Decision::Respond(response), Some(status)) => assert_eq!(response.status, status),
                (other, _) => panic!("{other:?}"),
            }
        }
    }
}

/// Attack 28: who asks and never comes back holds nobody up for longer than an answer may take.
#[test]
fn who_asks_and_leaves_is_waited_for_no_longer_than_an_answer_may_take() {
    let token = callers(Key::Ec);
    let mut gate = with_keys(&asking(json!({})));
    drop(begin(&mut gate, &token, at(0)));
    let (_, waiting) = sort([begin(&mut gate, &token, at(FETCH_UNDER_WAY_SECONDS - 1))]);
    assert_eq!(waiting.len(), 1);
    let (asking, _) = sort([begin(&mut gate, &token, at(FETCH_UNDER_WAY_SECONDS))]);
    assert_eq!(asking.len(), 1);
    // Somebody begins again and again; who has waited long for such asks by himself.
    let mut waiting = sort([begin(&mut gate, &token, at(FETCH_UNDER_WAY_SECONDS))]).1;
    let late = FETCH_UNDER_WAY_SECONDS + MAX_WAIT_FOR_OTHERS_SECONDS;
    drop(begin(&mut gate, &token, at(late - LATE_FETCH_SECONDS)));
    let (asking, _) = sort([gate.resume(waiting.remove(0), None, at(late))]);
    assert_eq!(asking.len(), 1);
}

/// A 401 of the origin's: the token is asked for anew, no more often than once in some seconds; and what there is serves where no other can be had.
#[test]
fn a_token_that_the_origin_refuses_is_replaced_once_in_a_while() {
    let mut world = world_of(&asking(json!({})));
    let first = forwarded(call(&mut world)).upstream_token_serial().unwrap();
    for second in [0, 1, UPSTREAM_TOKEN_REPLACEMENT_SECONDS - 1] {
        world.now = NOW + second;
        world.gate.upstream_token_rejected(first);
        assert_eq!(sent(&forwarded(call(&mut world))), "gate-1");
    }
    assert_eq!(asked(&mut world), 1, "however often the origin says so");
    world.now = NOW + UPSTREAM_TOKEN_REPLACEMENT_SECONDS;
    world.token = None;
    for _ in 0..3 {
        assert_eq!(sent(&forwarded(call(&mut world))), "gate-1", "one that may be wrong before none");
    }
    assert_eq!(asked(&mut world), 1);
    world.now += FETCH_BACKOFF_SECONDS;
    world.token = Some(granting("gate-2", json!({})));
    let second = forwarded(call(&mut world));
    assert_eq!(sent(&second), "gate-2");
    assert_ne!(second.upstream_token_serial(), Some(first));
    // What an older answer says of an older token, or of none.
    for serial in [first, 0, u64::MAX] {
        world.gate.upstream_token_rejected(serial);
    }
    world.now += UPSTREAM_TOKEN_REPLACEMENT_SECONDS;
    assert_eq!(sent(&forwarded(call(&mut world))), "gate-2");
    assert_eq!(asked(&mut world), 1);
}

/// Who can bring the origin to a 401 of its own must not have everybody wait for the token endpoint.
#[test]
fn while_a_refused_token_is_replaced_the_others_go_on_with_it() {
    let mut world = world_of(&asking(json!({})));
    let token = callers(Key::Ec);
    let first = forwarded(call(&mut world)).upstream_token_serial().unwrap();
    world.gate.upstream_token_rejected(first);
    let second = UPSTREAM_TOKEN_REPLACEMENT_SECONDS;
    let (mut asking, _) = sort([begin(&mut world.gate, &token, at(second))]);
    for _ in 0..3 {
        match decided(begin(&mut world.gate, &token, at(second + 1))) {
            Decision::Forward(forward) => assert_eq!(sent(&forward), "gate-1"),
            other @ Decision::Respond(_) => panic!("{other:?}"),
        }
    }
    let answer = granting("gate-2", json!({}));
    let forward = forwarded(decided(world.gate.resume(asking.remove(0), Some(&answer), at(second + 2))));
    assert_eq!(sent(&forward), "gate-2");
}

/// Who was given up, and comes after all, ends nobody's wait, opens no back-off, and takes no newer token away.
#[test]
fn an_answer_that_comes_late_changes_nothing() {
    let token = callers(Key::Ec);
    for late_answer in [None, Some(granting("gate-1", json!({})))] {
        let mut gate = with_keys(&asking(json!({})));
        let (mut late, _) = sort([begin(&mut gate, &token, at(0))]);
        let (mut asking, _) = sort([begin(&mut gate, &token, at(FETCH_UNDER_WAY_SECONDS))]);
        if late_answer.is_none() {
            let response = refused(decided(gate.resume(late.remove(0), None, at(FETCH_UNDER_WAY_SECONDS + 1))));
            assert_eq!(response.status, 503);
            let (none, waiting) = sort([begin(&mut gate, &token, at(FETCH_UNDER_WAY_SECONDS + 1))]);
            assert_eq!((none.len(), waiting.len()), (0, 1), "the other one is still asking");
        }
        let newer = granting("gate-2", json!({}));
        let now = at(FETCH_UNDER_WAY_SECONDS + 2);
        assert_eq!(sent(&forwarded(decided(gate.resume(asking.remove(0), Some(&newer), now)))), "gate-2");
        if let Some(answer) = late_answer {
            assert_eq!(sent(&forwarded(decided(gate.resume(late.remove(0), Some(&answer), now)))), "gate-2");
        }
        assert_eq!(sent(&forwarded(decided(begin(&mut gate, &token, now)))), "gate-2");
    }
}

/// RFC 9110 section 11.6.1: what the origin has to say of the gate's token is not for the client.
#[test]
fn the_origins_challenges_end_at_the_gate() {
    let own = world_of(&asking(json!({})));
    assert!(own.gate.drops_response_header("www-authenticate") && own.gate.drops_response_header("WWW-Authenticate"));
    assert!(Policy::parse(&asking(json!({})).to_string()).unwrap().drops_response_headers());
    let other = World::new(&policy());
    assert!(!other.gate.drops_response_header("www-authenticate"));
}

/// Who sends nothing on needs no token, nor the secret for one.
#[test]
fn a_guard_asks_for_none() {
    let policy = Policy::parse_for_guard(&asking(json!({})).to_string()).unwrap();
    assert_eq!(policy.secret_bindings(), Vec::<&str>::new());
    assert!(!policy.replaces_token());
    let mut world = World::with(Gate::new(policy, Vec::new(), Box::new(FastEngine)).unwrap());
    world.key_set = Some(key_set());
    assert_eq!(forwarded(call(&mut world)).authorization(), None);
}

/// Attack 35: neither the token, nor the client's, nor the secret is in what anybody may print.
#[test]
fn nothing_that_can_be_printed_holds_a_token() {
    let mut gate = with_keys(&asking(json!({})));
    let token = callers(Key::Ec);
    let Progress::Need(need, pending) = begin(&mut gate, &token, at(0)) else { panic!("it has no token") };
    let before = format!("{need:?} {pending:?} {gate:?}");
    let forward = forwarded(decided(gate.resume(pending, Some(&granting("gate-1", json!({}))), at(0))));
    let printed = format!("{before} {forward:?} {gate:?}");
    let signature = token.rsplit('.').next().unwrap();
    for secret in ["gate-1", SECRET, signature, &crate::signing::encode(SECRET.as_bytes())] {
        assert!(!printed.contains(secret), "{secret} in {printed}");
    }
}
