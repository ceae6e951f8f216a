//! The machine's client: its configuration, what it asks, and what it sends to APIs.

use base64::{Engine, engine::general_purpose::STANDARD};
use edgeward::{Error, client::machine::MachineClient, limits};
use serde_json::{Value, json};

use super::{
    machine::{API, SECRET, TOKEN_ENDPOINT, answer, client, client_with, document, good, need, question},
    sign_in::{ISSUER, NOW, parameters, with},
};

fn problems(changes: Value) -> Vec<String> {
    match MachineClient::parse(&with(document(), changes).to_string()) {
        Err(Error::ConfigInvalid { problems }) => problems.into_iter().map(|problem| problem.path).collect(),
        other => panic!("taken: {other:?}"),
    }
}

/// RFC 6749 sections 2.3.1 and 4.4.2, RFC 8707 section 2.
#[test]
fn the_request_is_client_credentials_and_the_secret_is_in_the_header_alone() {
    let targets = json!({"scope": "a b", "resource": ["https://api.example/x", "urn:y"], "audience": "orders"});
    let asked = question(need(&mut client_with(targets), 0));
    assert_eq!(asked.url, TOKEN_ENDPOINT);
    assert_eq!(asked.authorization, Some(format!("Basic {}", STANDARD.encode("machine:S3CR3T%3A+%2B%2F%26%3D%25"))));
    let expected = [
        ("grant_type", "client_credentials"),
        ("scope", "a b"),
        ("resource", "https://api.example/x"),
        ("resource", "urn:y"),
        ("audience", "orders"),
    ];
    let body = asked.body.unwrap();
    assert_eq!(parameters(&body), expected.map(|(name, value)| (name.to_owned(), value.to_owned())));
    let in_form = json!({"token_endpoint_auth_method": "client_secret_post"});
    let asked = question(need(&mut client_with(in_form), 0));
    assert_eq!(asked.authorization, None);
    assert!(parameters(&asked.body.unwrap()).contains(&("client_secret".into(), SECRET.into())));
}

/// RFC 7523 section 3: an assertion for the issuer, for a minute; what the key is stays with the host.
#[test]
fn a_private_key_signs_assertions_for_the_issuer() {
    let key = json!({"kty": "EC", "crv": "P-256", "x": "x", "y": "y", "d": "PR1V4T3", "alg": "ES256", "kid": "k-1"});
    let changes = json!({"issuer": ISSUER, "client_secret": null, "private_key": key});
    let asked = question(need(&mut client_with(changes), 0));
    assert_eq!(asked.authorization, None);
    let assertion = asked.client_assertion.unwrap();
    let claims: Value = serde_json::from_str(&assertion.claims).unwrap();
    let seconds = NOW.as_seconds();
    let expected = json!({"iss": "machine", "sub": "machine", "aud": ISSUER, "iat": seconds, "exp": seconds + limits::CLIENT_ASSERTION_SECONDS});
    assert_eq!((assertion.algorithm.name(), claims), ("ES256", expected));
    assert!(assertion.header.contains("k-1"));
    let body = asked.body.unwrap();
    assert!(body.contains("client_assertion_type=") && !body.contains("PR1V4T3"), "{body}");
}

/// Every problem at its place, and no value.
#[test]
fn what_is_wrong_in_a_configuration_is_told_at_once() {
    let rows = [
        (json!({"token_endpoint": null}), vec!["issuer"]),
        (json!({"token_endpoint": "http://as.example/token"}), vec!["token_endpoint"]),
        (json!({"issuer": "https://as.example/?a"}), vec!["issuer"]),
        (json!({"client_id": null, "client_secret": null}), vec!["client_id", "client_secret"]),
        (json!({"client_secret": ""}), vec!["client_secret"]),
        (json!({"private_key": {"kty": "EC"}}), vec!["client_secret", "private_key", "issuer"]),
        (
            json!({"client_secret": null, "private_key": {"kty": "EC", "alg": "ES256"}, "issuer": ISSUER}),
            vec!["private_key"],
        ),
        (json!({"token_endpoint_auth_method": "private_key_jwt"}), vec!["client_secret", "private_key"]),
        (json!({"token_endpoint_auth_method": "none"}), vec!["token_endpoint_auth_method"]),
        (json!({"scope": "a\"b"}), vec!["scope"]),
        (json!({"resource": "orders"}), vec!["resource"]),
        (json!({"audience": []}), vec!["audience"]),
        (
            json!({"api_origins": ["https://api.example/", "http://api.example"]}),
            vec!["api_origins[0]", "api_origins[1]"],
        ),
        (json!({"dpop": "yes"}), vec!["dpop"]),
        (json!({"clientSecret": SECRET}), vec!["clientSecret"]),
    ];
    for (changes, expected) in rows {
        assert_eq!(problems(changes.clone()), expected, "{changes}");
    }
    for text in ["", "null", "[]", "{"] {
        assert_eq!(MachineClient::parse(text).unwrap_err().code(), "config_invalid");
    }
    let error = MachineClient::parse(&with(document(), json!({"clientSecret": SECRET})).to_string()).unwrap_err();
    assert!(!format!("{error} {error:?}").contains("S3CR3T"));
}

