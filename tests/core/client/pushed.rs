//! Pushed authorization requests (RFC 9126).

use edgeward::{
    Error,
    client::{
        AuthorizationServerMetadata, FormRequest, Transaction,
        authorization::{Options, Step, start},
        pkce::code_challenge,
        pushed_url,
    },
};
use serde_json::{Value, json};

use super::sign_in::{
    CLIENT_ID, NOW, REDIRECT_URI, config, metadata_with, parameter, parameters, random, stored, with,
};

const ENDPOINT: &str = "https://as.example/par";
const REQUEST_URI: &str = "urn:ietf:params:oauth:request_uri:6esc_11ACC5bwc014ltc14eY22c";

fn metadata() -> AuthorizationServerMetadata {
    metadata_with(json!({"pushed_authorization_request_endpoint": ENDPOINT}))
}

fn pushed(options: &Options) -> (FormRequest, Transaction) {
    let authorization = start(&config(), &metadata(), options, &random(), Some("0ZcOCORZNYy"), NOW).unwrap();
    match authorization.step {
        Step::Push(request) => (request, authorization.transaction),
        Step::Redirect(url) => panic!("a URL in place of a pushed request: {url}"),
    }
}

fn good() -> Value {
    json!({"request_uri": REQUEST_URI, "expires_in": 60})
}

fn url_of(status: u16, text: &str) -> Result<String, Error> {
    pushed_url(status, text, &config(), &metadata())
}

fn refused(status: u16, text: &str) -> (&'static str, Option<&'static str>) {
    match url_of(status, text).unwrap_err() {
        error @ Error::PushedResponseInvalid { parameter } => (error.code(), Some(parameter)),
        error => (error.code(), None),
    }
}

