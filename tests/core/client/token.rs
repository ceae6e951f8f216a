use base64::{Engine, engine::general_purpose::STANDARD};
use edgeward::{
    client::{FormRequest, TokenSet, client_credentials_request, code_request, revocation_request},
    http_url::{HttpUrl, Transport},
    jwt::Scope,
};
use serde_json::{Value, json};

use super::sign_in::{
    CLIENT_ID, ISSUER, NOW, REDIRECT_URI, callback_with, code, config, config_with, metadata, metadata_with,
    parameters, stored, transaction, with,
};

fn good() -> Value {
    json!({"access_token": "2YotnFZFEjr1zCsicMWpAA", "token_type": "Bearer", "expires_in": 3600, "scope": "openid"})
}

fn read(changes: Value) -> Result<TokenSet, (&'static str, Option<&'static str>)> {
    read_text(&with(good(), changes).to_string())
}

fn read_text(text: &str) -> Result<TokenSet, (&'static str, Option<&'static str>)> {
    TokenSet::from_response(200, text, "openid notes", None, NOW).map_err(|error| match error {
        edgeward::Error::TokenResponseInvalid { parameter } => (error.code(), Some(parameter)),
        error => (error.code(), None),
    })
}

fn body(request: &FormRequest) -> Vec<(String, String)> {
    parameters(&request.body)
}

fn pairs<const N: usize>(pairs: [(&str, &str); N]) -> Vec<(String, String)> {
    pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).into()
}

/// RFC 6749 section 4.1.3, RFC 7636 section 4.5, attack 42: the verifier is always there, and nothing else than these.
#[test]
fn a_code_is_exchanged_with_its_verifier_and_the_redirect_uri() {
    let transaction = transaction();
    let verifier = stored(&transaction, "code_verifier");
    let request = code_request(code(&transaction), &transaction, &config(), &metadata()).unwrap();
    assert_eq!(request.url, "https://as.example/token");
    assert_eq!(request.authorization, None, "a public client has no secret");
    let expected = pairs([
        ("grant_type", "authorization_code"),
        ("code", "SplxlOBeZQQYbYS6WxSbIA"),
        ("redirect_uri", REDIRECT_URI),
        ("client_id", CLIENT_ID),
        ("code_verifier", &verifier),
    ]);
    assert_eq!(body(&request), expected);
}

/// RFC 6749 appendix B: a code with reserved characters comes out as it came in, and can't add a parameter.
#[test]
fn the_code_request_is_form_encoded() {
    let transaction = transaction();
    let hostile = "a+b/c==&grant_type=password&\u{e9} \r\n";
    let url = callback_with(&[("code", hostile), ("state", transaction.state()), ("iss", ISSUER)]);
    let code = edgeward::client::AuthorizationCode::from_callback(&url, &transaction, &config(), &metadata(), NOW);
    let config = config_with(json!({"resource": "https://api.example/a?b&c"}));
    let request = code_request(code.unwrap(), &transaction, &config, &metadata()).unwrap();
    let parameters = body(&request);
    assert_eq!(parameters[1], ("code".to_owned(), hostile.to_owned()));
    assert_eq!(parameters[5], ("resource".to_owned(), "https://api.example/a?b&c".to_owned()), "RFC 8707 section 2.2");
    assert_eq!(parameters.len(), 6);
    assert!(request.body.bytes().all(|byte| byte.is_ascii_graphic()));
}

#[test]
fn a_server_without_a_token_endpoint_is_refused() {
    let transaction = transaction();
    let metadata = metadata_with(json!({"token_endpoint": null}));
    let refused = code_request(code(&transaction), &transaction, &config(), &metadata).unwrap_err();
    assert_eq!((refused.code(), refused.subject()), ("metadata_invalid", Some("token_endpoint")));
}

