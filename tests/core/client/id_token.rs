//! ID tokens as [`Session::start`] judges them; signatures, keys and claims in full are the subject of the other binaries.

use edgeward::{
    client::{Session, TokenSet, Transaction, authorization::Options},
    crypto::FastEngine,
    error::Error,
    jose::JwkSet,
};
use serde_json::{Value, json};

use super::{
    sign_in::{CLIENT_ID, ISSUER, NOW, config, start_with, stored, transaction, with},
    signing::{Key, decode, encode, key_set},
};

/// The claims of a good ID token for this sign-in.
pub fn claims(transaction: &Transaction) -> Value {
    let now = NOW.as_seconds();
    json!({
        "iss": ISSUER, "sub": "alice", "aud": CLIENT_ID, "exp": now + 300, "iat": now,
        "nonce": stored(transaction, "nonce"), "name": "Alice Liddell",
    })
}

pub fn sign(claims: &Value) -> String {
    Key::Rsa.sign_with(&json!({"alg": "RS256", "kid": "rsa-1"}), claims)
}

pub fn tokens(id_token: &str) -> TokenSet {
    let response = json!({"access_token": "at", "token_type": "Bearer", "expires_in": 3600, "id_token": id_token});
    TokenSet::from_response(200, &response.to_string(), "openid", None, NOW).expect("a good answer")
}

pub fn start(id_token: &str, transaction: &Transaction) -> Result<Session, Error> {
    let keys = JwkSet::parse(key_set().as_bytes(), &FastEngine).unwrap();
    Session::start(tokens(id_token), transaction, &config(), &keys, &FastEngine, NOW)
}

fn code_of(id_token: &str) -> &'static str {
    start(id_token, &transaction()).map(|_| ()).err().map_or("taken", |error| error.code())
}

fn code_with(changes: Value) -> &'static str {
    code_of(&sign(&with(claims(&transaction()), changes)))
}

#[test]
fn a_good_id_token_of_either_algorithm_signs_in() {
    for key in Key::BOTH {
        for header in [json!({"alg": key.alg(), "kid": key.kid()}), json!({"alg": key.alg(), "typ": "JWT"})] {
            assert_eq!(code_of(&key.sign_with(&header, &claims(&transaction()))), "taken", "{header}");
        }
    }
}

