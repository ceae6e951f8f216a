//! The machine's client: who asks for a token and who waits, and what becomes of an answer.

use edgeward::{
    Error, UnixTime,
    client::machine::{Answer, Asked, MachineClient, MachineToken, Question, Remedy, Step},
    limits,
};
use serde_json::{Value, json};

use super::sign_in::{ISSUER, NOW, with};

pub const TOKEN_ENDPOINT: &str = "https://as.example/token";
pub const API: &str = "https://api.example";
pub const SECRET: &str = "S3CR3T: +/&=%";

pub fn document() -> Value {
    json!({"token_endpoint": TOKEN_ENDPOINT, "client_id": "machine", "client_secret": SECRET, "api_origins": [API]})
}

pub fn client_with(changes: Value) -> MachineClient {
    MachineClient::parse(&with(document(), changes).to_string()).unwrap()
}

pub fn client() -> MachineClient {
    client_with(json!({}))
}

pub fn good(changes: Value) -> String {
    with(json!({"access_token": "4CC3SS", "token_type": "Bearer", "expires_in": 300}), changes).to_string()
}

pub fn at(seconds: u64) -> UnixTime {
    NOW.plus(seconds)
}

pub fn question(step: Result<Step, Error>) -> Question {
    match step {
        Ok(Step::Ask(question)) => question,
        other => panic!("no question: {other:?}"),
    }
}

pub fn token(step: Result<Step, Error>) -> MachineToken {
    match step {
        Ok(Step::Token(token)) => token,
        other => panic!("no token: {other:?}"),
    }
}

pub fn need(client: &mut MachineClient, seconds: u64) -> Result<Step, Error> {
    client.token(at(seconds), 0, at(seconds))
}

pub fn answer(
    client: &mut MachineClient,
    asked: Asked,
    (status, text): (u16, &str),
    seconds: u64,
) -> Result<Step, Error> {
    client.answered(asked, Some(Answer { status, text, nonce: None }), at(seconds))
}

/// Has a client get a token at some second.
pub fn get(client: &mut MachineClient, seconds: u64, changes: Value) -> MachineToken {
    let asked = question(need(client, seconds)).asked;
    token(answer(client, asked, (200, &good(changes)), seconds))
}

pub fn refusal(step: Result<Step, Error>) -> (&'static str, Option<String>) {
    match step {
        Ok(Step::Unavailable { retry_after_seconds }) => ("unavailable", Some(retry_after_seconds.to_string())),
        Ok(other) => panic!("no refusal: {other:?}"),
        Err(Error::TokenRequestRefused(said)) => ("token_request_refused", Some(said.error)),
        Err(error) => (error.code(), error.subject().map(Into::into)),
    }
}

/// One asks, the others wait, longer each time; and once there is an answer it is everybody's.
#[test]
fn of_many_callers_one_asks() {
    let mut client = client();
    let asked = question(need(&mut client, 0)).asked;
    let mut waited = 0;
    for expected in [5, 10, 20, 40, 80, 80] {
        let Ok(Step::Moment { milliseconds }) = client.token(NOW, waited, NOW) else { panic!("asks as well") };
        assert_eq!(milliseconds, expected);
        waited = milliseconds;
    }
    let first = token(answer(&mut client, asked, (200, &good(json!({}))), 1));
    assert_eq!((first.parts(), first.authorization()), (("Bearer", "4CC3SS"), "Bearer 4CC3SS"));
    assert_eq!(first.expires_at(), Some(at(300)), "counted from when it was asked for");
    assert_eq!(token(need(&mut client, 1)).serial(), first.serial());
}

/// In workerd a request may end while it asks: then the next asks in its place.
#[test]
fn nobody_waits_forever_for_who_has_gone() {
    let mut client = client();
    question(need(&mut client, 0));
    assert!(matches!(need(&mut client, limits::FETCH_UNDER_WAY_SECONDS - 1), Ok(Step::Moment { .. })));
    question(need(&mut client, limits::FETCH_UNDER_WAY_SECONDS));
    // Who has waited for several in a row asks itself, unless the last one asked only just.
    let waited = limits::MAX_WAIT_FOR_OTHERS_SECONDS;
    question(need(&mut client, waited));
    let after = |client: &mut MachineClient, seconds| client.token(NOW, 80, at(seconds));
    assert!(matches!(after(&mut client, waited), Ok(Step::Moment { .. })));
    question(after(&mut client, waited + limits::LATE_FETCH_SECONDS));
}

