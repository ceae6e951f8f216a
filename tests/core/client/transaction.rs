use edgeward::{
    UnixTime,
    client::{AuthorizationCode, Transaction, authorization::Options},
};
use serde_json::{Value, json};

use super::sign_in::{NOW, config, good_callback, metadata, start_with, stored, transaction, with};

fn return_to(path: &str) -> Result<String, &'static str> {
    let options = Options { return_to: Some(path.into()), ..Options::default() };
    match start_with(&options) {
        Ok(authorization) => Ok(authorization.transaction.return_to().to_owned()),
        Err(error) => Err(error.code()),
    }
}

/// Attack 44; RFC 9700 section 4.11.1. A browser takes tabs and line ends out of a URL and back slashes for slashes.
#[test]
fn return_to_never_leads_to_another_origin() {
    let too_long = format!("/{}", "a".repeat(8 * 1024));
    let hostile = [
        "",
        " ",
        "evil.example",
        "https://evil.example/",
        "http:evil.example",
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "\\/evil.example",
        "\\\\evil.example",
        "/a\\..\\evil.example",
        "/\t/evil.example",
        "/\n/evil.example",
        "/\r/evil.example",
        "\t//evil.example",
        "\n/a",
        " /a",
        "/a b",
        "/a ",
        "/\0",
        "/\u{7f}",
        "javascript:alert(1)",
        "JavaScript:alert(1)",
        "\u{1}javascript:alert(1)",
        "data:text/html,x",
        "?a=b",
        "#a",
        ".",
        "./a",
        "../a",
        "@evil.example",
        ":443",
        "%2f%2fevil.example",
        "%09//evil.example",
        "/\u{2028}/evil.example",
        "/\u{3000}/evil.example",
        "\u{ff0f}\u{ff0f}evil.example",
        "\u{ff0f}evil.example",
        "/\u{e9}",
        "*",
        &too_long,
    ];
    for path in hostile {
        assert_eq!(return_to(path), Err("config_invalid"), "{path:?}");
    }
}

/// Attack 44, the other side: what stays on this origin when a browser reads it. Nothing of `%09`, `%2f` and `%5c` is decoded
/// there before the host has been made out, so `/%09/evil` is a path.
#[test]
fn return_to_may_be_any_path_on_this_origin() {
    let good = [
        "/",
        "/notes",
        "/notes/",
        "/notes?sort=date&next=//evil.example",
        "/notes#top",
        "/a//b",
        "/%09/evil",
        "/%2f/evil",
        "/%5cevil",
        "/@evil.example",
        "/?https://evil.example",
        "/a.b/c..d/...",
        "/~a;b=c,d:e!$&'()*+",
    ];
    for path in good {
        assert_eq!(return_to(path).as_deref(), Ok(path));
    }
    assert_eq!(transaction().return_to(), "/", "where none is given");
}

/// Attack 44: a browser takes dot segments out of a path, and what is left here starts with two slashes. A page that goes on
/// with `new URL(return_to, origin).pathname` would leave the origin.
#[test]
fn return_to_does_not_become_two_slashes_when_dot_segments_are_taken_out() {
    for path in [
        "/.//evil.example",
        "/..//evil.example",
        "/%2e//evil.example",
        "/%2E%2e//evil.example",
        "/.%2e//evil.example",
        "/a/..//evil.example",
        "/a/../..//evil.example",
        "/./..//evil.example",
    ] {
        assert_eq!(return_to(path), Err("config_invalid"), "{path}");
    }
}

/// Attack 46: a sign-in serves for an hour, counted from its start.
#[test]
fn a_transaction_older_than_an_hour_is_unknown() {
    let transaction = transaction();
    let answered = |now: UnixTime| {
        AuthorizationCode::from_callback(&good_callback(&transaction), &transaction, &config(), &metadata(), now)
            .map(|_| ())
            .map_err(|error| error.code())
    };
    let rows =
        [(0, Ok(())), (3_600, Ok(())), (3_601, Err("transaction_unknown")), (u64::MAX, Err("transaction_unknown"))];
    for (age, expected) in rows {
        assert_eq!(answered(NOW.plus(age)), expected, "{age} seconds");
    }
    assert_eq!(answered(NOW.minus(60)), Ok(()), "a clock that was set back is no reason to fail");
}

#[test]
fn a_transaction_comes_back_from_storage_as_it_was() {
    let transaction = transaction();
    let text = transaction.to_json();
    let read = Transaction::from_json(&text).unwrap();
    assert_eq!(read.to_json(), text);
    assert_eq!(read.state(), transaction.state());
    assert_eq!(read.scope(), "openid notes");
    assert_eq!(read.return_to(), "/");
}

/// Attack 46: what another program, or another version, left under the same key is no sign-in of this one.
#[test]
fn a_stored_text_of_another_form_is_unknown() {
    let good: Value = serde_json::from_str(&transaction().to_json()).unwrap();
    let mut texts: Vec<String> = ["", "null", "[]", "{}", "\"state\"", "undefined"].map(Into::into).into();
    for member in good.as_object().unwrap().keys() {
        texts.push(with(good.clone(), json!({ member: null })).to_string());
        texts.push(with(good.clone(), json!({ member: [1] })).to_string());
        texts.push(good.to_string().replacen('{', &format!("{{\"{member}\":{},", good[member]), 1));
    }
    texts.push(with(good.clone(), json!({"skip_pkce": true})).to_string());
    texts.push(with(good.clone(), json!({"started_at": -1})).to_string());
    texts.push(format!("{good}{good}"));
    for text in texts {
        assert_eq!(Transaction::from_json(&text).expect_err(&text).code(), "transaction_unknown");
    }
}

/// Attack 44: the path is used when it comes out of storage, so that is where it has to hold as well.
#[test]
fn a_stored_return_to_that_leads_elsewhere_is_unknown() {
    let good: Value = serde_json::from_str(&transaction().to_json()).unwrap();
    for path in ["//evil.example", "/\\evil.example", "https://evil.example", "javascript:alert(1)", ""] {
        let text = with(good.clone(), json!({ "return_to": path })).to_string();
        assert_eq!(Transaction::from_json(&text).expect_err(path).code(), "transaction_unknown", "{path}");
    }
}

/// Attack 35.
#[test]
fn the_debug_output_shows_neither_state_nor_nonce_nor_verifier() {
    let transaction = transaction();
    let shown = format!("{transaction:?}");
    for member in ["state", "nonce", "code_verifier"] {
        assert!(!shown.contains(&stored(&transaction, member)), "{member} in {shown}");
    }
}
