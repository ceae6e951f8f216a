//! Which JWKs may verify signatures (RFC 7517 section 4, RFC 7518 section 6).

use edgeward::{Error, crypto::FastEngine, jose::Jwk};
use serde_json::{Value, json};

use crate::engine::TakesAll;
use crate::signing::{EC_X, EC_Y, Key, RSA_N, decode, encode};

fn parse(jwk: &Value) -> Result<Jwk, Error> {
    Jwk::parse(jwk.to_string().as_bytes(), &FastEngine)
}

/// The key with one member replaced, or removed where `value` is null.
fn with(key: Key, member: &str, value: &Value) -> Value {
    let mut jwk = key.jwk();
    let members = jwk.as_object_mut().unwrap();
    if value.is_null() {
        members.remove(member);
    } else {
        members.insert(member.into(), value.clone());
    }
    jwk
}

fn refused(jwk: &Value) {
    let error = parse(jwk).expect_err(&jwk.to_string());
    assert!(matches!(error, Error::KeyUnusable { .. }), "{jwk}: {error:?}");
}

/// Whatever an engine would make of the key: what is not left to it.
fn refused_by_all(jwk: &Value) {
    refused(jwk);
    let error = Jwk::parse(jwk.to_string().as_bytes(), &TakesAll).expect_err(&jwk.to_string());
    assert!(matches!(error, Error::KeyUnusable { .. }), "{jwk}: {error:?}");
}

#[cfg(all(feature = "rs256", feature = "es256"))]
#[test]
fn good_keys_are_taken_with_and_without_optional_members() {
    for key in Key::BOTH {
        assert_eq!(parse(&key.jwk()).unwrap().kid(), Some(key.kid()));
        for member in ["kid", "use", "alg"] {
            parse(&with(key, member, &Value::Null)).unwrap();
        }
        parse(&with(key, "key_ops", &json!(["verify"]))).unwrap();
        parse(&with(key, "key_ops", &json!(["sign", "verify"]))).unwrap();
        parse(&with(key, "x5t", &json!("ignored"))).unwrap();
    }
}

/// An exponent of as many bits as there may be, the least one, and the usual one.
#[cfg(feature = "rs256")]
#[test]
fn odd_exponents_within_the_bound_are_taken() {
    for e in [&[3][..], &[1, 0, 1], &[1, 0, 0, 0, 1], &[1, 0xff, 0xff, 0xff, 0xff]] {
        parse(&with(Key::Rsa, "e", &json!(encode(e)))).unwrap();
    }
}

#[cfg(not(any(feature = "rs256", feature = "es256")))]
#[test]
fn without_an_algorithm_compiled_in_no_key_can_be_used() {
    for key in Key::BOTH {
        refused(&key.jwk());
    }
}

/// Attack class 40 in a key set: a key that shows private parts has been leaked.
#[test]
fn a_key_with_private_members_is_refused() {
    for key in Key::BOTH {
        for member in ["d", "p", "q", "dp", "dq", "qi", "oth", "k"] {
            refused(&with(key, member, &json!("AQAB")));
            refused(&with(key, member, &json!(1)));
        }
    }
}

/// RFC 7517 sections 4.2 to 4.4; attack class 4.
#[test]
fn a_key_for_another_use_is_refused() {
    for key in Key::BOTH {
        for (member, value) in [
            ("use", json!("enc")),
            ("use", json!("SIG")),
            ("use", json!(["sig"])),
            ("key_ops", json!(["sign"])),
            ("key_ops", json!([])),
            ("key_ops", json!("verify")),
            ("key_ops", json!(["verify", "verify"])),
            ("key_ops", json!(["verify", 1])),
            ("alg", json!("none")),
            ("alg", json!("HS256")),
            ("alg", json!("RSA-OAEP")),
            ("alg", json!(256)),
            ("kty", json!("oct")),
            ("kty", json!("rsa")),
            ("kty", json!("OKP")),
            ("kty", Value::Null),
            ("kid", json!(1)),
            ("kid", json!("k".repeat(257))),
        ] {
            refused(&with(key, member, &value));
        }
    }
    refused(&with(Key::Rsa, "alg", &json!("ES256")));
    refused(&with(Key::Ec, "alg", &json!("RS256")));
    refused(&with(Key::Rsa, "kty", &json!("EC")));
    refused(&with(Key::Ec, "kty", &json!("RSA")));
}

