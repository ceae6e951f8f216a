//! Classes 13 and 50: an ECDSA signature has a twin that holds, so nothing may be known again by its bytes.

use edgeward::{
    UnixTime, Verifier,
    crypto::FastEngine,
    jose::{JwkSet, algorithm::ES256},
    jwt::Rules,
    resource_server::{DpopRequest, DpopRules},
};
use serde_json::json;

use crate::{
    forging::with_other_s,
    gate::{Door, honest},
    outside::{AUDIENCE, ISSUER, NOW},
    signing::{EC_X, EC_Y, Key, key_set},
};

/// JOSE allows both (RFC 7518 section 3.4), and so does every other verifier: the gate must not tell them apart.
#[test]
fn class_13_the_other_s_holds_as_well() {
    let token = honest(Key::Ec);
    let twin = with_other_s(&token);
    assert_ne!(token, twin);
    assert_eq!(with_other_s(&twin), token);
    let mut door = Door::new();
    door.lets_through(&token);
    door.lets_through(&twin);
}

/// What revocation goes by, `jti`, is signed and the same for both; the token's text is not.
#[test]
fn class_50_the_identity_of_a_token_is_in_its_claims() {
    let rules = Rules::access_token().issuer(ISSUER).audience(AUDIENCE).build().unwrap();
    let verifier = Verifier::new(rules, [&ES256]);
    let keys = JwkSet::parse(key_set().as_bytes(), &FastEngine).unwrap();
    let judged = |token: &str| verifier.verify(token, &keys, UnixTime::from_seconds(NOW)).unwrap();
    let (one, other) = (judged(&honest(Key::Ec)), judged(&with_other_s(&honest(Key::Ec))));
    assert_eq!((one.jti(), one.subject()), (Some("jti-1"), Some("user-1")));
    assert_eq!((one.jti(), one.claims().as_object()), (other.jti(), other.claims().as_object()));
}

/// A replayed proof is known again by its key and its `jti`, which the twin shares.
#[test]
fn class_50_a_dpop_proof_and_its_twin_are_one_proof() {
    let jwk = json!({"kty": "EC", "crv": "P-256", "x": EC_X, "y": EC_Y});
    let proof = Key::Ec.sign_with(
        &json!({"typ": "dpop+jwt", "alg": "ES256", "jwk": jwk}),
        &json!({"jti": "p-1", "htm": "GET", "htu": "https://api.example/me", "iat": NOW}),
    );
    let request =
        DpopRequest { method: "GET", url: "https://api.example/me", access_token: None, jkt: None, nonces: &[] };
    let check = |proof: &str| {
        edgeward::resource_server::DpopProof::check(
            proof,
            &request,
            &DpopRules::default(),
            &FastEngine,
            UnixTime::from_seconds(NOW),
        )
        .unwrap()
    };
    let (one, twin) = (check(&proof), check(&with_other_s(&proof)));
    assert_eq!((one.thumbprint(), one.jti(), one.good_until()), (twin.thumbprint(), twin.jti(), twin.good_until()));
    let seen = [(one.thumbprint().to_owned(), one.jti().to_owned())];
    let was_used = seen.contains(&(twin.thumbprint().to_owned(), twin.jti().to_owned()));
    assert_eq!(twin.unless_used(was_used).unwrap_err().code(), "proof_replayed");
}
