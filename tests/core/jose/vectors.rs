//! Signatures that others made: Wycheproof's and those of RFC 7515. See `tests/vectors/README.md`.

use edgeward::{
    crypto::{RustCrypto, SignatureEngine},
    jose::{Algorithm, Jwk, JwkSet, UntrustedJws, algorithm::ALGORITHMS, verify},
};
use serde_json::{Value, json};

const WYCHEPROOF: &str = include_str!("../../vectors/wycheproof_rs256_es256.jsonl");
const RFC7515: &str = include_str!("../../vectors/rfc7515.jsonl");

fn rows(file: &str) -> impl Iterator<Item = Value> {
    file.lines().map(|line| serde_json::from_str(line).expect("a row is JSON"))
}

fn text<'a>(row: &'a Value, name: &str) -> &'a str {
    row[name].as_str().unwrap_or_else(|| panic!("{name} in {}", row["id"]))
}

fn hex(text: &str) -> Vec<u8> {
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).expect("hex")).collect()
}

fn signature_holds(row: &Value) -> bool {
    let algorithm = Algorithm::by_name(text(row, "alg")).expect("an algorithm of the table");
    let Ok(jwk) = Jwk::parse(row["jwk"].to_string().as_bytes(), &RustCrypto) else {
        return false;
    };
    let (message, signature) = (hex(text(row, "message_hex")), hex(text(row, "sig_hex")));
    RustCrypto.verify(algorithm.scheme(), jwk.key(), &message, &signature).is_ok()
}

/// Attack classes 5, 13, 14 and 16; `s → n − s`, x(R) ≥ n, DER instead of `r || s`, forged paddings.
#[test]
fn wycheproof_signatures_get_the_verdict_of_their_label() {
    let mut counts = [0_usize; 3];
    let mut wrong = Vec::new();
    for row in rows(WYCHEPROOF) {
        let (class, expected) = match text(&row, "expect") {
            "valid" => (0, true),
            "invalid" => (1, false),
            "acceptable" => (2, false),
            other => panic!("unknown label {other}"),
        };
        counts[class] += 1;
        if signature_holds(&row) != expected {
            wrong.push(format!("{} ({}): expected {expected}", row["id"], row["why"]));
        }
    }
    assert!(wrong.is_empty(), "{} rows disagree:\n{}", wrong.len(), wrong.join("\n"));
    assert_eq!(counts, [204, 1_088, 4], "the file holds all rows: valid, invalid, acceptable");
}

fn key_set(row: &Value) -> JwkSet {
    JwkSet::parse(json!({"keys": [row["jwk"]]}).to_string().as_bytes(), &RustCrypto).expect("a set")
}

#[test]
fn rfc7515_tokens_verify() {
    for row in rows(RFC7515) {
        let jws = UntrustedJws::parse(text(&row, "token")).expect("well-formed");
        let verified = verify(&jws, &key_set(&row), &ALGORITHMS, &RustCrypto).expect("the signature holds");
        assert_eq!(verified.payload()["iss"], "joe");
        assert_eq!(verified.payload()["exp"], 1_300_819_380);
    }
}

/// A signature covers every bit of header and payload, and no bit of it may change.
#[test]
fn rfc7515_tokens_with_any_one_byte_changed_are_refused() {
    for row in rows(RFC7515) {
        let token = text(&row, "token");
        let keys = key_set(&row);
        for at in (0..token.len()).step_by(7) {
            let mut changed = token.to_owned().into_bytes();
            changed[at] = if changed[at] == b'A' { b'B' } else { b'A' };
            let changed = String::from_utf8(changed).expect("ASCII");
            let verdict = UntrustedJws::parse(&changed).and_then(|jws| verify(&jws, &keys, &ALGORITHMS, &RustCrypto));
            assert!(verdict.is_err(), "byte {at} of {}", row["id"]);
        }
    }
}
