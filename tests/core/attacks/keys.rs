//! Classes 6, 7, 8, 14, 15 and 28: which key a token is checked with, and which keys are none.

use serde_json::{Value, json};

use crate::{
    gate::{Door, headed, header_with, honest, refused_for},
    outside::merged,
    signing::{EC_X, EC_Y, Key, RSA_N, decode, encode},
};

fn set(keys: &[Value]) -> String {
    json!({ "keys": keys }).to_string()
}

fn named(key: Key, kid: &Value) -> Value {
    merged(key.jwk(), json!({ "kid": kid }))
}

/// The attacker signs with a key of their own and sends it along, in each of the places there are. The door asserts that nobody but
/// the issuer's own key set is ever asked.
#[test]
fn class_06_a_key_that_comes_with_the_token_is_never_used() {
    // The gate knows the RSA key alone, so the EC key is the attacker's.
    let mut door = Door::with_keys(set(&[Key::Rsa.jwk()]));
    let certificate = json!(["MIIBszCCAVmgAwIBAgIU"]);
    for kid in [json!("rsa-1"), json!("ec-1"), json!("attacker"), Value::Null] {
        for (parameter, value) in [
            ("jwk", Key::Ec.jwk()),
            ("jwk", json!({"keys": [Key::Ec.jwk()]})),
            ("jwk", json!(Key::Ec.jwk().to_string())),
            ("jku", json!("https://evil.example/jwks")),
            ("jku", json!("https://as.example/jwks")),
            ("jku", json!("https://as.example@evil.example/jwks")),
            ("jku", json!("file:///etc/passwd")),
            ("x5u", json!("https://evil.example/cert.pem")),
            ("x5c", certificate.clone()),
            ("x5t", json!("AAAA")),
            ("x5t#S256", json!("AAAA")),
            ("keys", json!([Key::Ec.jwk()])),
        ] {
            let header = header_with(Key::Ec, json!({ "kid": kid, parameter: value }));
            assert_eq!(door.refuses(&headed(Key::Ec, &header)), "key_unknown", "{parameter}, {kid}");
        }
    }
    // Beside a good signature they are ignored.
    let mut door = Door::with_keys(set(&[Key::Rsa.jwk()]));
    for parameter in ["jku", "x5u", "x5c", "x5t", "jwk"] {
        door.lets_through(&headed(Key::Rsa, &header_with(Key::Rsa, json!({ parameter: Key::Ec.jwk() }))));
    }
}

/// 19 kids against a set of two keys: a kid is compared, never interpreted.
#[test]
fn class_07_a_kid_that_is_injected_finds_no_key() {
    let kids = [
        "",
        "*",
        "%",
        "ec-1 ",
        " ec-1",
        "EC-1",
        "ec-1\u{0}",
        "ec-1\n",
        "../../../dev/null",
        "/dev/null",
        "file:///dev/null",
        "x' UNION SELECT 'key",
        "' OR '1'='1",
        "ec-1;rsa-1",
        "$(id)",
        "|/usr/bin/id",
        "__proto__",
        "https://evil.example/jwk",
        "ｅc-1",
    ];
    let tokens = kids.map(|kid| headed(Key::Ec, &header_with(Key::Ec, json!({ "kid": kid }))));
    assert_eq!(refused_for("key_unknown", tokens), 19);
}