/// RFC 6749 sections 4.4.2 and 2.3.1: identifier and secret are form-encoded before Basic joins them by a colon.
#[test]
fn client_credentials_are_sent_as_basic_and_form_encoded() {
    let endpoint = HttpUrl::parse("https://as.example/token", Transport::SecureOnly).unwrap();
    let rows = [
        ("machine", "secret", "machine:secret"),
        ("a:b", "c:d", "a%3Ab:c%3Ad"),
        ("a b", "p+q%r&s=\u{e9}", "a+b:p%2Bq%25r%26s%3D%C3%A9"),
    ];
    for (id, secret, joined) in rows {
        let scope = Scope::parse("notes files").unwrap();
        let request = client_credentials_request(&endpoint, id, secret, &scope, Some("https://api.example"));
        assert_eq!(request.url, "https://as.example/token");
        assert_eq!(request.authorization, Some(format!("Basic {}", STANDARD.encode(joined))));
        let expected =
            [("grant_type", "client_credentials"), ("scope", "notes files"), ("resource", "https://api.example")];
        assert_eq!(body(&request), pairs(expected), "the secret is in the header alone");
        assert!(!format!("{request:?}").contains(&STANDARD.encode(joined)));
    }
    let request = client_credentials_request(&endpoint, "a", "b", &Scope::default(), None);
    assert_eq!(request.body, "grant_type=client_credentials");
}

/// RFC 6749 section 5.1.
#[test]
fn a_good_answer_gives_token_scope_and_expiry() {
    let tokens = read(json!({})).unwrap();
    assert_eq!(tokens.expose_access_token(), "2YotnFZFEjr1zCsicMWpAA");
    assert_eq!(tokens.expires_at(), Some(NOW.plus(3_600)));
    assert_eq!(tokens.scope().to_string(), "openid", "what was granted, not what was asked for");
    let rows = [(json!("openid notes files"), "openid notes files"), (json!(""), ""), (json!(null), "openid notes")];
    for (scope, expected) in rows {
        assert_eq!(read(json!({ "scope": scope })).unwrap().scope().to_string(), expected, "{scope}");
    }
    assert_eq!(read(json!({"expires_in": null})).unwrap().expires_at(), None);
    read(json!({"x": {"y": [1]}})).expect("RFC 6749 section 5.1: unrecognized value names are ignored");
}

/// RFC 6749 section 7.1: "The client MUST NOT use an access token if it does not understand the token type"; compared
/// without regard to case (section 5.1).
#[test]
fn a_token_of_another_type_than_bearer_is_refused() {
    for token_type in ["Bearer", "bearer", "BEARER"] {
        read(json!({ "token_type": token_type })).expect(token_type);
    }
    for token_type in ["DPoP", "mac", "N_A", "Bearer ", "", "Bearer, DPoP"] {
        let refused = read(json!({ "token_type": token_type })).map(|_| ());
        assert_eq!(refused, Err(("token_response_invalid", Some("token_type"))), "{token_type:?}");
    }
}

/// RFC 6749 section 5.1, attack 17: a member of the wrong type is an error, never taken for absent.
#[test]
fn a_member_that_is_missing_or_of_the_wrong_type_is_refused() {
    let rows = [
        ("access_token", vec![json!(null), json!(""), json!(1), json!(["a"]), json!({}), json!(false)]),
        ("token_type", vec![json!(null), json!(["Bearer"]), json!(1)]),
        (
            "expires_in",
            vec![json!("3600"), json!(-1), json!(1.5), json!(1e300), json!(u64::MAX), json!(true), json!([1])],
        ),
        ("scope", vec![json!(["openid"]), json!(1), json!("open\"id"), json!("open\u{e9}d"), json!("a".repeat(9_000))]),
        ("id_token", vec![json!(1), json!(["a"]), json!({})]),
        ("refresh_token", vec![json!(1), json!(["a"])]),
        ("error", vec![json!(1), json!({"code": "x"})]),
    ];
    for (member, values) in rows {
        for value in values {
            let refused = read(json!({ member: value })).map(|_| ());
            assert_eq!(refused, Err(("token_response_invalid", Some(member))), "{value}");
        }
    }
}

/// Attack 36; RFC 6749 appendix A.12: it goes into a header, so it must not be able to end it.
#[test]
fn an_access_token_that_could_break_a_header_is_refused() {
    for token in ["a\r\nCookie: b", "a\nb", "a\0", "a\tb", "\u{e9}", "a b", "\u{7f}"] {
        let refused = read(json!({ "access_token": token })).map(|_| ());
        assert_eq!(refused, Err(("token_response_invalid", Some("access_token"))), "{token:?}");
    }
}

