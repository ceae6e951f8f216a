//! What the token endpoint may answer (RFC 6749 sections 5.1 and 5.2, RFC 8693 section 2.2.1): it becomes a header, so it is judged strictly.

use edgeward::limits::{MAX_TOKEN_RESPONSE_BYTES, MAX_UPSTREAM_TOKEN_BYTES};
use serde_json::{Value, json};

use crate::{
    outside::{SECRET, forwarded, refused},
    signing::Key,
    upstream_token::{asked, asking, callers, granting, sent, world_of},
    upstream_token_exchange::exchanging,
};

/// The private code of a gate that gets this answer, and what it says of it.
fn judged(policy: &Value, answer: &str) -> Result<String, (u16, &'static str, String)> {
    let mut world = world_of(policy);
    world.token = Some(answer.into());
    match world.get("/data", &callers(Key::Ec)) {
        edgeward::resource_server::Decision::Forward(forward) => Ok(sent(&forward).into()),
        edgeward::resource_server::Decision::Respond(response) => {
            let error = response.error.unwrap();
            Err((response.status, error.code(), error.to_string()))
        }
    }
}

fn parameter(policy: &Value, answer: &str) -> String {
    match judged(policy, answer) {
        Err((503, "upstream_token_invalid", sentence)) => sentence.split('"').nth(1).unwrap().into(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_token_is_of_the_characters_that_a_header_may_have() {
    let policy = asking(json!({}));
    let longest = "a".repeat(MAX_UPSTREAM_TOKEN_BYTES);
    for token in ["a", "a.b-c_d~e+f/g=", "Zm9v==", "0", &longest] {
        assert_eq!(judged(&policy, &granting(token, json!({}))).unwrap(), token);
    }
    let too_long = "a".repeat(MAX_UPSTREAM_TOKEN_BYTES + 1);
    for token in ["", "=", "a b", "a\r\nx-evil: 1", "a\n", "a\u{0}", "é", "a=b", "a,b", "a\"", "a\t", &too_long] {
        assert_eq!(parameter(&policy, &granting(token, json!({}))), "access_token", "{token:?}");
    }
    for wrong in [json!(null), json!(1), json!(["a"]), json!({ "a": 1 })] {
        let answer = format!("200\n{}", json!({ "access_token": wrong, "token_type": "Bearer", "expires_in": 60 }));
        assert_eq!(parameter(&policy, &answer), "access_token");
    }
}

/// RFC 6749 section 7.1: a token of a type that one does not know is not used. The name's letters may be of either case (section 5.1).
#[test]
fn only_bearer_tokens_are_sent() {
    let policy = asking(json!({}));
    for kind in ["Bearer", "bearer", "BEARER"] {
        assert!(judged(&policy, &granting("a", json!({ "token_type": kind }))).is_ok());
    }
    for wrong in [json!(null), json!("DPoP"), json!("mac"), json!("N_A"), json!(""), json!("Bearer "), json!(1)] {
        assert_eq!(parameter(&policy, &granting("a", json!({ "token_type": wrong }))), "token_type", "{wrong}");
    }
}

#[test]
fn a_life_is_a_whole_number_of_seconds() {
    let policy = asking(json!({}));
    for wrong in [json!(0), json!(-1), json!(1.5), json!("60"), json!(true), json!([60]), json!(1e300)] {
        assert_eq!(parameter(&policy, &granting("a", json!({ "expires_in": wrong }))), "expires_in", "{wrong}");
    }
    let null = "200\n{\"access_token\":\"a\",\"token_type\":\"Bearer\",\"expires_in\":null}";
    assert_eq!(parameter(&policy, null), "expires_in");
}

#[test]
fn what_is_no_answer_is_none() {
    let policy = asking(json!({}));
    let good = r#""access_token":"a","token_type":"Bearer","expires_in":60"#;
    let padded = format!("200\n{{{good},\"x\":\"{}\"}}", "x".repeat(MAX_TOKEN_RESPONSE_BYTES));
    for (answer, member) in [
        ("200\n".to_owned(), "(document)"),
        ("200\n<html>".to_owned(), "(document)"),
        (format!("200\n[{{{good}}}]"), "(document)"),
        (format!("200\n{{{good},\"access_token\":\"b\"}}"), "(document)"),
        (format!("200\n{{{good}}} "), ""),
        (format!("201\n{{{good}}}"), "(status)"),
        (format!("400\n{{{good}}}"), "(status)"),
        ("404\n".to_owned(), "(document)"),
        (padded, "(document size)"),
    ] {
        if member.is_empty() {
            assert!(judged(&policy, &answer).is_ok());
        } else {
            assert_eq!(parameter(&policy, &answer), member, "{}", answer.get(..40).unwrap_or_default());
        }
    }
    for away in
        ["500\n{}", "503\n", "429\n{\"error\":\"x\"}", "408\n", "", "no status", "400\n{\"error\":\"server_error\"}"]
    {
        assert_eq!(judged(&policy, away).unwrap_err().1, "upstream_token_unavailable", "{away}");
    }
}

/// RFC 6749 section 5.2: why is told by the standards' own codes, and never in the server's words, which could hold what it was sent.
#[test]
fn a_refusal_is_told_by_the_standards_codes() {
    let policy = asking(json!({}));
    for status in ["400", "401", "403", "200"] {
        for code in [
            "invalid_client",
            "invalid_grant",
            "invalid_request",
            "invalid_scope",
            "invalid_target",
            "unauthorized_client",
        ] {
            let answer = format!("{status}\n{}", json!({ "error": code, "error_description": SECRET }));
            let (public, private, sentence) = judged(&policy, &answer).unwrap_err();
            assert_eq!((public, private), (503, "upstream_token_refused"));
            assert!(sentence.contains(code) && !sentence.contains(SECRET), "{sentence}");
        }
    }
    for odd in [json!(SECRET), json!(1), json!(""), json!(null), json!({ "error": SECRET })] {
        let (_, private, sentence) = judged(&policy, &format!("400\n{}", json!({ "error": odd }))).unwrap_err();
        assert_eq!(private, "upstream_token_refused");
        assert!(sentence.contains("another error") && !sentence.contains(SECRET));
    }
}

/// A gate that is refused asks again when the time of its answer has come, and not for each request.
#[test]
fn a_gate_that_is_refused_asks_by_the_back_off() {
    let mut world = world_of(&asking(json!({})));
    world.token = Some("401\n{\"error\":\"invalid_client\"}".into());
    for _ in 0..5 {
        refused(world.get("/data", &callers(Key::Ec)));
    }
    assert_eq!(asked(&mut world), 1);
    world.now += 5;
    world.token = Some(granting("a", json!({})));
    forwarded(world.get("/data", &callers(Key::Ec)));
}

/// RFC 8693 section 2.2.1: what was issued has to be said, and to be an access token.
#[test]
fn an_exchanged_token_is_an_access_token() {
    let policy = exchanging(json!({}));
    let answer = |kind: Value| granting("a", json!({ "issued_token_type": kind }));
    for good in ["access_token", "jwt"] {
        assert!(judged(&policy, &answer(json!(format!("urn:ietf:params:oauth:token-type:{good}")))).is_ok());
    }
    for wrong in [
        json!(null),
        json!(1),
        json!("access_token"),
        json!("urn:ietf:params:oauth:token-type:refresh_token"),
        json!("urn:ietf:params:oauth:token-type:id_token"),
    ] {
        assert_eq!(parameter(&policy, &answer(wrong)), "issued_token_type");
    }
    assert!(judged(&asking(json!({})), &granting("a", json!({}))).is_ok(), "client credentials say nothing of it");
}
