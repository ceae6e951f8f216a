//! Sessions as text, for another tab or for storage.

use edgeward::{
    client::{Session, TokenSet, end_session_url, refresh_request},
    crypto::FastEngine,
    jose::JwkSet,
    limits,
};
use serde_json::{Value, json};

use super::{
    id_token::{claims, sign},
    sign_in::{NOW, config, config_with, metadata, transaction, with},
    signing::key_set,
};

const JKT: &str = "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I";

fn session_with(jkt: Option<&str>, changes: Value) -> Session {
    let good = json!({
        "access_token": "4CC3SS", "refresh_token": "R3FR3SH", "expires_in": 3600, "id_token": sign(&claims(&transaction())),
        "token_type": if jkt.is_some() { "DPoP" } else { "Bearer" },
    });
    let tokens = TokenSet::from_response(200, &with(good, changes).to_string(), "openid notes", jkt, NOW).unwrap();
    let keys = JwkSet::parse(key_set().as_bytes(), &FastEngine).unwrap();
    Session::start(tokens, &transaction(), &config(), &keys, &FastEngine, NOW).unwrap()
}

fn session() -> Session {
    session_with(None, json!({}))
}

fn document() -> Value {
    serde_json::from_str(&session().to_json(&config(), true)).unwrap()
}

fn read(text: &str) -> Result<Session, &'static str> {
    Session::from_json(text, &config(), None).map_err(|error| error.code())
}

fn refused(text: &str) -> &'static str {
    read(text).map(|_| ()).unwrap_err()
}

/// Everything a session is used for comes back: requests, renewal, the way out, the user.
#[test]
fn a_session_comes_back_as_it_was() {
    let unlimited = session_with(None, json!({"expires_in": null, "scope": "openid"}));
    for session in [session(), unlimited] {
        let text = session.to_json(&config(), true);
        let read = read(&text).unwrap();
        assert_eq!(read.to_json(&config(), true), text);
        assert_eq!(read.user(), session.user());
        assert_eq!(read.tokens().scope(), session.tokens().scope());
        assert_eq!(read.tokens().expires_at(), session.tokens().expires_at());
        assert_eq!(read.tokens().renew_at(), session.tokens().renew_at());
        let config = config_with(json!({"api_origins": ["https://api.example"]}));
        assert_eq!(read.authorization("https://api.example", &config, NOW).as_deref(), Some("Bearer 4CC3SS"));
        let [one, other] = [&read, &session].map(|session| {
            let renewal = refresh_request(session.tokens(), &config, &metadata()).unwrap().unwrap();
            (renewal.body, end_session_url(session.tokens(), &config, &metadata()))
        });
        assert_eq!(one, other);
    }
}

/// RFC 9700 section 4.14: the refresh token stays with who renews.
#[test]
fn the_refresh_token_is_left_out_where_it_is_not_to_be_shared() {
    let text = session().to_json(&config(), false);
    assert!(!text.contains("R3FR3SH") && !text.contains("refresh_token"), "{text}");
    let read = read(&text).unwrap();
    assert!(!read.tokens().can_be_renewed() && session().tokens().can_be_renewed());
    assert_eq!(read.tokens().expose_access_token(), "4CC3SS");
}

/// Another application of the same origin, or another server's session of this one, is no session here.
#[test]
fn a_session_of_another_issuer_or_client_is_unknown() {
    let text = session().to_json(&config(), true);
    for changes in [json!({"issuer": "https://other.example"}), json!({"client_id": "other"})] {
        let other = config_with(changes.clone());
        assert_eq!(Session::from_json(&text, &other, None).unwrap_err().code(), "session_unknown", "{changes}");
        assert_eq!(refused(&with(document(), changes).to_string()), "session_unknown");
    }
    assert_eq!(refused(&with(document(), json!({"issuer": "https://as.example/"})).to_string()), "session_unknown");
}

/// RFC 9449 section 6: without the key the token is of no use, and a page that asked for bound tokens goes on with no other.
#[test]
fn a_session_of_another_key_is_unknown() {
    let bound = session_with(Some(JKT), json!({}));
    let text = bound.to_json(&config(), true);
    let (any, asks) = (config(), config_with(json!({"dpop": true})));
    let code =
        |text: &str, config, jkt| Session::from_json(text, config, jkt).map(|_| ()).map_err(|error| error.code());
    assert_eq!(code(&text, &asks, Some(JKT)), Ok(()));
    assert_eq!(code(&text, &any, Some(JKT)), Ok(()), "a server may bind tokens that nobody asked it to");
    assert_eq!(Session::from_json(&text, &asks, Some(JKT)).unwrap().tokens().jkt(), Some(JKT));
    for jkt in [None, Some(""), Some("other"), Some(&JKT[1..])] {
        assert_eq!(code(&text, &any, jkt), Err("session_unknown"), "{jkt:?}");
    }
    let unbound = session().to_json(&config(), true);
    assert_eq!(code(&unbound, &any, Some(JKT)), Ok(()), "who has a key need not have bound tokens");
    for jkt in [None, Some(JKT)] {
        assert_eq!(code(&unbound, &asks, jkt), Err("session_unknown"), "a bearer token where bound ones are asked for");
    }
}

