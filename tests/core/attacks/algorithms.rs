//! Classes 1 to 4: whose choice the algorithm is.

use serde_json::{Value, json};

use crate::{
    forging::{hmac, public_key_texts},
    gate::{Door, headed, header_with, honest, refused_for, unsigned},
    outside::{AUDIENCE, ISSUER, JWKS_URL, claims, merged, policy},
    signing::{Key, decode, encode, key_set},
};

/// 9 spellings, with no signature, an empty one and a real one, under both keys' names and none.
#[test]
fn class_01_alg_none_in_every_spelling_is_refused() {
    let spellings = ["none", "None", "NONE", "nOnE", "none ", " none", "none\u{0}", "", "ｎｏｎｅ"];
    let signature = decode(honest(Key::Ec).rsplit_once('.').unwrap().1);
    let mut tokens = Vec::new();
    for spelling in spellings {
        for kid in [json!("ec-1"), json!("rsa-1"), Value::Null] {
            let header = header_with(Key::Ec, json!({"alg": spelling, "kid": kid}));
            tokens.extend([
                headed(Key::Ec, &header),
                unsigned(&header, &signature),
                unsigned(&header, &[]),
                unsigned(&header, &[0]),
            ]);
        }
    }
    assert_eq!(refused_for("algorithm_not_allowed", tokens), 9 * 3 * 4);
}

/// No `alg`, or one that is no string, must not fall back to anything; a blank signature is none.
#[test]
fn class_01_a_missing_alg_or_signature_is_refused() {
    let algs = [json!(null), json!(["none"]), json!(["ES256"]), json!(1), json!(false), json!({})];
    let tokens = algs.iter().map(|alg| {
        let mut header = header_with(Key::Ec, json!({}));
        header["alg"] = alg.clone();
        headed(Key::Ec, &header)
    });
    refused_for("header_invalid", tokens);
    refused_for("header_invalid", [headed(Key::Ec, &header_with(Key::Ec, json!({"alg": null})))]);
    let (input, _) = honest(Key::Ec).rsplit_once('.').map(|(a, b)| (a.to_owned(), b.to_owned())).unwrap();
    refused_for("token_malformed", [format!("{input}."), input]);
}

/// HS256, HS384 and HS512 keyed with the public key in each of its forms.
#[test]
fn class_02_hmac_keyed_with_the_public_key_is_refused() {
    let texts = public_key_texts(&Key::Rsa.jwk().to_string(), &key_set());
    let mut tokens = Vec::new();
    for alg in ["HS256", "HS384", "HS512"] {
        for (_, key) in &texts {
            for kid in [json!("rsa-1"), json!("ec-1"), Value::Null] {
                tokens.push(by_hmac(alg, &kid, key));
            }
        }
    }
    assert_eq!(refused_for("algorithm_not_allowed", tokens), 3 * 11 * 3);
}

/// The same with the algorithm spelt as if it were asymmetric, so that a forger who guesses the comparison gains nothing.
#[test]
fn class_02_an_hmac_in_place_of_a_signature_is_refused() {
    let texts = public_key_texts(&Key::Rsa.jwk().to_string(), &key_set());
    let tokens = texts.iter().flat_map(|(_, key)| {
        Key::BOTH.map(|named| {
            let header = header_with(named, json!({}));
            let token = unsigned(&header, &[]);
            let input = token.trim_end_matches('.');
            format!("{input}.{}", encode(&hmac("HS256", key, input.as_bytes())))
        })
    });
    assert_eq!(refused_for("signature_invalid", tokens), 22);
}

/// A `kid` that is not found must not fall to an empty key.
#[test]
fn class_03_hmac_with_an_empty_or_zero_key_is_refused() {
    let mut tokens = Vec::new();
    for alg in ["HS256", "HS384", "HS512"] {
        for key in [&[][..], &[0], &[0; 32], &[0; 64], b"null", b"undefined", b"secret"] {
            for kid in [json!("rsa-1"), json!("unknown"), json!(""), json!("../../dev/null"), Value::Null] {
                tokens.push(by_hmac(alg, &kid, key));
            }
        }
    }
    assert_eq!(refused_for("algorithm_not_allowed", tokens), 3 * 7 * 5);
}

/// A symmetric key in the issuer's set opens nothing, whatever it says of itself.
#[test]
fn class_03_a_symmetric_key_in_the_set_is_no_key() {
    for alg in ["HS256", "ES256", "RS256", "none"] {
        let oct = json!({"kty": "oct", "kid": "sym", "alg": alg, "k": ""});
        let mut door = Door::with_keys(json!({"keys": [oct, Key::Ec.jwk()]}).to_string());
        assert_eq!(door.refuses(&by_hmac("HS256", &json!("sym"), b"")), "algorithm_not_allowed");
        door.lets_through(&honest(Key::Ec));
    }
}

/// The header's `alg` does not overrule the key's, nor the issuer's list.
#[test]
fn class_04_the_keys_own_alg_and_the_issuers_list_decide() {
    let mut other_alg = Key::Rsa.jwk();
    for alg in ["RS384", "RS512", "PS256", "PS384", "PS512", "RSA-OAEP", "HS256", "none", "rs256"] {
        other_alg["alg"] = alg.into();
        let mut door = Door::with_keys(json!({"keys": [other_alg, Key::Ec.jwk()]}).to_string());
        assert_eq!(door.refuses(&honest(Key::Rsa)), "key_unknown", "{alg}");
        door.lets_through(&honest(Key::Ec));
    }
    let only_es256 = json!([{"issuer": ISSUER, "audience": AUDIENCE, "jwks_uri": JWKS_URL, "algorithms": ["ES256"]}]);
    let mut door = Door::of(&merged(policy(), json!({ "issuers": only_es256 })), key_set());
    assert_eq!(door.refuses(&honest(Key::Rsa)), "algorithm_not_allowed");
    door.lets_through(&honest(Key::Ec));
}

/// An `alg` of another family under the name of a key that is there.
#[test]
fn class_04_an_alg_for_another_type_of_key_finds_none() {
    let tokens = [(Key::Rsa, "ES256"), (Key::Ec, "RS256")]
        .map(|(key, alg)| headed(key, &header_with(key, json!({ "alg": alg }))));
    refused_for("key_unknown", tokens);
}

/// There is no unprotected header to take an `alg` from: the JSON serialization is no token (RFC 7515 section 7.2).
#[test]
fn class_04_an_unprotected_header_is_never_read() {
    let token = honest(Key::Ec);
    let parts: Vec<&str> = token.split('.').collect();
    let bare = encode(br#"{"typ":"at+jwt"}"#);
    refused_for("header_invalid", [format!("{bare}.{}.{}", parts[1], parts[2])]);
    for json in [
        json!({"payload": parts[1], "protected": parts[0], "signature": parts[2]}),
        json!({"payload": parts[1], "header": {"alg": "none"}, "signature": ""}),
        json!({"payload": parts[1], "signatures": [{"protected": bare, "header": {"alg": "ES256"}, "signature": parts[2]}]}),
    ] {
        let error = edgeward::jose::UntrustedJws::parse(&json.to_string()).unwrap_err();
        assert_eq!(error.code(), "token_malformed");
    }
}

fn by_hmac(alg: &str, kid: &Value, key: &[u8]) -> String {
    let header = merged(json!({"alg": alg, "typ": "at+jwt"}), json!({ "kid": kid }));
    let input = format!("{}.{}", encode(header.to_string().as_bytes()), encode(claims().to_string().as_bytes()));
    format!("{input}.{}", encode(&hmac(alg, key, input.as_bytes())))
}
