//! JWK thumbprints (RFC 7638).

use edgeward::jose::Jwk;
use serde_json::{Value, json};

use crate::{engine::TakesAll, signing::Key};

/// RFC 7638 section 3.1, RFC 9449 section 6.1, RFC 8037 appendix A.3; P-384 is the key of row wp-jwkimp-384-1 of Wycheproof and P-521
/// that of RFC 7520 section 3.1, both hashed with another implementation.
fn known_answers() -> [(Value, &'static str); 5] {
    [
        (
            json!({"kty": "RSA", "e": "AQAB", "n": "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw"}),
            "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs",
        ),
        (
            json!({"kty": "EC", "crv": "P-256", "x": "l8tFrhx-34tV3hRICRDY9zCkDlpBhF42UQUfWVAWBFs", "y": "9VE4jf_Ok_o64zbTTlcuNJajHmt6v9TDVrU0CdvGRDA"}),
            "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I",
        ),
        (
            json!({"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}),
            "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k",
        ),
        (
            json!({"kty": "EC", "crv": "P-384", "x": "eQpuBZ75pZQBYxg9SngJE10peRZD_EOi8X7ov2d6uE95G2SmvhWWn_oBLdkYXYeW", "y": "2blUuqinXoLfcRs7Vurf9rD2aMOya0sa6zCKH8wcaA0ymmcFAl8cmKC15b_LFjyq"}),
            "WPLtbvUMvk6aaJeKgAY3WKDZPs2LrQyf_isxQO50JMA",
        ),
        (
            json!({"kty": "EC", "crv": "P-521", "x": "AHKZLLOsCOzz5cY97ewNUajB957y-C-U88c3v13nmGZx6sYl_oJXu9A5RkTKqjqvjyekWF-7ytDyRXYgCF5cj0Kt", "y": "AdymlHvOiLxXkEhayXQnNCvDX4h9htZaCJN34kfmC6pV5OhQHiraVySsUdaQkAgDPrwQrJmbnX9cwlGfP-HqHZR1"}),
            "dHri3SADZkrush5HU_50AoRhcKFryN-PI6jPBtPL55M",
        ),
    ]
}

fn thumbprint(jwk: &Value) -> String {
    Jwk::parse(jwk.to_string().as_bytes(), &TakesAll).unwrap().key().thumbprint()
}

/// Every type of key, leading zero octets of a coordinate included (P-521).
#[test]
fn known_answers_of_every_type_of_key() {
    for (jwk, expected) in known_answers() {
        assert_eq!(thumbprint(&jwk), expected, "{jwk}");
    }
}

/// RFC 7638 section 3.2: optional members take no part, so nobody renames a key by adding them.
#[test]
fn optional_members_change_nothing() {
    for (jwk, expected) in known_answers() {
        let mut dressed = jwk;
        for (member, value) in [
            ("kid", json!("other")),
            ("use", json!("sig")),
            ("x5t", json!("x")),
            ("issuer", json!("https://i.example")),
        ] {
            dressed[member] = value;
        }
        assert_eq!(thumbprint(&dressed), expected);
    }
}

/// The order of members and white space in the document take no part either (RFC 7638 section 3.3).
#[test]
fn order_and_white_space_change_nothing() {
    let (key, expected) = &known_answers()[1];
    let (x, y) = (key["x"].as_str().unwrap(), key["y"].as_str().unwrap());
    let text = format!("{{ \"y\" : \"{y}\",\n\"kty\":\"EC\",\t\"x\":\"{x}\", \"crv\":\"P-2\\u0035\\u0036\" }}");
    assert_eq!(&Jwk::parse(text.as_bytes(), &TakesAll).unwrap().key().thumbprint(), expected);
}

#[test]
fn other_keys_have_other_thumbprints() {
    let mut all: Vec<String> = known_answers().iter().map(|(jwk, _)| thumbprint(jwk)).collect();
    all.extend(Key::BOTH.map(|key| thumbprint(&key.jwk())));
    let mut exponent = Key::Rsa.jwk();
    exponent["e"] = json!("Aw");
    all.push(thumbprint(&exponent));
    let mut swapped = Key::Ec.jwk();
    (swapped["x"], swapped["y"]) = (Key::Ec.jwk()["y"].clone(), Key::Ec.jwk()["x"].clone());
    all.push(thumbprint(&swapped));
    let count = all.len();
    all.sort();
    all.dedup();
    assert_eq!(all.len(), count);
}