/// A token serves until shortly before its end; when a fifth of that is left one caller renews it, and the others go on with it.
#[test]
fn a_token_is_renewed_ahead_by_one_caller() {
    let mut client = client();
    let first = get(&mut client, 0, json!({})).serial();
    assert_eq!(token(need(&mut client, 231)).serial(), first);
    let asked = question(need(&mut client, 232)).asked;
    for _ in 0..3 {
        assert_eq!(token(need(&mut client, 233)).serial(), first, "the others go on with it");
    }
    let second = token(answer(&mut client, asked, (200, &good(json!({"access_token": "N3W"}))), 233));
    assert_ne!(second.serial(), first);
    assert_eq!(token(need(&mut client, 234)).parts().1, "N3W");
    // Where renewing fails, the one that still serves is given, and then nobody asks for a while.
    let asked = question(need(&mut client, 480)).asked;
    assert_eq!(token(answer(&mut client, asked, (503, ""), 481)).parts().1, "N3W");
    assert_eq!(token(need(&mut client, 482)).parts().1, "N3W");
    question(need(&mut client, 481 + limits::FETCH_BACKOFF_SECONDS));
}

/// The margin, and servers that say no time or none.
#[test]
fn a_token_serves_no_longer_than_it_may() {
    let rows = [
        (json!(300), 290),
        (json!(15), 8),
        (json!(null), limits::UPSTREAM_TOKEN_UNSTATED_SECONDS),
        (json!(10_000_000), limits::MAX_UPSTREAM_TOKEN_SECONDS),
    ];
    for (expires_in, seconds) in rows {
        let mut client = client();
        let first = get(&mut client, 0, json!({ "expires_in": expires_in })).serial();
        // Somebody else is renewing it.
        let _ = need(&mut client, seconds - 1);
        assert_eq!(token(need(&mut client, seconds - 1)).serial(), first, "{expires_in}");
        assert!(!matches!(need(&mut client, seconds), Ok(Step::Token(_))), "{expires_in}");
    }
}

/// After a failure the server is left alone, twice as long each time, and everybody is told why.
#[test]
fn a_failure_stands_for_a_while() {
    let mut client = client();
    let asked = question(need(&mut client, 0)).asked;
    assert_eq!(refusal(answer(&mut client, asked, (503, "busy"), 0)), ("unavailable", Some("5".into())));
    assert_eq!(refusal(need(&mut client, 3)), ("unavailable", Some("2".into())));
    let asked = question(need(&mut client, 5)).asked;
    assert_eq!(refusal(client.answered(asked, None, at(5))), ("unavailable", Some("10".into())), "no answer at all");
    assert_eq!(refusal(need(&mut client, 14)), ("unavailable", Some("1".into())));
    let asked = question(need(&mut client, 15)).asked;
    let text = json!({"error": "invalid_client", "error_description": SECRET}).to_string();
    let refused = ("token_request_refused", Some("invalid_client".to_owned()));
    assert_eq!(refusal(answer(&mut client, asked, (401, &text), 15)), refused);
    assert_eq!(refusal(need(&mut client, 20)), refused, "told to the next without asking");
    let asked = question(need(&mut client, 100)).asked;
    token(answer(&mut client, asked, (200, &good(json!({}))), 100));
}

/// RFC 6749 sections 5.1 and 5.2: what is no answer, and what can't be a header.
#[test]
fn an_answer_that_is_none_is_refused() {
    let invalid = |place: &str| ("token_response_invalid", Some(place.to_owned()));
    let large = good(json!({"x": "x".repeat(limits::MAX_TOKEN_RESPONSE_BYTES)}));
    let rows = [
        (200, "<!doctype html>".to_owned(), invalid("(document)")),
        (200, large, invalid("(document size)")),
        (201, good(json!({})), invalid("(status)")),
        (200, good(json!({"access_token": "a b"})), invalid("access_token")),
        (200, good(json!({"access_token": "a\r\nb"})), invalid("access_token")),
        (200, good(json!({"token_type": "DPoP"})), invalid("token_type")),
        (200, good(json!({"token_type": "mac"})), invalid("token_type")),
        (200, good(json!({"expires_in": "300"})), invalid("expires_in")),
        (400, json!({"error": SECRET}).to_string(), ("token_request_refused", Some("another error".into()))),
        (200, good(json!({"error": "invalid_scope"})), ("token_request_refused", Some("invalid_scope".into()))),
        (429, good(json!({})), ("unavailable", Some("5".into()))),
    ];
    for (status, text, expected) in rows {
        let mut client = client();
        let asked = question(need(&mut client, 0)).asked;
        assert_eq!(refusal(answer(&mut client, asked, (status, &text), 0)), expected, "{status} {text:.80}");
    }
}

