//! Classes 9, 10 and 34: header parameters that change what a token means, or what it costs.

use serde_json::{Value, json};

use crate::{
    gate::{Door, headed, header_with, honest, refused_for},
    outside::claims,
    signing::{Key, decode, encode},
};

/// 17 shapes of `crit` (RFC 7515 section 4.1.11): no extension is understood, so each is refused, known name or not.
#[test]
fn class_09_crit_in_every_shape_is_refused() {
    let shapes = [
        json!(["b64"]),
        json!(["exp"]),
        json!(["unknown"]),
        json!(["alg"]),
        json!(["kid"]),
        json!(["crit"]),
        json!([]),
        json!([""]),
        json!(["exp", "exp"]),
        json!([1]),
        json!([null]),
        json!([["exp"]]),
        json!("exp"),
        json!({}),
        json!(true),
        json!(1),
        json!(null),
    ];
    let mut tokens = Vec::new();
    for shape in &shapes {
        for extension in [json!({}), json!({"exp": 1, "unknown": true}), json!({"b64": true})] {
            let mut header = header_with(Key::Ec, extension);
            header["crit"] = shape.clone();
            tokens.push(headed(Key::Ec, &header));
        }
    }
    assert_eq!(refused_for("critical_header_unsupported", tokens), 17 * 3);
}

/// RFC 7797: an unencoded payload, with and without `crit`, raw or encoded.
#[test]
fn class_10_an_unencoded_payload_is_refused() {
    for b64 in [json!(false), json!(true), json!("false"), json!(0)] {
        let header = header_with(Key::Ec, json!({ "b64": b64 }));
        refused_for("header_invalid", [headed(Key::Ec, &header)]);
    }
    let with_crit = header_with(Key::Ec, json!({"b64": false, "crit": ["b64"]}));
    let encoded = encode(with_crit.to_string().as_bytes());
    let raw = format!("{encoded}.{}.{}", "Zm9v", encode(&[1; 64]));
    refused_for("critical_header_unsupported", [headed(Key::Ec, &with_crit), raw]);
}

/// The text of the payload segment is what counts, before any decoding: the size bypass of unencoded and detached forms.
#[test]
fn class_10_a_detached_or_oversize_payload_is_refused() {
    let token = honest(Key::Ec);
    let parts: Vec<&str> = token.split('.').collect();
    refused_for("token_malformed", [format!("{}.{}", parts[0], parts[2]), format!("{}..{}", parts[0], parts[2])]);
    // Signed with the empty payload, it holds, and is no claims set.
    refused_for("token_malformed", [Key::Ec.sign_texts(header_with(Key::Ec, json!({})).to_string().as_bytes(), b"")]);
    let big = format!("{}.{}.{}", parts[0], "A".repeat(16 * 1024), parts[2]);
    refused_for("token_too_large", [big]);
}

/// A header that asks for work: refused where it would change the meaning, and else it costs nothing, however large the number.
#[test]
fn class_34_compression_and_iteration_counts_cost_nothing() {
    for zip in [json!("DEF"), json!("def"), json!("GZIP"), json!(""), json!(null), json!(1)] {
        let mut header = header_with(Key::Ec, json!({}));
        header["zip"] = zip;
        refused_for("header_invalid", [headed(Key::Ec, &header)]);
    }
    let mut door = Door::new();
    for ignored in [
        json!({"p2c": 2_147_483_647}),
        json!({"p2c": u64::MAX, "p2s": "AAAA"}),
        json!({"p2c": -1}),
        json!({"p2c": "many"}),
        json!({"epk": {"kty": "EC", "crv": "P-256", "x": "AA", "y": "AA"}}),
        json!({"apu": "A".repeat(3_000)}),
        json!({"iv": "", "tag": ""}),
    ] {
        door.lets_through(&headed(Key::Ec, &header_with(Key::Ec, ignored)));
    }
    // With an algorithm of JWE they are no more than a name that is not in the table.
    let algs = ["PBES2-HS256+A128KW", "PBES2-HS512+A256KW", "RSA1_5", "RSA-OAEP", "ECDH-ES", "A256GCMKW", "dir"];
    let tokens = algs.map(|alg| headed(Key::Ec, &header_with(Key::Ec, json!({"alg": alg, "p2c": 2_147_483_647}))));
    assert_eq!(refused_for("algorithm_not_allowed", tokens), 7);
}

/// A payload that is a compressed bomb is no JSON, and is never unpacked.
#[test]
fn class_34_a_compressed_payload_is_not_unpacked() {
    use std::io::Write;
    let mut encoder = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::best());
    let padded = format!("{}{}", " ".repeat(4_000_000), claims());
    encoder.write_all(padded.as_bytes()).unwrap();
    let bomb = encoder.finish().unwrap();
    assert!(bomb.len() < 8_000);
    let header = header_with(Key::Ec, json!({})).to_string();
    refused_for("token_malformed", [Key::Ec.sign_texts(header.as_bytes(), &bomb)]);
}

/// RFC 7515 section 4: the header is one JSON object, and nothing like one.
#[test]
fn class_09_a_header_that_is_no_object_is_refused() {
    let headers = [
        "",
        "null",
        "[]",
        "\"ES256\"",
        "1",
        "{",
        "{}{}",
        "{\"alg\":\"ES256\"}x",
        "\u{feff}{\"alg\":\"ES256\"}",
        "{'alg':'ES256'}",
    ];
    let tokens = headers.map(|header| Key::Ec.sign_texts(header.as_bytes(), claims().to_string().as_bytes()));
    assert_eq!(refused_for("token_malformed", tokens), 10);
    let kept: Value = serde_json::from_slice(&decode(honest(Key::Ec).split('.').next().unwrap())).unwrap();
    assert_eq!(kept["alg"], "ES256");
}
