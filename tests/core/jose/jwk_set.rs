//! Key sets and the choice of one key (RFC 7517 section 5).

use edgeward::{
    Error,
    crypto::FastEngine,
    jose::{Header, JwkSet},
    limits,
};
use serde_json::{Value, json};

use crate::signing::{Key, key_set};

fn set(keys: &[Value]) -> JwkSet {
    JwkSet::parse(json!({ "keys": keys }).to_string().as_bytes(), &FastEngine).unwrap()
}

fn header(value: &Value) -> Header {
    Header::parse(value.to_string().as_bytes()).unwrap()
}

fn named(key: Key, kid: Option<&str>) -> Value {
    let mut jwk = key.jwk();
    jwk.as_object_mut().unwrap().remove("kid");
    if let Some(kid) = kid {
        jwk["kid"] = kid.into();
    }
    jwk
}

/// Attack class 28.
#[test]
fn an_unusable_key_beside_a_good_one_spoils_nothing() {
    let junk = [
        json!(null),
        json!(1),
        json!("x"),
        json!([]),
        json!({}),
        json!({"kty": "oct", "k": "AAAA"}),
        json!({"kty": "OKP", "crv": "Ed25519", "x": "AA"}),
        json!({"kty": "RSA", "n": "AQAB", "e": "AQAB"}),
    ];
    for bad in junk {
        let set = set(&[bad.clone(), Key::Ec.jwk(), bad.clone()]);
        assert_eq!((set.keys().len(), set.unusable()), (1, 2), "{bad}");
    }
    let deep = format!(r#"{{"keys":[{{"a":{}{}}},{}]}}"#, "[".repeat(100), "]".repeat(100), Key::Ec.jwk());
    assert_eq!(JwkSet::parse(deep.as_bytes(), &FastEngine).unwrap().keys().len(), 1);
    let duplicate = format!(r#"{{"keys":[{{"kty":"EC","kty":"EC"}},{}]}}"#, Key::Ec.jwk());
    assert_eq!(JwkSet::parse(duplicate.as_bytes(), &FastEngine).unwrap().keys().len(), 1);
}

#[test]
fn what_is_no_key_set_is_refused() {
    for text in [
        "",
        "{}",
        "[]",
        "null",
        r#"{"keys":{}}"#,
        r#"{"keys":null}"#,
        r#"{"keys":"x"}"#,
        "<html>",
        r#"{"keys":[]}{}"#,
        r#"{"keys":[],"keys":[]}"#,
    ] {
        let error = JwkSet::parse(text.as_bytes(), &FastEngine).unwrap_err();
        assert!(matches!(error, Error::KeySetMalformed { .. }), "{text}");
    }
    assert!(set(&[]).is_empty());
}

/// Attack class 29.
#[test]
fn a_set_is_bounded_in_bytes_and_keys() {
    let many = vec![json!(0); limits::MAX_KEY_SET_KEYS];
    assert_eq!(set(&many).unusable(), limits::MAX_KEY_SET_KEYS);
    let too_many = json!({"keys": vec![0; limits::MAX_KEY_SET_KEYS + 1]}).to_string();
    assert!(matches!(JwkSet::parse(too_many.as_bytes(), &FastEngine), Err(Error::KeySetMalformed { .. })));
    let mut large = key_set();
    large.push_str(&" ".repeat(limits::MAX_KEY_SET_BYTES - large.len()));
    assert!(!JwkSet::parse(large.as_bytes(), &FastEngine).unwrap().is_empty());
    large.push(' ');
    assert!(matches!(JwkSet::parse(large.as_bytes(), &FastEngine), Err(Error::KeySetMalformed { .. })));
}

/// Attack class 8.
#[test]
fn the_one_key_that_fits_is_selected() {
    let select =
        |keys: &[Value], token: &Value| set(keys).select(&header(token)).map(|key| key.kid().map(str::to_owned));
    let (a, b, bare) = (named(Key::Ec, Some("a")), named(Key::Ec, Some("b")), named(Key::Ec, None));
    let (es, es_a) = (json!({"alg": "ES256"}), json!({"alg": "ES256", "kid": "a"}));
    // With a kid: that key, of the type the algorithm needs.
    assert_eq!(select(&[a.clone(), b.clone()], &es_a), Ok(Some("a".into())));
    assert_eq!(select(&[named(Key::Rsa, Some("a")), a.clone()], &es_a), Ok(Some("a".into())), "same kid, other type");
    assert_eq!(select(std::slice::from_ref(&b), &es_a), Err(Error::KeyUnknown));
    assert_eq!(
        select(std::slice::from_ref(&bare), &es_a),
        Err(Error::KeyUnknown),
        "a key without kid is not the one named"
    );
    assert_eq!(select(&[a.clone(), a.clone()], &es_a), Err(Error::KeyAmbiguous));
    // Without: exactly one that fits.
    assert_eq!(select(std::slice::from_ref(&bare), &es), Ok(None));
    assert_eq!(select(&[a.clone(), named(Key::Rsa, Some("r"))], &es), Ok(Some("a".into())));
    assert_eq!(select(&[a.clone(), b], &es), Err(Error::KeyAmbiguous));
    assert_eq!(select(&[], &es), Err(Error::KeyUnknown));
    // The key's own alg must agree (attack class 4).
    assert_eq!(select(&[a], &json!({"alg": "RS256", "kid": "a"})), Err(Error::KeyUnknown));
}

/// Attack class 7: a kid is compared, never interpreted.
#[test]
fn hostile_kids_select_nothing() {
    let keys = set(&[Key::Rsa.jwk(), Key::Ec.jwk()]);
    for kid in [
        "",
        "*",
        "ec-1 ",
        "EC-1",
        "ec-1\u{0}",
        "../ec-1",
        "/dev/null",
        "' OR 1=1 --",
        "ec-1,rsa-1",
        "0",
        "null",
        "__proto__",
        "constructor",
        "https://evil.example/k",
        "%65c-1",
        "ec-",
        "ec-11",
        "ｅc-1",
        "|ls",
    ] {
        let token = header(&json!({"alg": "ES256", "kid": kid}));
        assert_eq!(keys.select(&token).map(|_| ()), Err(Error::KeyUnknown), "{kid:?}");
    }
}

/// RFC 9864 section 2.2: "Ed25519" is the fully-specified name of what "EdDSA" means on that curve, so either may name the key.
/// The key is that of RFC 8037 appendix A.2.
#[cfg(feature = "ed25519")]
#[test]
fn the_two_names_of_ed25519_are_one_algorithm() {
    let key = json!({"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"});
    for named in [None, Some("EdDSA"), Some("Ed25519")] {
        let mut key = key.clone();
        if let Some(alg) = named {
            key["alg"] = alg.into();
        }
        let keys = set(&[key]);
        for alg in ["EdDSA", "Ed25519"] {
            assert!(keys.select(&header(&json!({ "alg": alg }))).is_ok(), "{alg} with a key for {named:?}");
        }
        assert!(keys.select(&header(&json!({"alg": "ES256"}))).is_err());
    }
    let mut other = key;
    other["crv"] = "Ed448".into();
    assert!(set(&[other]).is_empty());
}