/// Attack class 14, RFC 7518 section 3.3 and section 2 (Base64urlUInt).
#[test]
fn weak_or_malformed_rsa_keys_are_refused() {
    let modulus = decode(RSA_N);
    let even = {
        let mut n = modulus.clone();
        *n.last_mut().unwrap() &= 0xfe;
        n
    };
    let short = {
        let mut n = modulus[..255].to_vec();
        n[254] |= 1;
        n
    };
    let bits_2047 = {
        let mut n = modulus.clone();
        n[0] &= 0x7f;
        n
    };
    let leading_zero = [&[0], modulus.as_slice()].concat();
    let huge = [modulus.as_slice(), modulus.as_slice(), modulus.as_slice(), modulus.as_slice(), &[1]].concat();
    for n in [even, short, bits_2047, leading_zero, huge, vec![], vec![0], vec![1]] {
        refused_by_all(&with(Key::Rsa, "n", &json!(encode(&n))));
    }
    for e in [&[][..], &[0], &[1], &[2], &[4], &[0, 3], &[1, 0, 0], &[2, 0, 0, 0, 1], &[1, 0, 0, 0, 0, 1]] {
        refused_by_all(&with(Key::Rsa, "e", &json!(encode(e))));
    }
    for text in [format!("{RSA_N}=="), format!("{RSA_N}\n"), RSA_N.replace('-', "+")] {
        refused(&with(Key::Rsa, "n", &json!(text)));
    }
    refused(&with(Key::Rsa, "n", &json!([1])));
    refused(&with(Key::Rsa, "e", &json!(65_537)));
    refused(&with(Key::Rsa, "e", &Value::Null));
}

/// Attack class 15, RFC 7518 section 6.2.1: on the curve, the named curve, coordinates of the full size.
#[test]
fn malformed_ec_keys_are_refused() {
    let (x, y) = (decode(EC_X), decode(EC_Y));
    let off_curve = {
        let mut y = y.clone();
        y[31] ^= 1;
        y
    };
    let short = y[1..].to_vec();
    let long = [&[0], y.as_slice()].concat();
    let zero = vec![0; 32];
    let field_prime = decode("_____wAAAAEAAAAAAAAAAAAAAAD_______________8");
    for value in [off_curve, short, long, zero.clone(), field_prime, vec![]] {
        refused(&with(Key::Ec, "y", &json!(encode(&value))));
    }
    let swapped = json!({"kty": "EC", "crv": "P-256", "x": encode(&y), "y": encode(&x)});
    refused(&swapped);
    refused(&json!({"kty": "EC", "crv": "P-256", "x": encode(&zero), "y": encode(&zero)}));
    for crv in [json!("P-384"), json!("p-256"), json!("secp256k1"), json!(256), Value::Null] {
        refused(&with(Key::Ec, "crv", &crv));
    }
    refused(&with(Key::Ec, "x", &Value::Null));
}

#[test]
fn a_key_that_is_no_strict_json_object_is_refused() {
    for text in ["", "null", "[]", "\"x\"", r#"{"kty":"RSA","kty":"RSA"}"#] {
        assert!(Jwk::parse(text.as_bytes(), &FastEngine).is_err(), "{text}");
    }
}

#[cfg(feature = "es256")]
#[test]
fn debug_output_shows_no_key() {
    let shown = format!("{:?}", parse(&Key::Ec.jwk()).unwrap());
    assert!(!shown.contains(EC_X) && !shown.contains("127"), "{shown}");
}