/// Attacks 11, 32 and 33.
#[test]
fn a_text_of_another_form_is_unknown() {
    let good = document();
    let whole = good.to_string();
    let mut texts: Vec<String> = ["", "null", "[]", "{}", "\"x\"", "undefined"].map(Into::into).into();
    texts.extend((1..whole.len()).step_by(7).map(|length| whole.chars().take(length).collect()));
    for member in good.as_object().unwrap().keys() {
        texts.push(with(good.clone(), json!({ member: [1] })).to_string());
        texts.push(whole.replacen('{', &format!("{{\"{member}\":{},", good[member]), 1));
    }
    for member in
        ["issuer", "client_id", "access_token", "scope", "received_at", "renewals", "claims", "authentication"]
    {
        texts.push(with(good.clone(), json!({ member: null })).to_string());
    }
    texts.push(with(good.clone(), json!({"is_admin": true})).to_string());
    texts.push(with(good.clone(), json!({"expires_at": -1})).to_string());
    texts.push(with(good.clone(), json!({"received_at": "now"})).to_string());
    texts.push(with(good.clone(), json!({"scope": "a\"b"})).to_string());
    texts.push(with(good.clone(), json!({"jkt": 1})).to_string());
    texts.push(format!("{whole}{whole}"));
    for text in texts {
        assert_eq!(refused(&text), "session_unknown", "{text}");
    }
    for claims in
        [json!({}), json!({"sub": 1}), json!({"sub": null}), json!({"sub": "mallory"}), json!([]), json!("alice")]
    {
        for changes in [json!({ "claims": claims }), json!({ "authentication": claims })] {
            assert_eq!(refused(&with(good.clone(), changes.clone()).to_string()), "session_unknown", "{changes}");
        }
    }
    let both = json!({"claims": {"sub": 1}, "authentication": {"sub": 1}});
    assert_eq!(refused(&with(good, both).to_string()), "session_unknown", "a user is a text");
}

/// Attack 36; RFC 6749 appendix A.12: what would go into a header must not be able to end it.
#[test]
fn a_token_that_could_break_a_header_is_unknown() {
    for token in ["", "a\r\nCookie: b", "a\nb", "a\0", "a\tb", "a b", "\u{e9}", "\u{7f}"] {
        let text = with(document(), json!({ "access_token": token })).to_string();
        assert_eq!(refused(&text), "session_unknown", "{token:?}");
    }
    // These go into forms and query strings alone, which are encoded.
    let hostile = "a\r\nb&grant_type=password#";
    let text = with(document(), json!({"refresh_token": hostile, "id_token": hostile})).to_string();
    let session = read(&text).unwrap();
    let renewal = refresh_request(session.tokens(), &config(), &metadata()).unwrap().unwrap();
    let url = end_session_url(session.tokens(), &config(), &metadata()).unwrap();
    for text in [renewal.body, url] {
        assert!(text.bytes().all(|byte| byte.is_ascii_graphic()) && !text.contains('#'), "{text}");
    }
}

/// Attack 33.
#[test]
fn a_text_past_the_bound_is_unknown() {
    let of_length = |length: usize| {
        let mut document = document();
        document["claims"]["x"] = json!("");
        let rest = length - document.to_string().len();
        document["claims"]["x"] = json!("x".repeat(rest));
        document.to_string()
    };
    assert!(read(&of_length(limits::MAX_SESSION_BYTES)).is_ok());
    assert_eq!(refused(&of_length(limits::MAX_SESSION_BYTES + 1)), "session_unknown");
}

/// Attack 35.
#[test]
fn neither_debug_output_nor_a_refusal_shows_a_token() {
    let text = session().to_json(&config(), true);
    let read = read(&text).unwrap();
    let error = Session::from_json(&text, &config_with(json!({"client_id": "other"})), None).unwrap_err();
    let shown = format!("{read:?} {:?} {error} {error:?}", read.tokens());
    let id_token = sign(&claims(&transaction()));
    for secret in ["4CC3SS", "R3FR3SH", &id_token, "alice", "Alice Liddell"] {
        assert!(!shown.contains(secret), "{secret} in {shown}");
    }
}