/// RFC 6749 section 5.2: an error is one, whatever stands beside it.
#[test]
fn an_error_answer_is_never_a_token() {
    for text in [r#"{"error":"invalid_grant"}"#, &with(good(), json!({"error": "invalid_grant"})).to_string()] {
        assert_eq!(read_text(text).map(|_| ()), Err(("token_request_refused", None)), "{text}");
    }
}

/// Attacks 11, 32 and 33.
#[test]
fn what_is_no_strict_json_object_of_bounded_size_is_refused() {
    let twice = good().to_string().replacen('{', "{\"access_token\":\"other\",", 1);
    let escaped = good().to_string().replacen('{', "{\"access\\u005ftoken\":\"other\",", 1);
    let deep = good().to_string().replacen('{', &format!("{{\"x\":{}{},", "[".repeat(100), "]".repeat(100)), 1);
    let tail = format!("{}\n{{}}", good());
    for text in
        ["", "null", "[]", "<!doctype html><title>502</title>", "access_token=a", &twice, &escaped, &deep, &tail]
    {
        assert_eq!(read_text(text).map(|_| ()), Err(("token_response_invalid", Some("(document)"))), "{text:.60}");
    }
    let large = with(good(), json!({"x": "x".repeat(128 * 1024)})).to_string();
    assert_eq!(read_text(&large).map(|_| ()), Err(("token_response_invalid", Some("(document size)"))));
}

/// RFC 7009 section 2.1: a refresh token takes the access tokens of its grant along.
#[test]
fn the_strongest_token_is_revoked_where_the_server_offers_it() {
    let rows =
        [(json!(null), "2YotnFZFEjr1zCsicMWpAA", "access_token"), (json!("8xLOxBtZp8"), "8xLOxBtZp8", "refresh_token")];
    for (refresh_token, token, hint) in rows {
        let tokens = read(json!({ "refresh_token": refresh_token })).unwrap();
        let request = revocation_request(&tokens, &config(), &metadata()).unwrap();
        assert_eq!((request.url.as_str(), request.authorization.as_ref()), ("https://as.example/revoke", None));
        assert_eq!(body(&request), pairs([("token", token), ("token_type_hint", hint), ("client_id", CLIENT_ID)]));
        assert!(revocation_request(&tokens, &config(), &metadata_with(json!({"revocation_endpoint": null}))).is_none());
    }
}

/// Attack 35.
#[test]
fn no_debug_output_or_error_shows_a_token_or_the_verifier() {
    let tokens = read(json!({"refresh_token": "R3FR3SH", "id_token": "1D.T0K.3N"})).unwrap();
    let transaction = transaction();
    let request = code_request(code(&transaction), &transaction, &config(), &metadata()).unwrap();
    let revocation = revocation_request(&tokens, &config(), &metadata()).unwrap();
    let shown = format!("{tokens:?} {request:?} {revocation:?}");
    let verifier = stored(&transaction, "code_verifier");
    for secret in ["2YotnFZFEjr1zCsicMWpAA", "R3FR3SH", "1D.T0K.3N", "SplxlOBeZQQYbYS6WxSbIA", &verifier] {
        assert!(!shown.contains(secret), "{secret} in {shown}");
    }
    let error =
        TokenSet::from_response(200, r#"{"access_token":"2YotnF","token_type":"DPoP"}"#, "", None, NOW).unwrap_err();
    assert!(!format!("{error} {error:?}").contains("2YotnF"));
}

/// RFC 6749 section 5.1: tokens come with status 200; a proxy's or a broken server's answer with another is none.
#[test]
fn tokens_under_another_status_are_refused() {
    let text = r#"{"access_token":"2YotnF","token_type":"Bearer"}"#;
    assert!(TokenSet::from_response(200, text, "", None, NOW).is_ok());
    for status in [0, 201, 204, 302, 400, 401, 500] {
        let error = TokenSet::from_response(status, text, "", None, NOW).unwrap_err();
        assert_eq!((error.code(), error.subject()), ("token_response_invalid", Some("(status)")), "{status}");
    }
    let refused = TokenSet::from_response(400, r#"{"error":"invalid_grant"}"#, "", None, NOW).unwrap_err();
    assert_eq!(refused.code(), "token_request_refused");
}