/// OIDC Core section 3.1.3.7 steps 12 and 13, RFC 9470 section 4: who asked for an authentication does not take another.
#[test]
fn what_was_asked_of_the_authentication_is_demanded_of_the_id_token() {
    let asking = |options: &str| start_with(&Options::from_json(options).unwrap()).unwrap().transaction;
    let now = NOW.as_seconds();
    let rows = [
        (r#"{"acr_values":"phrh phr"}"#, json!({"acr": "phr"}), "taken"),
        (r#"{"acr_values":"phrh phr"}"#, json!({"acr": "pwd"}), "authentication_context_mismatch"),
        (r#"{"acr_values":"phrh phr"}"#, json!({"acr": "phrh phr"}), "authentication_context_mismatch"),
        (r#"{"acr_values":"phrh phr"}"#, json!({}), "authentication_context_mismatch"),
        (r#"{"max_age":300}"#, json!({"auth_time": now - 200}), "taken"),
        (r#"{"max_age":300}"#, json!({"auth_time": now - 400}), "authentication_too_old"),
        (r#"{"max_age":300}"#, json!({"auth_time": now + 400}), "claim_invalid"),
        (r#"{"max_age":300}"#, json!({}), "claim_missing"),
        (r#"{"max_age":0}"#, json!({"auth_time": now - 100}), "authentication_too_old"),
        ("{}", json!({"acr": "pwd", "auth_time": now - 400_000}), "taken"),
    ];
    for (options, changes, expected) in rows {
        // As it comes back out of the tab's storage.
        let transaction = Transaction::from_json(&asking(options).to_json()).unwrap();
        let id_token = sign(&with(claims(&transaction), changes.clone()));
        let code = start(&id_token, &transaction).map(|_| ()).err().map_or("taken", |error| error.code());
        assert_eq!(code, expected, "{options} {changes}");
    }
}

/// OIDC Core section 3.1.3.7 step 11, attack 45: an ID token stolen from, or made for, another sign-in.
#[test]
fn the_nonce_must_be_the_one_sent() {
    let nonce = stored(&transaction(), "nonce");
    let others =
        ["", "x", &nonce[..42], &nonce[1..], &format!("{nonce}A"), &nonce.to_uppercase(), transaction().state()]
            .map(|nonce| json!(nonce));
    for value in others.into_iter().chain([json!(null)]) {
        assert_eq!(code_with(json!({ "nonce": value })), "nonce_mismatch", "{value}");
    }
    for value in [json!(1), json!([nonce]), json!(true), json!({})] {
        assert_eq!(code_with(json!({ "nonce": value })), "claim_invalid", "{value}");
    }
}

/// OIDC Core section 3.1.3.7 step 3, attack 20.
#[test]
fn the_audience_must_be_this_client() {
    let others = [
        json!("other"),
        json!(["other"]),
        json!([]),
        json!(""),
        json!("sp"),
        json!("spa "),
        json!("SPA"),
        json!("spa other"),
    ];
    for audience in others {
        assert_eq!(code_with(json!({ "aud": audience })), "audience_mismatch", "{audience}");
    }
    for audience in [json!(1), json!({"spa": 1}), json!(["spa", 1]), json!([["spa"]])] {
        assert_eq!(code_with(json!({ "aud": audience })), "claim_invalid", "{audience}");
    }
    assert_eq!(code_with(json!({"aud": null})), "claim_missing");
    assert_eq!(code_with(json!({"aud": ["spa"]})), "taken");
}

/// OIDC Core section 3.1.3.7 steps 4 and 5: a token for several says which of them asked for it, and that is this client.
#[test]
fn the_authorized_party_must_be_this_client() {
    let rows = [
        (json!({"azp": "spa"}), "taken"),
        (json!({"azp": "other"}), "authorized_party_mismatch"),
        (json!({"azp": ""}), "authorized_party_mismatch"),
        (json!({"azp": ["spa"]}), "claim_invalid"),
        (json!({"aud": ["spa", "other"]}), "authorized_party_mismatch"),
        (json!({"aud": ["other", "spa"], "azp": "other"}), "authorized_party_mismatch"),
        (json!({"aud": ["spa", "other"], "azp": "spa"}), "taken"),
    ];
    for (changes, expected) in rows {
        assert_eq!(code_with(changes.clone()), expected, "{changes}");
    }
}

/// OIDC Core section 3.1.3.7 step 2, attack 21.
#[test]
fn the_issuer_must_be_exactly_the_one_asked() {
    for issuer in
        ["https://as.example/", "https://AS.example", "https://as.example:443", "http://as.example", "as.example", ""]
    {
        assert_eq!(code_with(json!({ "iss": issuer })), "issuer_unknown", "{issuer}");
    }
    assert_eq!(code_with(json!({"iss": [ISSUER]})), "claim_invalid");
    assert_eq!(code_with(json!({"iss": null})), "claim_missing");
}

/// OIDC Core section 3.1.3.7 steps 9 and 10, attacks 17 to 19; clocks may differ by 30 seconds.
#[test]
fn the_times_must_hold() {
    let now = NOW.as_seconds();
    let rows = [
        (json!({"exp": now - 29}), "taken"),
        (json!({"exp": now - 30}), "token_expired"),
        (json!({"exp": 0}), "token_expired"),
        (json!({"exp": null}), "claim_missing"),
        (json!({"exp": (now + 300).to_string()}), "claim_invalid"),
        (json!({"exp": -1}), "claim_invalid"),
        (json!({"iat": now + 30}), "taken"),
        (json!({"iat": now + 31}), "token_issued_in_future"),
        (json!({"iat": null}), "claim_missing"),
        (json!({"iat": "now"}), "claim_invalid"),
        (json!({"nbf": now + 31}), "token_not_yet_valid"),
        (json!({"sub": null}), "claim_missing"),
        (json!({"sub": 1}), "claim_invalid"),
    ];
    for (changes, expected) in rows {
        assert_eq!(code_with(changes.clone()), expected, "{changes}");
    }
}

/// OIDC Core section 3.1.3.7 step 6. TLS to the token endpoint would do there; here the signature is always checked.
#[test]
fn a_signature_that_does_not_hold_is_refused() {
    let good = sign(&claims(&transaction()));
    let (input, signature) = good.rsplit_once('.').unwrap();
    let mut flipped = decode(signature);
    flipped[0] ^= 1;
    assert_eq!(code_of(&format!("{input}.{}", encode(&flipped))), "signature_invalid");
    let other = sign(&with(claims(&transaction()), json!({"sub": "mallory"})));
    let (other_input, _) = other.rsplit_once('.').unwrap();
    assert_eq!(code_of(&format!("{other_input}.{signature}")), "signature_invalid", "another payload");
    assert_eq!(
        code_of(&Key::Ec.sign_with(&json!({"alg": "RS256", "kid": "rsa-1"}), &claims(&transaction()))),
        "signature_invalid"
    );
    assert_eq!(
        code_of(&Key::Rsa.sign_with(&json!({"alg": "RS256", "kid": "gone"}), &claims(&transaction()))),
        "key_unknown"
    );
    for text in ["", "a", "a.b", "a.b.c", &format!("{input}."), &format!("{good}.")] {
        assert_eq!(code_of(text), "token_malformed", "{text:.40}");
    }
}

/// Attacks 1 and 2; OIDC Core section 3.1.3.7 step 7.
#[test]
fn an_unsigned_id_token_or_one_keyed_by_public_text_is_refused() {
    let payload = encode(claims(&transaction()).to_string().as_bytes());
    for alg in ["none", "None", "NONE", "nOnE", "", "HS256", "hs256", "HS512", "RS256 ", "rs256"] {
        let header = encode(json!({"alg": alg, "kid": "rsa-1"}).to_string().as_bytes());
        let input = format!("{header}.{payload}");
        assert_eq!(code_of(&format!("{input}.")), "algorithm_not_allowed", "{alg:?}");
        for key in [Key::Rsa.jwk().to_string(), key_set(), super::signing::RSA_N.into(), CLIENT_ID.into()] {
            let signature = encode(&hmac_sha256(key.as_bytes(), input.as_bytes()));
            assert_eq!(code_of(&format!("{input}.{signature}")), "algorithm_not_allowed", "{alg:?}");
        }
    }
}

/// RFC 2104, for the forgery alone.
fn hmac_sha256(key: &[u8], text: &[u8]) -> Vec<u8> {
    use sha2::{Digest, Sha256};
    let key = if key.len() > 64 { Sha256::digest(key).to_vec() } else { key.to_vec() };
    let padded = |byte: u8| -> Vec<u8> { (0..64).map(|at| key.get(at).unwrap_or(&0) ^ byte).collect() };
    let inner = Sha256::digest([&padded(0x36), text].concat());
    Sha256::digest([padded(0x5c), inner.to_vec()].concat()).to_vec()
}

/// RFC 8725 section 3.11, attack 23: every other kind of token that the same server signs for the same client.
#[test]
fn another_kind_of_token_is_no_id_token() {
    for typ in
        ["at+jwt", "AT+JWT", "application/at+jwt", "logout+jwt", "dpop+jwt", "token-introspection+jwt", "secevent+jwt"]
    {
        let header = json!({"alg": "RS256", "kid": "rsa-1", "typ": typ});
        assert_eq!(code_of(&Key::Rsa.sign_with(&header, &claims(&transaction()))), "type_mismatch", "{typ}");
    }
    let logout = json!({"events": {"http://schemas.openid.net/event/backchannel-logout": {}}, "jti": "j", "sid": "s"});
    assert_eq!(code_with(logout), "type_mismatch", "a logout token that says no typ");
}

/// OIDC Core section 3.1.3.3: without an ID token nobody is signed in, whatever else came.
#[test]
fn an_answer_without_an_id_token_signs_nobody_in() {
    let keys = JwkSet::parse(key_set().as_bytes(), &FastEngine).unwrap();
    let text = r#"{"access_token":"at","token_type":"Bearer"}"#;
    let tokens = TokenSet::from_response(200, text, "openid", None, NOW).unwrap();
    let refused = Session::start(tokens, &transaction(), &config(), &keys, &FastEngine, NOW).unwrap_err();
    assert_eq!((refused.code(), refused.subject()), ("token_response_invalid", Some("id_token")));
    let refused = Session::start(
        self::tokens(&sign(&claims(&transaction()))),
        &transaction(),
        &config(),
        &JwkSet::default(),
        &FastEngine,
        NOW,
    );
    assert_eq!(refused.unwrap_err().code(), "key_unknown", "an empty key set holds no signature");
}