/// Huge, and of every other type.
#[test]
fn class_07_a_kid_that_is_huge_or_no_string_is_refused() {
    let kids = [
        json!("k".repeat(257)),
        json!("k".repeat(5_000)),
        json!(1),
        json!(0),
        json!(true),
        json!(["ec-1"]),
        json!({"ec-1": 1}),
        json!(1.5),
    ];
    let tokens = kids.map(|kid| headed(Key::Ec, &header_with(Key::Ec, json!({ "kid": kid }))));
    assert_eq!(refused_for("header_invalid", tokens), 8);
    let null = Key::Ec.sign_texts(br#"{"alg":"ES256","typ":"at+jwt","kid":null}"#, b"{}");
    refused_for("header_invalid", [null]);
}

/// OIDC Core section 10.1: without a `kid` exactly one key may fit; with one exactly one key has it.
#[test]
fn class_08_a_kid_that_is_missing_or_twice_is_no_guess() {
    let without_kid = headed(Key::Ec, &header_with(Key::Ec, json!({"kid": null})));
    let with_kid = honest(Key::Ec);
    let (own, other, bare) = (Key::Ec.jwk(), named(Key::Ec, &json!("ec-2")), named(Key::Ec, &Value::Null));
    for (keys, token, reason) in [
        (vec![own.clone()], &without_kid, None),
        (vec![own.clone(), Key::Rsa.jwk()], &without_kid, None),
        (vec![bare.clone()], &without_kid, None),
        (vec![own.clone(), other.clone()], &without_kid, Some("key_ambiguous")),
        (vec![own.clone(), bare.clone()], &without_kid, Some("key_ambiguous")),
        (vec![bare.clone(), bare.clone()], &without_kid, Some("key_ambiguous")),
        (vec![Key::Rsa.jwk()], &without_kid, Some("key_unknown")),
        (vec![own.clone(), other.clone()], &with_kid, None),
        (vec![own.clone(), named(Key::Rsa, &json!("ec-1"))], &with_kid, None),
        (vec![own.clone(), own.clone()], &with_kid, Some("key_ambiguous")),
        (vec![other], &with_kid, Some("key_unknown")),
        (vec![bare], &with_kid, Some("key_unknown")),
        (vec![named(Key::Rsa, &json!("ec-1"))], &with_kid, Some("key_unknown")),
    ] {
        let mut door = Door::with_keys(set(&keys));
        match reason {
            None => door.lets_through(token),
            Some(reason) => assert_eq!(door.refuses(token), reason, "{keys:?}"),
        }
    }
}

/// A key that is refused when the set is read verifies nothing, while its neighbour does.
fn is_no_key(key: Key, jwk: &Value) {
    let neighbour = if key == Key::Ec { Key::Rsa } else { Key::Ec };
    let mut door = Door::with_keys(set(&[jwk.clone(), neighbour.jwk()]));
    assert_eq!(door.refuses(&honest(key)), "key_unknown", "{jwk}");
    door.lets_through(&honest(neighbour));
}

/// RFC 7518 section 3.3: e = 1 makes every padding its own signature, an even e or n is no key, and under 2048 bits it is too weak.
#[test]
fn class_14_a_weak_rsa_key_is_no_key() {
    let modulus = decode(RSA_N);
    let mut even = modulus.clone();
    even[255] &= 0xfe;
    let mut bits_2047 = modulus.clone();
    bits_2047[0] &= 0x7f;
    let mut bits_1024 = modulus[..128].to_vec();
    bits_1024[127] |= 1;
    let moduli = [
        even,
        bits_2047,
        bits_1024,
        modulus[..64].to_vec(),
        vec![3],
        vec![],
        [&[0], modulus.as_slice()].concat(),
        modulus.repeat(5),
    ];
    for n in moduli {
        is_no_key(Key::Rsa, &merged(Key::Rsa.jwk(), json!({ "n": encode(&n) })));
    }
    for e in [
        &[][..],
        &[0],
        &[1],
        &[2],
        &[4],
        &[1, 0, 0],
        &[0, 1, 0, 1],
        &[2, 0, 0, 0, 1, 1],
        &[0xff; 9],
        modulus.as_slice(),
    ] {
        is_no_key(Key::Rsa, &merged(Key::Rsa.jwk(), json!({ "e": encode(e) })));
    }
}

/// 59 keys that are no point of P-256: off the curve, at infinity, out of the field, of another curve, of another size. Wycheproof's
/// own are among the vectors.
#[test]
fn class_15_a_point_that_is_none_of_the_curve_is_no_key() {
    let (x, y) = (decode(EC_X), decode(EC_Y));
    let field = decode("_____wAAAAEAAAAAAAAAAAAAAAD_______________8");
    let (zero, ones) = (vec![0; 32], vec![0xff; 32]);
    let mut points = vec![
        (y.clone(), x.clone()),
        (x.clone(), x.clone()),
        (zero.clone(), zero.clone()),
        (zero.clone(), y.clone()),
        (x.clone(), zero.clone()),
        (field.clone(), y.clone()),
        (x.clone(), field.clone()),
        (field.clone(), field),
        (ones.clone(), ones.clone()),
        (x.clone(), ones),
        (vec![], vec![]),
        (x.clone(), vec![]),
        (vec![], y.clone()),
        (x.clone(), y[1..].to_vec()),
        (x[1..].to_vec(), y.clone()),
        (x.clone(), [&[0], y.as_slice()].concat()),
        ([&[0], x.as_slice()].concat(), y.clone()),
        (x.clone(), [y.as_slice(), &[0]].concat()),
        ([&[4], x.as_slice(), y.as_slice()].concat(), y.clone()),
        ([&[2], x.as_slice()].concat(), zero),
        (x.repeat(2), y.repeat(2)),
    ];
    for at in 0..32 {
        let mut off = y.clone();
        off[at] ^= 1 << (at % 8);
        points.push((x.clone(), off));
    }
    let mut count = points.len();
    for (x, y) in points {
        is_no_key(Key::Ec, &merged(Key::Ec.jwk(), json!({"x": encode(&x), "y": encode(&y)})));
    }
    for crv in [json!("P-384"), json!("P-521"), json!("secp256k1"), json!("p-256"), json!(256), Value::Null] {
        is_no_key(Key::Ec, &merged(Key::Ec.jwk(), json!({ "crv": crv })));
        count += 1;
    }
    assert_eq!(count, 59);
}

/// Junk of every type before and behind a good key; a set in which every key but one is junk.
#[test]
fn class_28_one_bad_key_does_not_spoil_the_set() {
    let junk = [
        json!(null),
        json!(0),
        json!("x"),
        json!([]),
        json!({}),
        json!({"kty": null}),
        json!({"kty": "oct", "k": "AAAA"}),
        json!({"kty": "EC", "crv": "Ed448"}),
        json!({"kty": "RSA", "n": "AQAB", "e": "AQAB"}),
        json!({"kty": "AKP", "alg": "ML-DSA-44"}),
        json!([[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]),
        merged(Key::Ec.jwk(), json!({"d": "AA"})),
        merged(Key::Ec.jwk(), json!({"use": "enc"})),
    ];
    for bad in &junk {
        Door::with_keys(set(&[bad.clone(), Key::Ec.jwk(), bad.clone()])).lets_through(&honest(Key::Ec));
    }
    let all: Vec<_> = junk.iter().cloned().chain([Key::Ec.jwk()]).chain(junk.iter().cloned()).collect();
    Door::with_keys(set(&all)).lets_through(&honest(Key::Ec));
}
