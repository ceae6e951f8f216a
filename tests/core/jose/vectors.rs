//! Signatures, keys and tokens that others made. See `tests/vectors/README.md`.
//!
//! Whatever is compiled in, every row has a verdict: one of an algorithm that is not there must be refused.

use std::io::Read;

use edgeward::{
    crypto::{RustCrypto, SignatureEngine},
    jose::{Algorithm, Jwk, JwkSet, UntrustedJws, algorithm::ALGORITHMS, verify},
};
use flate2::read::GzDecoder;
use serde_json::{Value, json};

const RFC7515: &str = include_str!("../../vectors/rfc7515.jsonl");

fn rows(file: &str) -> Vec<Value> {
    let path = format!("{}/tests/vectors/{file}", env!("CARGO_MANIFEST_DIR"));
    let bytes = std::fs::read(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
    let mut text = String::new();
    if file.strip_suffix(".gz").is_some() {
        GzDecoder::new(bytes.as_slice()).read_to_string(&mut text).expect("gzip");
    } else {
        text = String::from_utf8(bytes).expect("UTF-8");
    }
    text.lines().map(|line| serde_json::from_str(line).expect("a row is JSON")).collect()
}

fn text<'a>(row: &'a Value, name: &str) -> &'a str {
    row[name].as_str().unwrap_or_else(|| panic!("{name} in {}", row["id"]))
}

fn hex(text: &str) -> Vec<u8> {
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).expect("hex")).collect()
}

fn algorithm(row: &Value) -> Option<&'static Algorithm> {
    Algorithm::by_name(text(row, "alg"))
}

fn jwk(row: &Value) -> Option<Jwk> {
    let jwk = Jwk::parse(row["jwk"].to_string().as_bytes(), &RustCrypto).ok()?;
    (jwk.key().key_type() == algorithm(row)?.key_type()).then_some(jwk)
}

fn signature_holds(row: &Value) -> bool {
    let (Some(algorithm), Some(jwk)) = (algorithm(row), jwk(row)) else {
        return false;
    };
    let (message, signature) = (hex(text(row, "message_hex")), hex(text(row, "sig_hex")));
    RustCrypto.verify(algorithm.scheme(), jwk.key(), &message, &signature).is_ok()
}

/// Holds every row of a file against its label. "acceptable" rows are refused: see the README for what they are.
fn judge(file: &str, count: usize, holds: impl Fn(&Value) -> bool) {
    let rows = rows(file);
    assert_eq!(rows.len(), count, "{file} holds all rows");
    let mut wrong = Vec::new();
    for row in rows {
        let label = match text(&row, "expect") {
            "valid" => true,
            "invalid" | "acceptable" => false,
            other => panic!("unknown label {other}"),
        };
        let is_offered = algorithm(&row).is_some_and(Algorithm::is_available) && row["jwk"]["crv"] != "Ed448";
        let expected = label && is_offered;
        if holds(&row) != expected {
            wrong.push(format!("{} {} ({}): expected {expected}", row["id"], row["alg"], row["why"]));
        }
    }
    assert!(wrong.is_empty(), "{file}: {} rows disagree:\n{}", wrong.len(), wrong.join("\n"));
}

/// Attack classes 5, 13, 14 and 16; `s → n − s`, x(R) ≥ n, DER instead of `r || s`, forged paddings.
#[test]
fn wycheproof_signatures_get_the_verdict_of_their_label() {
    judge("wycheproof_raw.jsonl.gz", 5_241, signature_holds);
}

/// Signatures that are good under other parameters than those of the JOSE algorithm they are offered under.
#[test]
fn wycheproof_signatures_of_other_parameters_get_the_verdict_of_their_label() {
    judge("wycheproof_cross.jsonl.gz", 3_750, signature_holds);
}

/// NIST CAVP and `BoringSSL` cases, as ring carries them.
#[test]
fn ring_and_nist_signatures_get_the_verdict_of_their_label() {
    judge("ring_nist_raw.jsonl.gz", 818, signature_holds);
}

/// "Taming the many EdDSAs": small orders, non-canonical encodings, cofactors.
#[test]
fn ed25519_corner_cases_get_the_verdict_of_their_label() {
    judge("ed25519_speccheck.jsonl", 12, signature_holds);
}

/// Attack class 15.
#[test]
fn wycheproof_keys_get_the_verdict_of_their_label() {
    judge("wycheproof_jwk_import.jsonl.gz", 1_735, |row| jwk(row).is_some());
    judge("ring_ecpub_import.jsonl.gz", 15, |row| jwk(row).is_some());
}

fn key_set(row: &Value) -> JwkSet {
    let set = row.get("jwks").cloned().unwrap_or_else(|| json!({"keys": [row["jwk"]]}));
    JwkSet::parse(set.to_string().as_bytes(), &RustCrypto).expect("a set")
}

#[test]
fn rfc7515_tokens_verify() {
    for row in RFC7515.lines().map(|line| serde_json::from_str::<Value>(line).expect("JSON")) {
        let jws = UntrustedJws::parse(text(&row, "token")).expect("well-formed");
        let verified = verify(&jws, &key_set(&row), ALGORITHMS, &RustCrypto).expect("the signature holds");
        let payload: Value = serde_json::from_slice(verified.payload()).expect("JSON");
        assert_eq!((&payload["iss"], &payload["exp"]), (&json!("joe"), &json!(1_300_819_380)));
    }
}

/// A signature covers every bit of header and payload, and no bit of it may change.
#[test]
fn rfc7515_tokens_with_any_one_byte_changed_are_refused() {
    for row in RFC7515.lines().map(|line| serde_json::from_str::<Value>(line).expect("JSON")) {
        let token = text(&row, "token");
        let keys = key_set(&row);
        for at in (0..token.len()).step_by(7) {
            let mut changed = token.to_owned().into_bytes();
            changed[at] = if changed[at] == b'A' { b'B' } else { b'A' };
            let changed = String::from_utf8(changed).expect("ASCII");
            let verdict = UntrustedJws::parse(&changed).and_then(|jws| verify(&jws, &keys, ALGORITHMS, &RustCrypto));
            assert!(verdict.is_err(), "byte {at} of {}", row["id"]);
        }
    }
}