/// RFC 6750 section 5.2: a token that goes to another origin is lost.
#[test]
fn the_token_goes_to_named_origins_alone() {
    let client = client();
    assert_eq!(client.api(API), Some(0));
    for origin in [
        "",
        "null",
        "https://api.example/",
        "https://api.example.evil.example",
        "http://api.example",
        "https://as.example",
    ] {
        assert_eq!(client.api(origin), None, "{origin}");
    }
}

/// RFC 9449 sections 5 and 8: without a key nothing is asked, the type that comes is the type that was asked for, and a nonce is sent back once.
#[cfg(all(feature = "rs256", feature = "es256"))]
#[test]
fn a_bound_token_needs_its_key_and_the_servers_nonce() {
    use super::machine::{refusal, token};
    use super::signing::{EC_D, EC_X, EC_Y, decode};
    use edgeward::{
        client::machine::{Answer, Remedy},
        crypto::FastEngine,
    };
    let jwk = json!({"kty": "EC", "crv": "P-256", "x": EC_X, "y": EC_Y});
    let mut client = client_with(json!({"dpop": true}));
    assert!(client.needs_key());
    let random = core::array::from_fn(|index| u8::try_from(index).unwrap());
    let input = |client: &MachineClient, api| {
        let input = client.proof_input(("POST", "https://x.example/?a"), api, &random, NOW)?;
        Ok(serde_json::from_slice::<Value>(&decode(input.split_once('.').unwrap().1)).unwrap())
    };
    assert_eq!(input(&client, None).map_err(|error: Error| error.code()).unwrap_err(), "proof_missing");
    let private = with(jwk.clone(), json!({"d": EC_D})).to_string();
    assert_eq!(client.use_key(&private, &FastEngine).unwrap_err().code(), "key_unusable");
    client.use_key(&jwk.to_string(), &FastEngine).unwrap();
    assert!(!client.needs_key());
    client.use_key("of another caller", &FastEngine).unwrap();

    let answer = |client: &mut MachineClient, asked, status, text: &str, nonce| {
        client.answered(asked, Some(Answer { status, text, nonce }), NOW)
    };
    let demand = r#"{"error":"use_dpop_nonce"}"#;
    let first = question(need(&mut client, 0)).asked;
    assert_eq!(input(&client, None).unwrap().get("nonce"), None);
    let second = question(answer(&mut client, first, 400, demand, Some("n-1"))).asked;
    assert_eq!(input(&client, None).unwrap()["nonce"], "n-1");
    let again = answer(&mut client, second, 400, demand, Some("n-2"));
    assert_eq!(refusal(again), ("token_request_refused", Some("use_dpop_nonce".into())), "it is sent back once");

    let asked = question(need(&mut client, 10)).asked;
    let downgraded = answer(&mut client, asked, 200, &good(json!({})), None);
    assert_eq!(refusal(downgraded), ("token_response_invalid", Some("token_type".into())), "a bearer token");
    let asked = question(need(&mut client, 60)).asked;
    let bound = token(answer(&mut client, asked, 200, &good(json!({"token_type": "dpop"})), Some("n-3")));
    assert_eq!(bound.authorization(), "DPoP 4CC3SS");

    // An API's nonces are its own (RFC 9449 section 8.2).
    let to_api = Some((0, "4CC3SS"));
    assert_eq!(input(&client, to_api).unwrap().get("nonce"), None);
    let demand = r#"DPoP error="use_dpop_nonce""#;
    let long = "n".repeat(limits::MAX_DPOP_NONCE_BYTES + 1);
    for nonce in [None, Some(""), Some("a b"), Some(long.as_str())] {
        assert_eq!(client.api_answered((0, 1), (401, demand), nonce), Remedy::Nothing);
    }
    assert_eq!(client.api_answered((0, 1), (401, demand), Some("a-1")), Remedy::Nonce);
    assert_eq!(client.api_answered((0, 1), (200, ""), Some("a-2")), Remedy::Nothing);
    assert_eq!(input(&client, to_api).unwrap()["nonce"], "a-2", "also of a good answer");
    assert_eq!(input(&client, None).unwrap()["nonce"], "n-3");
    assert!(input(&client, to_api).unwrap()["ath"].is_string());
}

/// Attack 35.
#[test]
fn nothing_that_is_printed_shows_a_secret_or_a_token() {
    let mut client = client_with(json!({"token_endpoint_auth_method": "client_secret_post"}));
    let asked = question(need(&mut client, 0));
    let shown = format!("{client:?} {asked:?}");
    let step = answer(&mut client, asked.asked, (200, &good(json!({}))), 0);
    let shown = format!("{shown} {step:?} {client:?}");
    for secret in ["S3CR3T", "4CC3SS"] {
        assert!(!shown.contains(secret), "{shown}");
    }
}
