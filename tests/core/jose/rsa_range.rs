//! An RSA signature is a number below the modulus (RFC 8017 section 5.2.2, step 1), so that s + n is not a second form of s.

use serde_json::Value;

use super::{
    judge::Verdict,
    rows::{rows, text},
    vectors::by_rust,
};

fn hexadecimal(text: &str) -> Vec<u8> {
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).expect("hexadecimal")).collect()
}

/// The sum of two big-endian numbers of one length; `None` where it is longer.
fn sum(one: &[u8], other: &[u8]) -> Option<String> {
    let mut carry = 0;
    let mut digits: Vec<String> = Vec::new();
    for (one, other) in one.iter().zip(other).rev() {
        let sum = u16::from(*one) + u16::from(*other) + carry;
        digits.push(format!("{:02x}", sum & 0xff));
        carry = sum >> 8;
    }
    digits.reverse();
    (carry == 0).then(|| digits.concat())
}

/// Every good signature of the vectors that has such a second form, in each scheme.
#[test]
fn a_signature_and_the_modulus_added_to_it_are_not_both_taken() {
    let mut tried = [0, 0];
    let verdict = |row: &Value| by_rust(&row.to_string()).verdict;
    for mut row in rows("wycheproof_raw.jsonl.gz") {
        let alg = text(&row, "alg").to_owned();
        let Some(scheme) = ["RS", "PS"].iter().position(|scheme| alg.starts_with(scheme)) else { continue };
        if text(&row, "expect") != "valid" {
            continue;
        }
        let signature = hexadecimal(text(&row, "sig_hex"));
        let n = crate::signing::decode(row["jwk"]["n"].as_str().expect("a modulus"));
        let Some(second) = sum(&signature, &n) else { continue };
        if tried[scheme] >= 20 || verdict(&row) != Verdict::Accepted {
            continue;
        }
        tried[scheme] += 1;
        row["sig_hex"] = second.into();
        assert_eq!(verdict(&row), Verdict::Refused("signature_invalid"), "{alg} {}", row["id"]);
    }
    if cfg!(feature = "all-algorithms") {
        assert_eq!(tried, [20, 20], "tried");
    }
}
