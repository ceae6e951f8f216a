//! `use`, `key_ops` and `alg` of a key, and that they don't contradict each other (RFC 7517 sections 4.2 to 4.4).

use edgeward::{
    Error,
    jose::{Algorithm, Jwk, algorithm::ALGORITHMS},
};
use serde_json::{Value, json};

use crate::{engine::TakesAll, signing::Key};

fn parse(members: &Value) -> Result<Jwk, Error> {
    let mut jwk = Key::Rsa.jwk();
    for member in ["use", "alg", "kid"] {
        jwk.as_object_mut().unwrap().remove(member);
    }
    for (name, value) in members.as_object().unwrap() {
        jwk[name] = value.clone();
    }
    Jwk::parse(jwk.to_string().as_bytes(), &TakesAll)
}

#[test]
fn a_key_for_signatures_is_taken_however_it_says_so() {
    for members in [
        json!({}),
        json!({"use": "sig"}),
        json!({"key_ops": ["verify"]}),
        json!({"key_ops": ["sign", "verify"]}),
        json!({"key_ops": ["verify", "encrypt", "vendor.example/op"]}),
        json!({"use": "sig", "key_ops": ["verify"]}),
        json!({"use": "sig", "key_ops": ["verify", "sign"]}),
    ] {
        assert!(parse(&members).is_ok(), "{members}");
    }
}

/// RFC 7517 section 4.3: where both are there they must say the same; nothing may stand in `key_ops` twice.
#[test]
fn a_key_for_something_else_or_of_two_minds_is_refused() {
    for members in [
        json!({"use": "enc"}),
        json!({"use": ""}),
        json!({"use": "Sig"}),
        json!({"use": "sig enc"}),
        json!({"use": null}),
        json!({"use": ["sig"]}),
        json!({"key_ops": []}),
        json!({"key_ops": null}),
        json!({"key_ops": {}}),
        json!({"key_ops": "verify"}),
        json!({"key_ops": ["sign"]}),
        json!({"key_ops": ["Verify"]}),
        json!({"key_ops": ["encrypt", "wrapKey"]}),
        json!({"key_ops": ["verify", "verify"]}),
        json!({"key_ops": ["verify", null]}),
        json!({"key_ops": ["verify", ["verify"]]}),
        json!({"use": "sig", "key_ops": ["verify", "encrypt"]}),
        json!({"use": "sig", "key_ops": ["verify", "deriveKey"]}),
        json!({"use": "sig", "key_ops": ["sign"]}),
        json!({"use": "enc", "key_ops": ["verify"]}),
    ] {
        assert!(matches!(parse(&members), Err(Error::KeyUnusable { .. })), "{members}");
    }
}

/// Attack class 4: a key says its algorithm, and no other algorithm of the same family may use it.
#[test]
fn a_key_is_good_for_its_own_algorithm_alone() {
    let rsa = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512"];
    for own in rsa {
        let key = parse(&json!({ "alg": own })).unwrap();
        for algorithm in ALGORITHMS {
            assert_eq!(key.fits_algorithm(algorithm), algorithm.name() == own, "{own} and {algorithm:?}");
        }
    }
    let open = parse(&json!({})).unwrap();
    let fitting: Vec<_> = ALGORITHMS.iter().filter(|algorithm| open.fits_algorithm(algorithm)).collect();
    assert_eq!(fitting.len(), rsa.len());
    for alg in ["none", "HS256", "rs256", "RS256 ", "", "RSA1_5", "RSA-OAEP", "ES256", "EdDSA", "RS1"] {
        assert!(matches!(parse(&json!({ "alg": alg })), Err(Error::KeyUnusable { .. })), "{alg:?}");
    }
    assert!(Algorithm::by_name("RS256").is_some());
}
