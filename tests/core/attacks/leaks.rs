//! Classes 35 and 36: what an answer, a log or a header must never show of what came in.

use edgeward::{
    Error,
    error::ServerError,
    resource_server::{Decision, Policy, Request, challenge::refuse},
};
use serde_json::{Value, json};

use crate::{
    forging::hmac,
    gate::{header_with, honest, honest_header},
    outside::{World, claims, introspecting_policy, merged, policy, refused},
    signing::{Key, encode, key_set},
};

const MARK: &str = "S3CRET-MARK-OF-A-PERSON";

/// Tokens that carry the mark in every place there is, each refused for another reason.
fn marked_tokens() -> Vec<String> {
    let marked = |changes: Value| merged(merged(claims(), json!({"sub": MARK, "scope": MARK, "jti": MARK})), changes);
    let header = honest_header(Key::Ec);
    let sign = |header: &Value, claims: &Value| Key::Ec.sign_with(header, claims);
    let mut tokens: Vec<_> = [
        json!({"exp": 1}),
        json!({"exp": MARK}),
        json!({"nbf": 9_999_999_999_u64}),
        json!({"iat": 9_999_999_999_u64}),
        json!({"aud": MARK}),
        json!({"iss": MARK}),
        json!({"sub": [MARK]}),
        json!({"client_id": null}),
        json!({"jti": 1}),
        json!({"cnf": MARK}),
        json!({"aud": [MARK, 1]}),
    ]
    .into_iter()
    .map(|changes| sign(&header, &marked(changes)))
    .collect();
    for changes in [
        json!({"typ": MARK}),
        json!({"kid": MARK}),
        json!({"kid": [MARK]}),
        json!({"alg": MARK}),
        json!({"crit": [MARK]}),
        json!({"zip": MARK}),
        json!({"alg": "none", "jku": MARK}),
    ] {
        tokens.push(sign(&header_with(Key::Ec, changes), &marked(json!({}))));
    }
    tokens.push(Key::Ec.sign_texts(header.to_string().as_bytes(), MARK.as_bytes()));
    tokens.push(Key::Ec.sign_texts(MARK.as_bytes(), b"{}"));
    let token = sign(&header, &marked(json!({})));
    let (input, _) = token.rsplit_once('.').unwrap();
    tokens.push(format!("{input}.{}", encode(&hmac("HS256", b"k", MARK.as_bytes()))));
    tokens.push(format!("{input}.{}", encode(&[7; 64])));
    tokens.push(format!("{token}.{}", encode(MARK.as_bytes())));
    tokens.push(MARK.into());
    tokens
}

/// Every way there is to print a refusal, with the private reason switched on: none shows a piece of the token, encoded or not.
#[test]
fn class_35_no_answer_error_or_log_shows_a_piece_of_the_token() {
    let mut seen = std::collections::BTreeSet::new();
    for document in [policy(), merged(introspecting_policy(), json!({"explain": true}))] {
        let mut world = World::new(&document);
        world.key_set = Some(key_set());
        for token in marked_tokens() {
            for path in ["/me", "/data"] {
                let authorization = format!("Bearer {token}");
                let request =
                    Request { method: "GET", path, authorization: Some(&authorization), ..Request::default() };
                // Another gate than the one that answers, which would wait for the fetch of this one.
                let progress = format!("{:?}", World::new(&document).gate.authorize(&request, world.time()));
                let response = refused(world.call(&request));
                let error = response.error.clone().unwrap();
                seen.insert(error.code());
                let printed = format!("{progress} {response:?} {error} {error:?} {}", response.body);
                assert!(!printed.contains(MARK) && !printed.contains("S3CRET"), "{printed}");
                for segment in token.split('.').filter(|segment| segment.len() >= 12) {
                    let pieces = segment.as_bytes().windows(12).map(|piece| std::str::from_utf8(piece).unwrap());
                    for piece in pieces {
                        assert!(!printed.contains(piece), "{piece} of {token:.60} in {printed}");
                    }
                }
            }
        }
    }
    assert!(seen.len() >= 15, "the reasons differ: {seen:?}");
}

/// CR, LF, quote, back slash, NUL, DEL, tab and what is not ASCII.
const HOSTILE: [&str; 9] =
    ["a\r\nSet-Cookie: x=y", "a\nb", "a\rb", "a\"b", "a\\b", "a\0b", "a\u{7f}b", "a\tb", "r\u{e9}alm"];

/// What stands in a challenge comes from the policy, which is not taken with anything in it that ends a quoted string.
#[test]
fn class_36_a_policy_cannot_bring_crlf_into_a_header() {
    for text in HOSTILE {
        for policy in [
            merged(policy(), json!({ "realm": text })),
            merged(policy(), json!({"routes": [{"path": "/me", "scope": text}]})),
            merged(policy(), json!({"routes": [{"path": "/me", "methods": [text]}]})),
        ] {
            let verdict = Policy::parse(&policy.to_string());
            assert!(matches!(verdict, Err(Error::PolicyInvalid { .. })), "{text:?} in {policy}");
        }
    }
}

fn assert_plain(headers: &[(&'static str, String)]) {
    for (name, value) in headers {
        assert!(value.bytes().all(|byte| matches!(byte, 0x20..=0x7e)), "{name}: {value:?}");
        assert_eq!(value.matches('"').count() % 2, 0, "{name}: {value:?}");
        assert!(!value.contains("Set-Cookie"), "{name}: {value:?}");
    }
}

/// Errors that hold text from outside (a server's, a rule's) keep it out of every header of the answer.
#[test]
fn class_36_an_errors_text_never_gets_into_a_header() {
    for document in [policy(), merged(policy(), json!({"explain": true}))] {
        let policy = Policy::parse(&document.to_string()).unwrap();
        for text in HOSTILE {
            let answer = Box::new(ServerError { error: text.into(), error_description: Some(text.into()) });
            for error in [
                Error::AuthorizationRefused(answer.clone()),
                Error::TokenRequestRefused(answer),
                Error::ClaimConditionUnmet { claim: text.into() },
                Error::ConfigInvalid {
                    problems: vec![edgeward::error::Problem { path: text.into(), problem: text.into() }],
                },
            ] {
                let response = refuse(error, &policy);
                assert_plain(&response.headers);
                assert!(!response.body.contains(['\r', '\n', '\0']), "{:?}", response.body);
                serde_json::from_str::<Value>(&response.body).unwrap();
            }
        }
    }
}

/// Nor does anything of the token: kid, typ, issuer, audience, scope, subject.
#[test]
fn class_36_a_tokens_text_never_gets_into_a_header() {
    let mut world = World::new(&merged(policy(), json!({"explain": true})));
    world.key_set = Some(key_set());
    for text in HOSTILE {
        let tokens = ["kid", "typ", "alg", "cty"]
            .map(|parameter| Key::Ec.sign_with(&header_with(Key::Ec, json!({ parameter: text })), &claims()))
            .into_iter()
            .chain(
                ["iss", "aud", "scope", "client_id", "sub"]
                    .map(|claim| Key::Ec.sign(&merged(claims(), json!({ claim: text })))),
            );
        for token in tokens {
            match world.get("/data", &token) {
                Decision::Respond(response) => assert_plain(&response.headers),
                Decision::Forward(forward) => {
                    for (name, value) in &forward.headers() {
                        assert!(value.bytes().all(|byte| matches!(byte, 0x20..=0x7e)), "{name}: {value:?}");
                    }
                }
            }
        }
    }
    assert!(matches!(world.get("/data", &honest(Key::Ec)), Decision::Forward(_)));
}
