//! Renewed tokens (RFC 6749 section 6, OIDC Core section 12), as `token.rs`, `session.rs` and `id_token.rs` judge them.

use edgeward::{
    client::{PendingSession, Session, TokenSet, refresh_request, revocation_request},
    crypto::{FastEngine, HostVerdict},
    jose::JwkSet,
};
use serde_json::{Value, json};

use super::{
    id_token::{claims, sign},
    sign_in::{
        CLIENT_ID, NOW, config, config_with, metadata, metadata_with, parameter, parameters, stored, transaction, with,
    },
    signing::{decode, encode, key_set},
};

fn answer(changes: Value) -> TokenSet {
    let good = json!({"access_token": "at-2", "token_type": "Bearer", "expires_in": 300});
    TokenSet::from_response(200, &with(good, changes).to_string(), "openid notes", None, NOW.plus(100)).unwrap()
}

/// A session whose ID token says all that a renewed one is held against.
fn session() -> Session {
    let claims = with(claims(&transaction()), json!({"azp": CLIENT_ID, "auth_time": NOW.as_seconds() - 60}));
    let tokens = json!({
        "access_token": "at-1", "refresh_token": "R3FR3SH-1", "token_type": "Bearer", "expires_in": 3600, "id_token": sign(&claims),
    });
    let tokens = TokenSet::from_response(200, &tokens.to_string(), "openid notes", None, NOW).unwrap();
    let keys = JwkSet::parse(key_set().as_bytes(), &FastEngine).unwrap();
    Session::start(tokens, &transaction(), &config(), &keys, &FastEngine, NOW).unwrap()
}

/// What a server puts into a renewed ID token: the user and the authentication, and times of its own (OIDC Core section 12.2).
fn renewed_claims() -> Value {
    let now = NOW.as_seconds();
    let times = json!({"iat": now + 100, "exp": now + 400, "auth_time": now - 60, "azp": CLIENT_ID});
    with(claims(&transaction()), times)
}

fn renew(session: &Session, id_token: &str) -> Result<Session, edgeward::Error> {
    let keys = JwkSet::parse(key_set().as_bytes(), &FastEngine).unwrap();
    let pending = PendingSession::new(answer(json!({ "id_token": id_token })), &keys)?;
    pending.conclude_renewal(HostVerdict::Unable, session, &config(), &FastEngine, NOW.plus(100))
}

fn outcome(changes: Value) -> (&'static str, Option<&'static str>) {
    match renew(&session(), &sign(&with(renewed_claims(), changes))) {
        Ok(_) => ("taken", None),
        Err(edgeward::Error::SessionMismatch { claim }) => ("session_mismatch", Some(claim)),
        Err(error) => (error.code(), None),
    }
}

fn hint_of(session: &Session) -> String {
    parameter(&edgeward::client::end_session_url(session.tokens(), &config(), &metadata()).unwrap(), "id_token_hint")
}

/// RFC 6749 section 6, RFC 8707 section 2.2: no scope, which means what was granted before.
#[test]
fn the_request_has_the_refresh_token_and_the_client() {
    let request = refresh_request(session().tokens(), &config(), &metadata()).unwrap().unwrap();
    assert_eq!((request.url.as_str(), request.authorization.as_ref()), ("https://as.example/token", None));
    let expected = [("grant_type", "refresh_token"), ("refresh_token", "R3FR3SH-1"), ("client_id", CLIENT_ID)];
    assert_eq!(parameters(&request.body), expected.map(|(name, value)| (name.to_owned(), value.to_owned())));
    assert!(!format!("{request:?}").contains("R3FR3SH"));
    let config_with_resource = config_with(json!({"resource": "https://api.example/a&b"}));
    let request = refresh_request(session().tokens(), &config_with_resource, &metadata()).unwrap().unwrap();
    assert_eq!(parameter(&request.body, "resource"), "https://api.example/a&b");
    assert!(refresh_request(&answer(json!({})), &config(), &metadata()).unwrap().is_none(), "no refresh token came");
    let no_endpoint = metadata_with(json!({"token_endpoint": null}));
    assert_eq!(refresh_request(session().tokens(), &config(), &no_endpoint).unwrap_err().code(), "metadata_invalid");
}

