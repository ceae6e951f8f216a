//! Error answers of the authorization server, at the redirect URI and from the token endpoint: typed, and safe to show.

use edgeward::{
    client::{AuthorizationCode, TokenSet},
    error::{Error, ServerError},
};
use serde_json::json;

use super::sign_in::{ISSUER, NOW, callback_with, config, metadata, transaction};

/// What becomes of an `error` and an `error_description`, which must be the same on both ways.
fn read(error: &str, description: Option<&str>) -> ServerError {
    let transaction = transaction();
    let mut parameters = vec![("state", transaction.state()), ("iss", ISSUER), ("error", error)];
    parameters.extend(description.map(|text| ("error_description", text)));
    let refused =
        AuthorizationCode::from_callback(&callback_with(&parameters), &transaction, &config(), &metadata(), NOW);
    let Err(Error::AuthorizationRefused(at_redirect_uri)) = refused else { panic!("{refused:?}") };
    let mut body = json!({ "error": error });
    if let Some(text) = description {
        body["error_description"] = text.into();
    }
    let refused = TokenSet::from_response(200, &body.to_string(), "openid", None, NOW);
    let Err(Error::TokenRequestRefused(from_token_endpoint)) = refused else { panic!("{refused:?}") };
    assert_eq!(at_redirect_uri, from_token_endpoint);
    *at_redirect_uri
}

/// RFC 6749 sections 4.1.2.1 and 5.2.
#[test]
fn the_servers_code_and_description_can_be_read() {
    for code in ["access_denied", "invalid_grant", "login_required", "x_of_its_own"] {
        let expected = ServerError { error: code.into(), error_description: None };
        assert_eq!(read(code, None), expected);
    }
    let answer = read("access_denied", Some("The user said no; 100% sure."));
    assert_eq!(answer.error_description.as_deref(), Some("The user said no; 100% sure."));
}

/// Attacks 35 and 36: the text may come from a link that an attacker made, and may end in a log or a header.
#[test]
fn what_is_not_printable_ascii_is_taken_out() {
    let rows = [
        ("a\r\nSet-Cookie: a=b", "aSet-Cookie: a=b"),
        ("a\u{1b}[2Jb", "a[2Jb"),
        ("a\0b\u{7f}c\td", "abcd"),
        ("\u{202e}abc\u{2028}\u{200b}", "abc"),
        ("caf\u{e9}", "caf"),
    ];
    for (hostile, shown) in rows {
        let answer = read(hostile, Some(hostile));
        assert_eq!(answer.error, shown);
        assert_eq!(answer.error_description.as_deref(), Some(shown));
    }
    assert_eq!(read("x", Some("\u{e9}\r\n")).error_description, None, "nothing is left of it");
}

/// RFC 6749 appendices A.7 and A.8: neither has `"` or `\`, which would end a quoted string wherever the text is put.
#[test]
fn quotes_and_back_slashes_are_taken_out() {
    let answer = read("a\"b\\c", Some("a\"b\\c"));
    assert_eq!((answer.error.as_str(), answer.error_description.as_deref()), ("abc", Some("abc")));
}

#[test]
fn the_text_is_cut_to_a_bounded_length() {
    let answer = read(&"e".repeat(1_000), Some(&"d".repeat(1_000)));
    assert_eq!(answer.error, "e".repeat(200));
    assert_eq!(answer.error_description, Some("d".repeat(200)));
}

#[test]
fn the_message_for_the_developer_names_code_and_description() {
    let transaction = transaction();
    let url = callback_with(&[
        ("state", transaction.state()),
        ("iss", ISSUER),
        ("error", "login_required"),
        ("error_description", "no session"),
    ]);
    let error = AuthorizationCode::from_callback(&url, &transaction, &config(), &metadata(), NOW).unwrap_err();
    assert_eq!(error.code(), "authorization_refused");
    let message = error.to_string();
    assert!(message.contains("login_required") && message.contains("no session"), "{message}");
}
