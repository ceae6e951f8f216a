//! A token in exchange for the client's (RFC 8693): for whom, how long, and what the caller hears where there is none.

use edgeward::limits::{
    EXCHANGED_TOKENS, FETCH_BACKOFF_SECONDS, SUBJECT_TOKEN_REFUSAL_SECONDS, UPSTREAM_TOKEN_REPLACEMENT_SECONDS,
};
use serde_json::{Value, json};

use crate::{
    outside::{NOW, World, claims_with, forwarded, header, merged, metadata, refused, verdict},
    signing::Key,
    upstream_token::{
        TOKEN_URL, asked, asking, at, begin, callers, decided, granting, sent, sort, with_keys, world_of,
    },
};

const EXCHANGE: &str = "urn:ietf:params:oauth:grant-type:token-exchange";

/// A policy that has clients' tokens exchanged.
pub(crate) fn exchanging(mut changes: Value) -> Value {
    changes["grant_type"] = json!(EXCHANGE);
    asking(changes)
}

/// A good answer, with some of it changed.
fn exchanged(token: &str, mut changes: Value) -> String {
    changes["issued_token_type"] = json!("urn:ietf:params:oauth:token-type:access_token");
    granting(token, changes)
}

fn world() -> World {
    let mut world = world_of(&exchanging(json!({})));
    world.token = Some(exchanged("for-ec", json!({})));
    world
}

/// A token of its own for each number.
fn numbered(number: usize) -> String {
    Key::Ec.sign(&claims_with(json!({ "jti": number.to_string(), "exp": NOW + 1_000_000 })))
}

/// RFC 8693 section 2.1: what is asked.
#[test]
fn the_clients_token_is_the_subject() {
    let mut world = world_of(&exchanging(json!({ "scope": "orders", "audience": ["a", "b"], "resource": "urn:c" })));
    world.token = Some(exchanged("other", json!({})));
    let token = callers(Key::Ec);
    let forward = forwarded(world.get("/data", &token));
    assert_eq!(sent(&forward), "other");
    let kind = "urn%3Aietf%3Aparams%3Aoauth%3Atoken-type%3Aaccess_token";
    let expected = format!(
        "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Atoken-exchange&subject_token={token}\
         &subject_token_type={kind}&requested_token_type={kind}&scope=orders&resource=urn%3Ac&audience=a&audience=b"
    );
    assert_eq!(world.asked.unwrap().1, expected);
}

/// Attack 25: a token that was got for one client's goes with no other's.
#[test]
fn each_clients_token_has_its_own() {
    let mut world = world();
    let (ec, rsa) = (callers(Key::Ec), callers(Key::Rsa));
    for _ in 0..3 {
        world.token = Some(exchanged("for-ec", json!({})));
        assert_eq!(sent(&forwarded(world.get("/data", &ec))), "for-ec");
        world.token = Some(exchanged("for-rsa", json!({})));
        assert_eq!(sent(&forwarded(world.get("/data", &rsa))), "for-rsa");
    }
    assert_eq!(asked(&mut world), 2);
    let public = forwarded(world.get("/health", &ec));
    assert_eq!(public.authorization(), None, "nobody has called");
}

/// It never serves beyond the end of the token that it was got for, nor its own.
#[test]
fn an_exchanged_token_ends_with_the_clients() {
    let token = Key::Ec.sign(&claims_with(json!({ "exp": NOW + 100 })));
    for (expires_in, serves) in [(json!(3_600), 100), (json!(null), 60), (json!(40), 30)] {
        let mut world = world();
        world.token = Some(exchanged("first", json!({ "expires_in": expires_in })));
        forwarded(world.get("/data", &token));
        world.token = Some(exchanged("second", json!({})));
        for (second, token_sent) in [(serves - 1, "first"), (serves, "second")] {
            world.now = NOW + second;
            assert_eq!(sent(&forwarded(world.get("/data", &token))), token_sent, "{expires_in}");
        }
        assert!(!world.gate.is_refresh_due(), "nobody has one asked for that may not be needed");
    }
}

/// RFC 8693 section 2.2.2, RFC 6749 section 5.2: what the server says of the client's token reaches the caller as the standards have it, and stands
/// for some seconds.
#[test]
fn what_the_server_says_of_the_clients_token() {
    for (error, status, code) in [
        ("invalid_grant", 401, "subject_token_invalid"),
        ("invalid_request", 403, "subject_token_refused"),
        ("invalid_target", 403, "subject_token_refused"),
        ("invalid_scope", 403, "subject_token_refused"),
        ("access_denied", 403, "subject_token_refused"),
        ("invalid_client", 503, "upstream_token_refused"),
        ("unauthorized_client", 503, "upstream_token_refused"),
        ("unsupported_grant_type", 503, "upstream_token_refused"),
    ] {
        let mut world = world();
        world.token = Some(format!("400\n{}", json!({ "error": error })));
        let token = callers(Key::Ec);
        let response = refused(world.get("/data", &token));
        assert_eq!((response.status, crate::outside::code(&response)), (status, code), "{error}");
        let challenge = header(&response.headers, "www-authenticate");
        assert_eq!(challenge.is_some_and(|text| text.contains("error=\"invalid_token\"")), status == 401);
        assert_eq!(challenge.is_some(), status == 401);
        world.token = Some(exchanged("late", json!({})));
        world.now = NOW + SUBJECT_TOKEN_REFUSAL_SECONDS - 1;
        assert_eq!(verdict(world.get("/data", &token)), (status, code));
        assert_eq!(asked(&mut world), 1, "{error}");
        forwarded(world.get("/data", &callers(Key::Rsa)));
        world.now = NOW + SUBJECT_TOKEN_REFUSAL_SECONDS;
        assert_eq!(sent(&forwarded(world.get("/data", &token))), "late");
    }
}