/// OIDC Core section 12.2: the user and the authentication stay; a new nonce need not come.
#[test]
fn an_id_token_of_the_same_user_is_taken() {
    let absent = ["auth_time", "azp", "nonce"].map(|claim| json!({ claim: null }));
    for changes in absent.into_iter().chain([json!({}), json!({"name": "Alice Hargreaves", "acr": "phr"})]) {
        assert_eq!(outcome(changes.clone()), ("taken", None), "{changes}");
    }
    let renewed = renew(&session(), &sign(&with(renewed_claims(), json!({"name": "Alice Hargreaves"})))).unwrap();
    assert_eq!(renewed.user().get("name"), Some(&"Alice Hargreaves".into()));
    assert_eq!(renewed.tokens().expose_access_token(), "at-2");
}

/// OIDC Core section 12.2, attack 45.
#[test]
fn an_id_token_of_another_user_or_authentication_is_refused() {
    let now = NOW.as_seconds();
    let nonce = stored(&transaction(), "nonce");
    let rows = [
        ("sub", vec![json!("mallory"), json!("Alice"), json!("alice "), json!("")]),
        ("auth_time", vec![json!(now), json!(now - 61), json!(0)]),
        ("nonce", vec![json!("x"), json!(""), json!(nonce.to_uppercase())]),
    ];
    for (claim, values) in rows {
        for value in values {
            assert_eq!(outcome(json!({ claim: value })), ("session_mismatch", Some(claim)), "{value}");
        }
    }
    // Where the sign-in's had none, none may come (OIDC Core section 12.2).
    let without = with(claims(&transaction()), json!({"azp": null, "auth_time": null}));
    let keys = JwkSet::parse(key_set().as_bytes(), &FastEngine).unwrap();
    let tokens = answer(json!({"id_token": sign(&without)}));
    let session = Session::start(tokens, &transaction(), &config(), &keys, &FastEngine, NOW).unwrap();
    let error = renew(&session, &sign(&with(renewed_claims(), json!({"auth_time": null})))).unwrap_err();
    assert!(matches!(error, edgeward::Error::SessionMismatch { claim: "azp" }), "{error:?}");
}

/// OIDC Core section 12.2: what a renewed ID token has is held against the original authentication's, however many lie between, and whatever they left
/// out; also where the session went through another tab or storage meanwhile.
#[test]
fn what_one_id_token_leaves_out_a_later_one_may_say_again() {
    let bare = json!({"auth_time": null, "azp": null, "nonce": null});
    let once = renew(&session(), &sign(&with(renewed_claims(), bare.clone()))).unwrap();
    assert_eq!(once.user().get("nonce"), None, "the user's claims are the newest ID token's");
    let twice = renew(&once, &sign(&with(renewed_claims(), bare))).unwrap().renewed(answer(json!({})));
    let kept = Session::from_json(&twice.to_json(&config(), true), &config(), None).unwrap();
    for session in [once, twice, kept] {
        assert!(renew(&session, &sign(&renewed_claims())).is_ok());
        for (claim, value) in [("nonce", json!("x")), ("auth_time", json!(1)), ("sub", json!("mallory"))] {
            let error = renew(&session, &sign(&with(renewed_claims(), json!({ claim: value })))).unwrap_err();
            assert!(matches!(error, edgeward::Error::SessionMismatch { claim: said } if said == claim), "{error:?}");
        }
    }
}

/// OIDC Core sections 12.2 and 3.1.3.7: every other rule of an ID token holds as well.
#[test]
fn a_renewed_id_token_is_judged_like_any_other() {
    let now = NOW.as_seconds();
    let rows = [
        (json!({"sub": null}), "claim_missing"),
        (json!({"iss": "https://other.example"}), "issuer_unknown"),
        (json!({"aud": "other"}), "audience_mismatch"),
        (json!({"azp": "other"}), "authorized_party_mismatch"),
        (json!({"exp": now}), "token_expired"),
        (json!({"iat": now + 500}), "token_issued_in_future"),
        (json!({"at_hash": "AAAAAAAAAAAAAAAAAAAAAA"}), "hash_mismatch"),
    ];
    for (changes, expected) in rows {
        assert_eq!(outcome(changes.clone()).0, expected, "{changes}");
    }
}

