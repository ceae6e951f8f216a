use edgeward::{
    client::{ClientConfig, PendingSession, Session, TokenSet, end_session_url},
    crypto::{FastEngine, HostVerdict},
    jose::JwkSet,
};
use serde_json::{Value, json};

use super::{
    id_token::{claims, sign, start, tokens},
    sign_in::{CLIENT_ID, NOW, config, config_with, metadata, metadata_with, parameters, transaction},
    signed_ahead,
    signing::{Key, decode, key_set},
};

fn good() -> Session {
    start(&sign(&claims(&transaction())), &transaction()).unwrap()
}

fn api_config() -> ClientConfig {
    config_with(json!({"api_origins": ["https://api.example"]}))
}

fn with_response(response: &Value) -> Session {
    let keys = JwkSet::parse(key_set().as_bytes(), &FastEngine).unwrap();
    let tokens = TokenSet::from_response(200, &response.to_string(), "openid", None, NOW).unwrap();
    Session::start(tokens, &transaction(), &config(), &keys, &FastEngine, NOW).unwrap()
}

#[test]
fn the_user_is_whom_the_id_token_names() {
    let session = good();
    assert_eq!(session.user().get("sub"), Some(&"alice".into()));
    assert_eq!(session.user().get("name"), Some(&"Alice Liddell".into()));
    assert_eq!(session.tokens().expose_access_token(), "at");
}

/// OIDC Core section 3.1.3.7 step 6: what the host says of the signature decides, and the claims are judged after it.
#[test]
fn a_host_may_check_the_signature() {
    let keys = JwkSet::parse(key_set().as_bytes(), &FastEngine).unwrap();
    let conclude = |id_token: &str, verdict| {
        let pending = PendingSession::new(tokens(id_token), &keys).unwrap();
        let (message, _) = id_token.rsplit_once('.').unwrap();
        assert_eq!(pending.check().unwrap().message(), message.as_bytes());
        pending.conclude(verdict, &transaction(), &config(), &FastEngine, NOW).map_err(|error| error.code())
    };
    let good = sign(&claims(&transaction()));
    assert!(conclude(&good, HostVerdict::Holds).is_ok());
    assert_eq!(conclude(&good, HostVerdict::Fails).unwrap_err(), "signature_invalid");
    assert!(conclude(&good, HostVerdict::Unable).is_ok(), "the engine decides");
    let forged = format!("{}AAAA", &good[..good.len() - 4]);
    assert_eq!(conclude(&forged, HostVerdict::Unable).unwrap_err(), "signature_invalid");
    let mut expired = claims(&transaction());
    expired["exp"] = json!(NOW.as_seconds() - 400);
    assert_eq!(conclude(&sign(&expired), HostVerdict::Holds).unwrap_err(), "token_expired");
}

/// RFC 6750 section 5.2, attack 49: a token that goes to another origin is lost.
#[test]
fn the_token_is_sent_to_configured_origins_alone() {
    let (session, config) = (good(), api_config());
    assert_eq!(session.authorization("https://api.example", &config, NOW).as_deref(), Some("Bearer at"));
    let others = [
        "",
        "null",
        "*",
        "https://evil.example",
        "https://api.example.evil.example",
        "https://api.example/",
        "http://api.example",
        "https://api.example:8443",
        "https://API.example",
        "https://as.example",
        "https://app.example",
    ];
    for origin in others {
        assert_eq!(session.authorization(origin, &config, NOW), None, "{origin}");
    }
    assert_eq!(session.authorization("https://api.example", &super::sign_in::config(), NOW), None, "none configured");
}

/// RFC 6749 section 5.1 `expires_in`, attack 19: the moment of expiry is the first at which it is no longer sent.
#[test]
fn an_expired_token_is_not_sent() {
    let session = good();
    let sent = |now| session.authorization("https://api.example", &api_config(), now).is_some();
    for (seconds, expected) in [(0, true), (3_599, true), (3_600, false), (3_601, false), (u64::MAX, false)] {
        assert_eq!(sent(NOW.plus(seconds)), expected, "after {seconds} seconds");
    }
    let id_token = sign(&claims(&transaction()));
    let unbounded = with_response(&json!({"access_token": "at", "token_type": "Bearer", "id_token": id_token}));
    let later = NOW.plus(1_000_000);
    assert!(unbounded.authorization("https://api.example", &api_config(), later).is_some(), "the server set no time");
}

