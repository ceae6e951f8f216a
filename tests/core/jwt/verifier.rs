//! The paved path: signature first, then claims, with real signatures.

use edgeward::{
    Error, UnixTime, Verifier,
    crypto::FastEngine,
    jose::{Algorithm, JwkSet, UntrustedJws, algorithm::ES256, algorithm::RS256, verify},
    jwt::{Profile, validate},
};
use serde_json::json;

use crate::{
    signing::{Key, encode, key_set},
    tokens::{NOW, access_claims, access_rules, with},
};

fn keys() -> JwkSet {
    JwkSet::parse(key_set().as_bytes(), &FastEngine).unwrap()
}

fn check(token: &str, algorithms: &[&'static Algorithm]) -> Result<(), Error> {
    let verifier = Verifier::new(access_rules(), algorithms.iter().copied());
    verifier.verify(token, &keys(), UnixTime::from_seconds(NOW)).map(|_| ())
}

#[test]
fn a_good_token_of_either_algorithm_passes() {
    for key in Key::BOTH {
        assert_eq!(check(&key.sign(&access_claims()), &[&RS256, &ES256]), Ok(()));
    }
}

/// RFC 8725 section 3.1: the algorithms are the verifier's choice, and none means none.
#[test]
fn only_the_algorithms_it_was_given_are_taken() {
    for (key, own, other) in [(Key::Rsa, &RS256, &ES256), (Key::Ec, &ES256, &RS256)] {
        let token = key.sign(&access_claims());
        assert_eq!(check(&token, &[own]), Ok(()));
        assert_eq!(check(&token, &[other]), Err(Error::AlgorithmNotAllowed));
        assert_eq!(check(&token, &[]), Err(Error::AlgorithmNotAllowed));
    }
}

/// The signature comes before the claims: of a forged token nothing is said but that it is forged.
#[test]
fn a_forged_tokens_claims_are_not_judged() {
    let token = Key::Ec.sign(&access_claims());
    let segments: Vec<&str> = token.split('.').collect();
    for claims in [access_claims(), with(access_claims(), "exp", Some(json!(1))), json!({}), json!("x")] {
        let forged = format!("{}.{}.{}", segments[0], encode(format!(" {claims}").as_bytes()), segments[2]);
        assert_eq!(check(&forged, &[&ES256]), Err(Error::SignatureInvalid), "{claims}");
    }
    assert_eq!(check("a.b.c", &[&ES256]).unwrap_err().code(), "token_malformed");
    let verifier = Verifier::new(access_rules(), [&ES256]);
    let nobody = JwkSet::default();
    assert_eq!(verifier.verify(&token, &nobody, UnixTime::from_seconds(NOW)).unwrap_err(), Error::KeyUnknown);
}

/// It is `jose::verify` and `jwt::validate` one after the other, and nothing else.
#[test]
fn it_agrees_with_the_two_steps_by_hand() {
    for claims in [access_claims(), with(access_claims(), "aud", None), with(access_claims(), "exp", Some(json!(1)))] {
        let token = Key::Rsa.sign(&claims);
        let by_hand = verify(&UntrustedJws::parse(&token).unwrap(), &keys(), &[&RS256], &FastEngine)
            .and_then(|verified| validate(&verified, &access_rules(), UnixTime::from_seconds(NOW)));
        assert_eq!(check(&token, &[&RS256]), by_hand.map(|_| ()));
    }
}

#[test]
fn it_tells_its_rules_and_algorithms() {
    let verifier = Verifier::new(access_rules(), [&ES256, &RS256]);
    assert_eq!(verifier.rules().profile(), &Profile::AccessToken);
    let names: Vec<_> = verifier.algorithms().iter().map(|algorithm| algorithm.name()).collect();
    assert_eq!(names, ["ES256", "RS256"]);
}
