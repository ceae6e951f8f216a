//! The third-party rows of RSA, by label: those of an optimised build all, of another one a part, as ours is slow there.

extern crate std;

use alloc::{format, string::String, vec::Vec};
use std::{fs, io::Read};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use flate2::read::GzDecoder;
use serde_json::Value;

use super::{
    flaws::Scheme,
    verdicts::{ours, rustcrypto, vectors_agree},
};
use crate::{
    MIN_RSA_MODULUS_BITS,
    rsa::{Key, number},
};

fn rows(file: &str) -> Vec<Value> {
    let path = format!("{}/../tests/vectors/{file}", env!("CARGO_MANIFEST_DIR"));
    let mut text = String::new();
    GzDecoder::new(fs::read(path).expect("the file").as_slice()).read_to_string(&mut text).expect("gzip");
    let rows = text.lines().map(|row| serde_json::from_str::<Value>(row).expect("JSON"));
    rows.filter(|row| scheme(row).is_some()).collect()
}

fn scheme(row: &Value) -> Option<Scheme> {
    let (family, hash_bits) = row["alg"].as_str()?.split_at_checked(2)?;
    let is_pss = match family {
        "RS" => false,
        "PS" => true,
        _ => return None,
    };
    Some(Scheme { is_pss, hash_bits: hash_bits.parse().ok()? })
}

fn hexadecimal(text: &Value) -> Vec<u8> {
    let text = text.as_str().expect("hexadecimal digits");
    let digits = text.as_bytes().as_chunks::<2>().0.iter();
    digits.map(|octet| u8::from_str_radix(str::from_utf8(octet).unwrap(), 16).unwrap()).collect()
}

/// Judges every `step`th row, of moduli over 4,096 bits every sixteenth of those, and by vectors every `step`th again.
fn judge(file: &str, count: usize, step: usize) {
    let rows = rows(file);
    assert_eq!(rows.len(), count, "{file} holds all rows of RSA");
    let mut key: Option<(Vec<u8>, Vec<u8>, Option<Key>)> = None;
    for (place, row) in rows.iter().enumerate().step_by(step) {
        let member =
            |name: &str| URL_SAFE_NO_PAD.decode(row["jwk"][name].as_str().unwrap_or_default()).expect("base64url");
        let (n, e) = (member("n"), member("e"));
        let bits = number::bit_length(&n);
        if step > 1 && bits > 4096 && !(place / step).is_multiple_of(16) {
            continue;
        }
        if key.as_ref().is_none_or(|(known_n, known_e, _)| *known_n != n || *known_e != e) {
            key = Some((n.clone(), e.clone(), Key::new(&n, &e)));
        }
        let key = key.as_ref().and_then(|(_, _, key)| key.as_ref());
        assert_eq!(key.is_some(), (2048..=8192).contains(&bits) && e != [1] && number::bit_length(&e) <= 33, "{row}");
        let (scheme, message) = (scheme(row).unwrap(), hexadecimal(&row["message_hex"]));
        let signature = hexadecimal(&row["sig_hex"]);
        let holds = row["expect"] == "valid";
        assert_eq!(ours(key, scheme, &message, &signature), holds, "{row}");
        // The policy for short keys is the crate's, not RustCrypto's.
        if bits >= MIN_RSA_MODULUS_BITS {
            assert_eq!(rustcrypto(&n, &e, scheme, &message, &signature), holds, "RustCrypto: {row}");
        }
        if let Some(key) = key
            && (place / step).is_multiple_of(step)
        {
            assert!(vectors_agree(key, &n, &e, &signature), "{row}");
        }
    }
}

const STEP: usize = if cfg!(debug_assertions) { 13 } else { 1 };

#[test]
fn wycheproof_signatures() {
    judge("wycheproof_raw.jsonl.gz", 3_891, STEP);
}

#[test]
fn wycheproof_signatures_of_other_parameters() {
    judge("wycheproof_cross.jsonl.gz", 1_269, STEP);
}

#[test]
fn ring_and_nist_signatures() {
    judge("ring_nist_raw.jsonl.gz", 217, 1);
}
