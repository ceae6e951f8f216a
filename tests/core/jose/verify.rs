//! From an untrusted token to a verified one.

use edgeward::{
    Error,
    crypto::{FastEngine, InvalidSignature, PreparedKey, SignatureEngine},
    jose::{
        Algorithm, JwkSet, PublicKey, UntrustedJws, VerifiedJws,
        algorithm::{ALGORITHMS, ES256, RS256, Scheme},
        verify,
    },
};
use serde_json::{Value, json};

use crate::signing::{Key, decode, encode, key_set};

fn keys() -> JwkSet {
    JwkSet::parse(key_set().as_bytes(), &FastEngine).unwrap()
}

fn check_with(token: &str, allowed: &[&'static Algorithm]) -> Result<VerifiedJws, Error> {
    verify(&UntrustedJws::parse(token)?, &keys(), allowed, &FastEngine)
}

fn check(token: &str) -> Result<VerifiedJws, Error> {
    check_with(token, ALGORITHMS)
}

fn claims() -> Value {
    json!({"sub": "ada"})
}

#[test]
fn a_good_signature_lets_the_claims_be_read() {
    for key in Key::BOTH {
        let verified = check(&key.sign(&claims())).unwrap();
        assert_eq!(verified.payload(), br#"{"sub":"ada"}"#);
        assert_eq!(verified.header().kid(), Some(key.kid()));
    }
}

/// Red when the signature check is left out.
#[test]
fn another_payload_under_the_same_signature_is_refused() {
    for key in Key::BOTH {
        let token = key.sign(&claims());
        let segments: Vec<&str> = token.split('.').collect();
        let forged = format!("{}.{}.{}", segments[0], encode(br#"{"sub":"root"}"#), segments[2]);
        assert_eq!(check(&forged).unwrap_err(), Error::SignatureInvalid);
        let header = encode(json!({"alg": key.alg(), "kid": key.kid()}).to_string().as_bytes());
        let other_header = format!("{header}.{}.{}", segments[1], segments[2]);
        assert_eq!(check(&other_header).unwrap_err(), Error::SignatureInvalid);
    }
}

/// Attack classes 1 and 16: blank, cut, extended and zero signatures; one of another key.
#[test]
fn every_other_signature_is_refused() {
    for key in Key::BOTH {
        let token = key.sign(&claims());
        let (input, signature) = token.rsplit_once('.').unwrap();
        let signature = decode(signature);
        let zero = vec![0; signature.len()];
        let ones = vec![0xff; signature.len()];
        let cut = signature[..signature.len() - 1].to_vec();
        let extended = [signature.as_slice(), &[0]].concat();
        let zero_first = [&[0], signature.as_slice()].concat();
        let flipped = {
            let mut s = signature.clone();
            s[10] ^= 1;
            s
        };
        for other in [zero, ones, cut, extended, zero_first, flipped, vec![0]] {
            let forged = format!("{input}.{}", encode(&other));
            assert_eq!(check(&forged).unwrap_err(), Error::SignatureInvalid, "{} bytes", other.len());
        }
    }
    let header = json!({"alg": "ES256", "kid": "ec-1"});
    let by_rsa = Key::Rsa.sign_with(&header, &claims());
    assert_eq!(check(&by_rsa).unwrap_err(), Error::SignatureInvalid);
}

/// Attack class 5: r and s of 0, 1, n − 1, n and the greatest number.
#[test]
fn psychic_signatures_are_refused() {
    let order = decode("_____wAAAAD__________7zm-q2nF56E87nKwvxjJVE");
    let number = |last: u8| {
        let mut n = vec![0; 32];
        n[31] = last;
        n
    };
    let order_less_one = {
        let mut n = order.clone();
        n[31] -= 1;
        n
    };
    let numbers = [number(0), number(1), order_less_one, order, vec![0xff; 32]];
    let token = Key::Ec.sign(&claims());
    let (input, _) = token.rsplit_once('.').unwrap();
    for r in &numbers {
        for s in &numbers {
            let forged = format!("{input}.{}", encode(&[r.as_slice(), s.as_slice()].concat()));
            assert_eq!(check(&forged).unwrap_err(), Error::SignatureInvalid);
        }
    }
}

/// RFC 8725 section 3.1.
#[test]
fn an_algorithm_that_is_not_allowed_is_refused_though_the_key_is_there() {
    for (key, allowed) in [(Key::Rsa, &ES256), (Key::Ec, &RS256)] {
        let token = key.sign(&claims());
        assert_eq!(check_with(&token, &[allowed]).unwrap_err(), Error::AlgorithmNotAllowed);
        assert_eq!(check_with(&token, &[]).unwrap_err(), Error::AlgorithmNotAllowed);
    }
}

/// Attack class 6: a key that comes with the token is never looked at.
#[test]
fn an_embedded_key_proves_nothing() {
    for parameter in ["jwk", "jku", "x5u", "x5c"] {
        let value = if parameter == "jwk" { Key::Ec.jwk() } else { json!("https://evil.example/keys") };
        let header = json!({"alg": "ES256", "kid": "attacker", parameter: value});
        assert_eq!(check(&Key::Ec.sign_with(&header, &claims())).unwrap_err(), Error::KeyUnknown, "{parameter}");
    }
}

/// Engines see the message and the signature only after algorithm and key are settled.
#[test]
fn the_engine_decides_about_the_signature_alone() {
    struct Never;
    impl SignatureEngine for Never {
        fn accepts_key(&self, _: &PublicKey) -> bool {
            true
        }
        fn verify(&self, _: Scheme, _: &PreparedKey, _: &[u8], _: &[u8]) -> Result<(), InvalidSignature> {
            Err(InvalidSignature)
        }
        fn admits(&self, _: Scheme, _: &PublicKey, _: &[u8]) -> bool {
            true
        }
    }
    let jws = UntrustedJws::parse(&Key::Ec.sign(&claims())).unwrap();
    assert_eq!(verify(&jws, &keys(), ALGORITHMS, &Never).unwrap_err(), Error::SignatureInvalid);
}

/// Attack class 35: claims are personal data.
#[test]
fn debug_output_shows_no_claim() {
    let shown = format!("{:?}", check(&Key::Ec.sign(&json!({"sub": "SECRET-PERSON"}))).unwrap());
    assert!(shown.contains("ES256") && !shown.contains("SECRET-PERSON"), "{shown}");
}