/// OIDC RP-Initiated Logout section 2.
#[test]
fn signing_out_names_client_id_token_and_where_to_come_back() {
    let session = good();
    let id_token = sign(&claims(&transaction()));
    let config = config_with(json!({"post_logout_redirect_uri": "https://app.example/bye?a=b&c"}));
    let url = end_session_url(session.tokens(), &config, &metadata()).unwrap();
    assert!(url.starts_with("https://as.example/logout?"), "{url}");
    let expected = [
        ("client_id", CLIENT_ID),
        ("id_token_hint", id_token.as_str()),
        ("post_logout_redirect_uri", "https://app.example/bye?a=b&c"),
    ];
    assert_eq!(parameters(&url), expected.map(|(name, value)| (name.to_owned(), value.to_owned())));
    let plain = end_session_url(session.tokens(), &super::sign_in::config(), &metadata()).unwrap();
    assert_eq!(parameters(&plain).len(), 2, "{plain}");
}

#[test]
fn the_end_session_endpoints_own_query_stays_and_without_one_there_is_no_url() {
    let metadata = metadata_with(json!({"end_session_endpoint": "https://as.example/logout?tenant=1"}));
    let url = end_session_url(good().tokens(), &config(), &metadata).unwrap();
    assert!(url.starts_with("https://as.example/logout?tenant=1&client_id=spa&"), "{url}");
    let none = metadata_with(json!({"end_session_endpoint": null}));
    assert_eq!(end_session_url(good().tokens(), &config(), &none), None);
}

/// OIDC Core section 5.3.2: "The sub Claim in the `UserInfo` Response MUST be verified to exactly match".
#[test]
fn userinfo_of_another_subject_is_refused() {
    let session = good();
    let claims = session.read_userinfo(r#"{"sub":"alice","email":"alice@app.example"}"#).unwrap();
    assert_eq!(claims.get("email"), Some(&"alice@app.example".into()));
    for sub in [
        json!("mallory"),
        json!("Alice"),
        json!("alice "),
        json!("alic"),
        json!(""),
        json!(1),
        json!(["alice"]),
        json!(null),
    ] {
        let refused = session.read_userinfo(&json!({ "sub": sub }).to_string()).unwrap_err();
        assert_eq!((refused.code(), refused.subject()), ("claim_invalid", Some("sub")), "{sub}");
    }
    assert_eq!(session.read_userinfo("{}").unwrap_err().code(), "claim_invalid", "no sub at all");
}

/// Attacks 11 and 33.
#[test]
fn userinfo_that_is_no_strict_json_object_of_bounded_size_is_refused() {
    let large = json!({"sub": "alice", "x": "x".repeat(128 * 1024)}).to_string();
    for text in ["", "null", "[]", "<!doctype html>", r#"{"sub":"alice","sub":"alice"}"#, &large] {
        assert_eq!(good().read_userinfo(text).unwrap_err().code(), "token_response_invalid", "{text:.40}");
    }
}

/// Attack 35: no token, and nothing of the person.
#[test]
fn the_debug_output_shows_no_token_and_no_claim_value() {
    let id_token = sign(&claims(&transaction()));
    let response = json!({
        "access_token": "4CC3SS", "refresh_token": "R3FR3SH", "token_type": "Bearer", "id_token": id_token,
    });
    let shown = format!("{:?}", with_response(&response));
    let signature = id_token.rsplit('.').next().unwrap();
    let nonce = super::sign_in::stored(&transaction(), "nonce");
    for secret in ["4CC3SS", "R3FR3SH", &id_token, signature, &nonce, "alice", "Alice Liddell"] {
        assert!(!shown.contains(secret), "{secret} in {shown}");
    }
}

/// The tests in JavaScript runtimes can't sign. What they are given instead is what these keys sign, and nothing else.
#[test]
fn the_tokens_signed_ahead_are_those_of_the_published_keys() {
    assert_eq!(signed_ahead::KEY_SET.parse::<Value>().unwrap(), key_set().parse::<Value>().unwrap());
    assert_eq!(u64::from(signed_ahead::NOW), NOW.as_seconds());
    let rows = [
        (Key::Rsa, signed_ahead::RS256_ACCESS_TOKEN),
        (Key::Ec, signed_ahead::ES256_ACCESS_TOKEN),
        (Key::Rsa, signed_ahead::EXPIRED_LEGACY_TOKEN),
        (Key::Ec, signed_ahead::ID_TOKEN),
    ];
    for (key, token) in rows {
        let segments: Vec<_> = token.split('.').map(decode).collect();
        assert_eq!(key.sign_texts(&segments[0], &segments[1]), token);
    }
}