/// RFC 8414 section 3: the endpoint is where the issuer says, of the first place that says it; and after a failure it is looked for again.
#[test]
fn metadata_says_where_the_token_endpoint_is() {
    let of_issuer = json!({"issuer": ISSUER, "token_endpoint": null});
    let metadata = json!({"issuer": ISSUER, "token_endpoint": TOKEN_ENDPOINT}).to_string();
    let mut client = client_with(of_issuer.clone());
    let first = question(need(&mut client, 0));
    assert_eq!((first.url.as_str(), first.body), ("https://as.example/.well-known/openid-configuration", None));
    assert_eq!(first.authorization, None, "the secret is the token endpoint's alone");
    let second = question(answer(&mut client, first.asked, (404, "no"), 0));
    assert_eq!(second.url, "https://as.example/.well-known/oauth-authorization-server");
    assert!(matches!(need(&mut client, 1), Ok(Step::Moment { .. })), "the others wait meanwhile");
    let third = question(answer(&mut client, second.asked, (200, &metadata), 1));
    assert_eq!(third.url, TOKEN_ENDPOINT);
    assert_eq!(refusal(answer(&mut client, third.asked, (503, ""), 2)).0, "unavailable");
    assert!(question(need(&mut client, 60)).url.contains("well-known"), "it may have moved");
    let rows = [
        (json!({"issuer": "https://evil.example", "token_endpoint": TOKEN_ENDPOINT}), "metadata_invalid"),
        (json!({"issuer": ISSUER}), "metadata_invalid"),
        (json!({"issuer": ISSUER, "token_endpoint": "http://as.example/token"}), "metadata_invalid"),
    ];
    for (document, expected) in rows {
        let mut client = client_with(of_issuer.clone());
        let first = question(need(&mut client, 0)).asked;
        let second = question(answer(&mut client, first, (200, &document.to_string()), 0)).asked;
        assert_eq!(refusal(answer(&mut client, second, (404, ""), 0)).0, expected, "{document}");
        assert_eq!(refusal(need(&mut client, 1)).0, expected, "and for a while");
    }
    let mut client = client_with(of_issuer);
    let first = question(need(&mut client, 0)).asked;
    let second = question(client.answered(first, None, NOW)).asked;
    assert_eq!(refusal(client.answered(second, None, NOW)), ("unavailable", Some("5".into())));
}

/// RFC 6750 section 3.1: a refused token is asked for anew, though not as often as an API refuses it.
#[test]
fn a_token_that_an_api_refuses_is_replaced_once_it_has_some_age() {
    let mut client = client();
    let first = get(&mut client, 0, json!({})).serial();
    let api = client.api(API).unwrap();
    let refused = r#"Bearer error="invalid_token""#;
    assert_eq!(client.api_answered((api, first), (401, refused), None), Remedy::Token);
    assert_eq!(token(need(&mut client, 1)).serial(), first, "it is only just there");
    let asked = question(need(&mut client, limits::UPSTREAM_TOKEN_REPLACEMENT_SECONDS)).asked;
    let second = token(answer(&mut client, asked, (200, &good(json!({}))), 11)).serial();
    assert_ne!(second, first);
    assert_eq!(client.api_answered((api, first), (401, refused), None), Remedy::Token, "of the old one");
    assert_eq!(token(need(&mut client, 30)).serial(), second);
    for (status, challenge) in
        [(200, refused), (403, refused), (401, "Basic"), (401, ""), (401, r#"DPoP error="use_dpop_nonce""#)]
    {
        assert_eq!(client.api_answered((api, second), (status, challenge), Some("n")), Remedy::Nothing, "{challenge}");
    }
}