/// RFC 8693 section 2.2.2: a client's token that the server takes back ends what was got for it, although that has time left.
#[test]
fn what_the_server_takes_back_serves_no_longer() {
    for (error, status, code) in
        [("invalid_grant", 401, "subject_token_invalid"), ("access_denied", 403, "subject_token_refused")]
    {
        let mut world = world();
        let token = callers(Key::Ec);
        let serial = forwarded(world.get("/data", &token)).upstream_token_serial().unwrap();
        world.gate.upstream_token_rejected(serial);
        world.now = NOW + UPSTREAM_TOKEN_REPLACEMENT_SECONDS;
        world.token = Some(format!("400\n{}", json!({ "error": error })));
        for _ in 0..3 {
            assert_eq!(verdict(world.get("/data", &token)), (status, code));
        }
    }
}

/// A server that is down costs a 503, and one question in some seconds for each token; one client's trouble is not another's.
#[test]
fn a_server_that_is_down() {
    let mut world = world();
    let (ec, rsa) = (callers(Key::Ec), callers(Key::Rsa));
    forwarded(world.get("/data", &ec));
    world.token = None;
    asked(&mut world);
    for second in [0, 1, FETCH_BACKOFF_SECONDS - 1] {
        world.now = NOW + second;
        forwarded(world.get("/data", &ec));
        let response = refused(world.get("/data", &rsa));
        assert_eq!(response.status, 503);
        let left = (FETCH_BACKOFF_SECONDS - second).to_string();
        assert_eq!(header(&response.headers, "retry-after"), Some(left.as_str()));
    }
    assert_eq!(asked(&mut world), 1);
    world.token = Some(exchanged("late", json!({})));
    assert_eq!(sent(&forwarded(world.get("/data", &numbered(1)))), "late");
}

/// Metadata that can't be had is asked for once in each back-off, whoever needs it.
#[test]
fn metadata_is_left_alone_for_all() {
    let mut world = world_of(&exchanging(json!({ "token_endpoint": null })));
    world.token = Some(exchanged("one", json!({})));
    world.metadata = None;
    for number in 0..3 {
        assert_eq!(verdict(world.get("/data", &numbered(number))), (503, "upstream_token_unavailable"));
    }
    assert_eq!(world.take_fetched().iter().filter(|url| url.contains("openid-configuration")).count(), 1);
    world.metadata = Some(merged(metadata(), json!({ "token_endpoint": TOKEN_URL })).to_string());
    world.now += FETCH_BACKOFF_SECONDS;
    assert_eq!(sent(&forwarded(world.get("/data", &numbered(1)))), "one");
}

/// Twenty at once with one token ask once; with another token another does.
#[test]
fn one_of_many_asks_for_each_token() {
    let mut gate = with_keys(&exchanging(json!({})));
    let tokens = [callers(Key::Ec), callers(Key::Rsa)];
    let (mut asking, waiting) =
        sort((0..40).map(|number| begin(&mut gate, &tokens[number % 2], at(0))).collect::<Vec<_>>());
    assert_eq!((asking.len(), waiting.len()), (2, 38));
    let second = gate.resume(asking.remove(1), Some(&exchanged("for-rsa", json!({}))), at(1));
    assert_eq!(sent(&forwarded(decided(second))), "for-rsa");
    let first = gate.resume(asking.remove(0), Some(&exchanged("for-ec", json!({}))), at(1));
    assert_eq!(sent(&forwarded(decided(first))), "for-ec");
    for (number, pending) in waiting.into_iter().enumerate() {
        let expected = ["for-ec", "for-rsa"][number % 2];
        assert_eq!(sent(&forwarded(decided(gate.resume(pending, None, at(1))))), expected);
    }
}

/// So many are kept; the one unused longest leaves first.
#[test]
fn tokens_are_kept_up_to_a_bound() {
    let mut world = world();
    let first = numbered(0);
    forwarded(world.get("/data", &first));
    for number in 1..=EXCHANGED_TOKENS {
        forwarded(world.get("/data", &numbered(number)));
    }
    assert_eq!(asked(&mut world), EXCHANGED_TOKENS + 1);
    forwarded(world.get("/data", &numbered(EXCHANGED_TOKENS)));
    assert_eq!(asked(&mut world), 0);
    forwarded(world.get("/data", &first));
    assert_eq!(asked(&mut world), 1);
}

/// The origin refuses one client's: that one alone is asked for anew.
#[test]
fn only_the_token_that_the_origin_refuses_is_replaced() {
    let mut world = world();
    let (ec, rsa) = (callers(Key::Ec), callers(Key::Rsa));
    let serial = forwarded(world.get("/data", &ec)).upstream_token_serial().unwrap();
    forwarded(world.get("/data", &rsa));
    world.gate.upstream_token_rejected(serial);
    world.now += UPSTREAM_TOKEN_REPLACEMENT_SECONDS;
    world.token = Some(exchanged("new", json!({})));
    assert_eq!(sent(&forwarded(world.get("/data", &rsa))), "for-ec");
    assert_eq!(sent(&forwarded(world.get("/data", &ec))), "new");
}
