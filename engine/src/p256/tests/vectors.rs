//! Other people's signatures and keys, as the repository carries them (see `tests/vectors/README.md`).

use alloc::{
    collections::BTreeMap,
    format,
    string::{String, ToString},
    vec::Vec,
};

use edgeward::jose::base64url;
use flate2::read::GzDecoder;
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::std::{fs, io::Read};
use crate::p256::{Generator, Multiplicand, Point, Table, verify};

/// The rows of a file that are about ES256.
fn rows(file: &str) -> Vec<Value> {
    let path = format!("{}/../tests/vectors/{file}", env!("CARGO_MANIFEST_DIR"));
    let bytes = fs::read(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
    let mut text = String::new();
    GzDecoder::new(bytes.as_slice()).read_to_string(&mut text).expect("gzip");
    let rows = text.lines().map(|line| serde_json::from_str::<Value>(line).expect("JSON"));
    rows.filter(|row| row["alg"] == "ES256").collect()
}

/// The row's key, if it is one on P-256.
fn key(row: &Value) -> Option<Point> {
    let jwk = &row["jwk"];
    let coordinate = |name: &str| -> Option<[u8; 32]> { base64url::decode(jwk[name].as_str()?)?.try_into().ok() };
    (jwk["kty"] == "EC" && jwk["crv"] == "P-256")
        .then(|| Point::from_coordinates(&coordinate("x")?, &coordinate("y")?))
        .flatten()
}

fn octets(row: &Value, name: &str) -> Vec<u8> {
    let hex = row[name].as_str().expect("hexadecimal digits").as_bytes();
    hex.chunks(2).map(|pair| u8::from_str_radix(str::from_utf8(pair).expect("ASCII"), 16).expect("a byte")).collect()
}

fn is_valid(row: &Value) -> bool {
    match row["expect"].as_str() {
        Some("valid") => true,
        Some("invalid") => false,
        other => panic!("{other:?} in {row}"),
    }
}

/// Each signature without tables, and with those of G and of the key.
fn judge_signatures(file: &str, count: usize, valid: usize) {
    let rows = rows(file);
    assert_eq!(rows.len(), count, "{file} holds all rows");
    assert_eq!(rows.iter().filter(|row| is_valid(row)).count(), valid, "{file} holds all good ones");
    let generator = Generator::new();
    // A key's table takes longer than verifying, and most keys have several rows.
    let mut keys: BTreeMap<String, Option<(Point, Table)>> = BTreeMap::new();
    for row in rows {
        let prepared = keys.entry(row["jwk"].to_string()).or_insert_with(|| {
            let point = key(&row)?;
            Some((point, Table::new(&point)))
        });
        let digest = Sha256::digest(octets(&row, "message_hex")).into();
        let signature: Option<[u8; 64]> = octets(&row, "sig_hex").try_into().ok();
        let verdicts = prepared.as_ref().zip(signature).map_or([false; 2], |((point, table), signature)| {
            let holds = |key, generator| verify(key, generator, &digest, &signature);
            [holds(Multiplicand::Point(point), None), holds(Multiplicand::Table(table), Some(&generator))]
        });
        assert_eq!(verdicts, [is_valid(&row); 2], "{row}");
    }
}

#[test]
fn wycheproof_signatures() {
    judge_signatures("wycheproof_raw.jsonl.gz", 262, 173);
}

#[test]
fn wycheproof_signatures_of_other_parameters() {
    judge_signatures("wycheproof_cross.jsonl.gz", 951, 0);
}

#[test]
fn ring_and_nist_signatures() {
    judge_signatures("ring_nist_raw.jsonl.gz", 41, 21);
}

fn judge_keys(file: &str, count: usize, valid: usize) {
    let rows = rows(file);
    assert_eq!(rows.len(), count, "{file} holds all rows");
    assert_eq!(rows.iter().filter(|row| is_valid(row)).count(), valid, "{file} holds all good ones");
    for row in rows {
        assert_eq!(key(&row).is_some(), is_valid(&row), "{row}");
    }
}

#[test]
fn wycheproof_keys() {
    judge_keys("wycheproof_jwk_import.jsonl.gz", 333, 315);
}

#[test]
fn ring_keys() {
    judge_keys("ring_ecpub_import.jsonl.gz", 8, 4);
}