/// RFC 9126 section 2.1: all that would be in the URL, `client_id` among it, and no `request_uri`.
#[test]
fn where_the_endpoint_is_offered_the_parameters_are_pushed() {
    let options = Options::from_json(r#"{"prompt":"login","login_hint":"alice","max_age":60}"#).unwrap();
    let (request, transaction) = pushed(&options);
    assert_eq!((request.url.as_str(), request.authorization.as_ref()), (ENDPOINT, None));
    let verifier = stored(&transaction, "code_verifier");
    let expected = [
        ("response_type", "code"),
        ("client_id", CLIENT_ID),
        ("redirect_uri", REDIRECT_URI),
        ("scope", "openid notes"),
        ("state", transaction.state()),
        ("nonce", &stored(&transaction, "nonce")),
        ("code_challenge", &code_challenge(&verifier)),
        ("code_challenge_method", "S256"),
        ("prompt", "login"),
        ("login_hint", "alice"),
        ("max_age", "60"),
        ("dpop_jkt", "0ZcOCORZNYy"),
    ];
    assert_eq!(parameters(&request.body), expected.map(|(name, value)| (name.to_owned(), value.to_owned())));
    assert!(!request.body.contains(&verifier));
    let shown = format!("{:?}", start(&config(), &metadata(), &options, &random(), None, NOW).unwrap());
    assert!(!shown.contains(transaction.state()) && !format!("{request:?}").contains(transaction.state()), "{shown}");
}

/// RFC 9126 section 4: the browser carries `client_id` and `request_uri`, after the endpoint's own query, and nothing else.
#[test]
fn the_url_has_the_reference_alone() {
    let rows = [("https://as.example/authorize", 2), ("https://as.example/authorize?tenant=a%26b", 3)];
    for (endpoint, count) in rows {
        let changes = json!({"authorization_endpoint": endpoint, "pushed_authorization_request_endpoint": ENDPOINT});
        let metadata = metadata_with(changes);
        let url = pushed_url(201, &good().to_string(), &config(), &metadata).unwrap();
        assert!(url.starts_with(endpoint), "{url}");
        assert_eq!(
            (parameter(&url, "client_id"), parameter(&url, "request_uri")),
            (CLIENT_ID.into(), REQUEST_URI.into())
        );
        assert_eq!(parameters(&url).len(), count, "{url}");
    }
    let hostile = "https://x.example/?a&response_type=token#f";
    let url = url_of(201, &with(good(), json!({ "request_uri": hostile })).to_string()).unwrap();
    assert_eq!((parameter(&url, "request_uri").as_str(), parameters(&url).len()), (hostile, 2));
    assert!(!url.contains('#'), "{url}");
}

/// RFC 6749 section 3.1: a parameter that is there twice could be read either way.
#[test]
fn an_endpoint_whose_query_has_the_reference_is_refused() {
    for query in ["request_uri=urn:x", "client_id=other", "a=b&request_uri"] {
        let endpoint = format!("https://as.example/authorize?{query}");
        for par in [json!(ENDPOINT), json!(null)] {
            let changes = json!({"authorization_endpoint": endpoint, "pushed_authorization_request_endpoint": par});
            let metadata = metadata_with(changes);
            let refused = pushed_url(201, &good().to_string(), &config(), &metadata).unwrap_err();
            assert_eq!((refused.code(), refused.subject()), ("metadata_invalid", Some("authorization_endpoint")));
        }
    }
}

/// RFC 9126 section 2.3: what the server says, made safe to show, and no way around it.
#[test]
fn a_refusal_is_told_in_printable_characters() {
    let long = "x".repeat(10_000);
    let answer = json!({"error": "invalid_request\r\nx: y", "error_description": format!("no\u{0} \u{e9}\"\\{long}")});
    for status in [201, 400, 401, 403, 413, 429, 500] {
        let error = url_of(status, &answer.to_string()).unwrap_err();
        assert_eq!(error.code(), "pushed_request_refused", "{status}");
        let Error::PushedRequestRefused(said) = error else { panic!("another error") };
        assert_eq!(said.error, "invalid_requestx: y");
        let description = said.error_description.unwrap();
        assert!(description.starts_with("no xxx") && description.len() < 1_000, "{}", description.len());
    }
    let both = with(good(), json!({"error": "invalid_request"})).to_string();
    assert_eq!(refused(201, &both).0, "pushed_request_refused", "an error is one, whatever stands beside it");
}

/// RFC 9126 section 2.2: 201 and a JSON object with `request_uri`; whatever else a server or a proxy sends is no answer.
#[test]
fn what_is_no_answer_is_refused() {
    for status in [0, 200, 202, 204, 302, 400, 401, 405, 500, 502] {
        assert_eq!(refused(status, &good().to_string()), ("pushed_response_invalid", Some("(status)")), "{status}");
    }
    let twice = good().to_string().replacen('{', r#"{"request_uri":"urn:other","#, 1);
    for text in ["", "null", "[]", "{", "<!doctype html><title>502</title>", &twice, &format!("{} x", good())] {
        assert_eq!(refused(201, text), ("pushed_response_invalid", Some("(document)")), "{text:.40}");
    }
    let values = [
        json!(null),
        json!(""),
        json!(1),
        json!([REQUEST_URI]),
        json!("urn:a b"),
        json!("urn:\r\n"),
        json!("urn:\u{e9}"),
    ];
    for value in values {
        let text = json!({ "request_uri": value }).to_string();
        assert_eq!(refused(201, &text), ("pushed_response_invalid", Some("request_uri")), "{value}");
    }
    assert_eq!(refused(201, "{}"), ("pushed_response_invalid", Some("request_uri")));
    for member in ["error", "error_description"] {
        let text = with(good(), json!({"error": "x", member: [1]})).to_string();
        assert_eq!(refused(400, &text), ("pushed_response_invalid", Some(member)));
    }
    let large = with(good(), json!({"x": "x".repeat(128 * 1024)})).to_string();
    assert_eq!(refused(201, &large), ("pushed_response_invalid", Some("(document size)")));
}