/// OIDC Core section 12.2: "The ID Token is validated like any other".
#[test]
fn a_renewed_id_token_needs_its_signature() {
    let good = sign(&renewed_claims());
    let (input, signature) = good.rsplit_once('.').unwrap();
    let mut flipped = decode(signature);
    flipped[0] ^= 1;
    let forged = format!("{input}.{}", encode(&flipped));
    assert_eq!(renew(&session(), &forged).unwrap_err().code(), "signature_invalid");
    let keys = JwkSet::parse(key_set().as_bytes(), &FastEngine).unwrap();
    let pending = PendingSession::new(answer(json!({ "id_token": good })), &keys).unwrap();
    let by_host = |verdict| pending.conclude_renewal(verdict, &session(), &config(), &FastEngine, NOW.plus(100));
    assert!(by_host(HostVerdict::Holds).is_ok());
    assert_eq!(by_host(HostVerdict::Fails).unwrap_err().code(), "signature_invalid");
}

/// RFC 6749 section 6: "The authorization server MAY issue a new refresh token"; where it does not, the old one stays, and the ID token too.
#[test]
fn what_did_not_come_anew_stays() {
    let before = session();
    let renewed = before.renewed(answer(json!({})));
    assert_eq!(renewed.tokens().expose_access_token(), "at-2");
    assert_eq!(renewed.user(), before.user());
    assert_eq!(hint_of(&renewed), hint_of(&before));
    let refresh_token = |session: &Session| {
        let request = refresh_request(session.tokens(), &config(), &metadata()).unwrap().unwrap();
        parameter(&request.body, "refresh_token")
    };
    assert_eq!(refresh_token(&renewed), "R3FR3SH-1");
    assert_eq!(refresh_token(&before.renewed(answer(json!({"refresh_token": "R3FR3SH-2"})))), "R3FR3SH-2");
    let with_id_token = renew(&before, &sign(&renewed_claims())).unwrap();
    assert_eq!(
        (refresh_token(&with_id_token).as_str(), hint_of(&with_id_token) == hint_of(&before)),
        ("R3FR3SH-1", false)
    );
    let revoked = revocation_request(renewed.tokens(), &config(), &metadata()).unwrap();
    assert_eq!(parameter(&revoked.body, "token"), "R3FR3SH-1");
    assert!(renewed.tokens().can_be_renewed() && !answer(json!({})).can_be_renewed());
}

/// Of two sessions of one user the one that was renewed last counts, also within a second; of another user's neither does.
#[test]
fn a_renewal_is_known_from_what_was_before() {
    let before = session();
    let once = before.renewed(answer(json!({})));
    let twice = once.renewed(answer(json!({})));
    for (one, other, expected) in [
        (&once, &before, true),
        (&twice, &once, true),
        (&once, &twice, false),
        (&before, &once, false),
        (&once, &once, false),
    ] {
        assert_eq!(one.is_renewal_of(other), expected, "{one:?} of {other:?}");
    }
    let again = |session: &Session| Session::from_json(&session.to_json(&config(), true), &config(), None).unwrap();
    assert!(again(&twice).is_renewal_of(&again(&once)), "also out of storage");
    let text = twice.to_json(&config(), true).replace("alice", "mallory");
    assert!(!Session::from_json(&text, &config(), None).unwrap().is_renewal_of(&before));
    let with_id_token = renew(&once, &sign(&renewed_claims())).unwrap();
    assert!(with_id_token.is_renewal_of(&once));
}

/// RFC 6749 section 5.1 `expires_in`: a minute before the end, and of a short life when a fifth is left.
#[test]
fn tokens_are_renewed_some_time_before_their_end() {
    let rows = [
        (86_400, 86_340),
        (3_600, 3_540),
        (301, 241),
        (300, 240),
        (299, 240),
        (100, 80),
        (10, 8),
        (4, 4),
        (1, 1),
        (0, 0),
    ];
    for (lifetime, renew_at) in rows {
        let tokens = answer(json!({ "expires_in": lifetime }));
        assert_eq!(tokens.renew_at(), Some(NOW.plus(100 + renew_at)), "{lifetime} seconds");
        assert!(tokens.renew_at() <= tokens.expires_at());
    }
    assert_eq!(answer(json!({"expires_in": null})).renew_at(), None, "the server set no time");
}

/// Attack 35.
#[test]
fn neither_debug_output_nor_a_refusal_shows_a_token() {
    let error = renew(&session(), &sign(&with(renewed_claims(), json!({"sub": "mallory"})))).unwrap_err();
    let shown = format!("{error} {error:?} {:?}", session().renewed(answer(json!({"refresh_token": "R3FR3SH-2"}))));
    for secret in ["at-1", "at-2", "R3FR3SH", "mallory", "alice"] {
        assert!(!shown.contains(secret), "{secret} in {shown}");
    }
}
