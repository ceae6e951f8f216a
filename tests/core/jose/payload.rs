//! A JWS carries any bytes (RFC 7515 section 2); only a JWT's must be a claims set (RFC 7519 section 7.2).

use edgeward::{
    Error, UnixTime,
    jose::{JwkSet, UntrustedJws, algorithm::ES256, verify},
    jwt::{Rules, validate},
};
use serde_json::json;

use crate::{
    engine::TakesAll,
    signing::{Key, key_set},
};

/// The empty payload, and bytes that are no text, verify as they are and are handed out as they are.
#[test]
fn any_payload_verifies_and_only_a_claims_set_is_a_jwt() {
    let keys = JwkSet::parse(key_set().as_bytes(), &TakesAll).unwrap();
    let rules = Rules::any_type().any_issuer().any_audience().without_expiry_required().build().unwrap();
    let payloads: [&[u8]; 8] = [b"", b" ", b"Foo", b"\xff\xfe\x00", b"null", b"[]", b"\"{}\"", b"{}{}"];
    for payload in payloads {
        let token = Key::Ec.sign_texts(br#"{"alg":"ES256"}"#, payload);
        let verified = verify(&UntrustedJws::parse(&token).unwrap(), &keys, &[&ES256], &TakesAll).unwrap();
        assert_eq!(verified.payload(), payload);
        let verdict = validate(&verified, &rules, UnixTime::from_seconds(0));
        assert!(matches!(verdict, Err(Error::TokenMalformed { .. })), "{payload:?}");
        let unverified = UntrustedJws::parse(&token).unwrap().check_claims_set();
        assert!(matches!(unverified, Err(Error::TokenMalformed { .. })), "{payload:?}");
    }
    let token = Key::Ec.sign_with(&json!({"alg": "ES256"}), &json!({}));
    let verified = verify(&UntrustedJws::parse(&token).unwrap(), &keys, &[&ES256], &TakesAll).unwrap();
    assert!(validate(&verified, &rules, UnixTime::from_seconds(0)).is_ok(), "the empty claims set is one");
    assert_eq!(UntrustedJws::parse(&token).unwrap().check_claims_set(), Ok(()));
}

/// The key's `issuer` member comes with the signature, for rules about tenants; one of another type is none.
#[test]
fn the_signing_keys_issuer_is_told() {
    for (issuer, told) in [
        (json!("https://login.example/{tenantid}"), Some("https://login.example/{tenantid}")),
        (json!(null), None),
        (json!(["x"]), None),
    ] {
        let mut key = Key::Ec.jwk();
        key["issuer"] = issuer;
        let keys = JwkSet::parse(json!({"keys": [key]}).to_string().as_bytes(), &TakesAll).unwrap();
        let jws = UntrustedJws::parse(&Key::Ec.sign(&json!({}))).unwrap();
        assert_eq!(verify(&jws, &keys, &[&ES256], &TakesAll).unwrap().key_issuer(), told);
    }
}
