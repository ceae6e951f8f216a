//! Classes 5, 14 and 16: signatures that a careless verifier takes. The full sets are the vectors of Wycheproof in the jose tests.

use sha2::{Digest, Sha256};

use crate::{
    forging::{p256_order, rsa_raw},
    gate::{honest, honest_header, refused_for, unsigned},
    signing::{Key, decode, encode},
};

const DIGEST_INFO: [u8; 19] =
    [0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0x04, 0x20];

/// r and s each of 0, 1, n − 1, n and 2²⁵⁶ − 1.
#[test]
fn class_05_psychic_signatures_are_refused() {
    let number = |last: u8| [vec![0; 31], vec![last]].concat();
    let order = p256_order();
    let less_one = [&order[..31], &[order[31] - 1]].concat();
    let numbers = [number(0), number(1), less_one, order, vec![0xff; 32]];
    let header = honest_header(Key::Ec);
    let tokens = numbers.iter().flat_map(|r| numbers.iter().map(|s| unsigned(&header, &[r.as_slice(), s].concat())));
    assert_eq!(refused_for("signature_invalid", tokens), 25);
}

/// PKCS#1 v1.5 paddings of which a lenient parser sees the right hash. The private key made them, so all but the padding is right.
#[test]
fn class_14_every_padding_but_the_one_is_refused() {
    let header = honest_header(Key::Rsa);
    let token = unsigned(&header, &[]);
    let input = token.trim_end_matches('.').to_owned();
    let hash = Sha256::digest(&input).to_vec();
    let padded = |info: &[u8], length: usize, fill: u8, block_type: u8| {
        let end = [info, hash.as_slice()].concat();
        [vec![0, block_type], vec![fill; length - 3 - end.len()], vec![0], end].concat()
    };
    let good = padded(&DIGEST_INFO, 256, 0xff, 1);
    let mut without_null = DIGEST_INFO.to_vec();
    without_null.drain(15..17);
    (without_null[1], without_null[3]) = (0x2f, 0x0b);
    let garbage_after = {
        let mut short = padded(&DIGEST_INFO, 200, 0xff, 1);
        short.extend([0x5a; 56]);
        short
    };
    let changed = |at: usize, to: u8| {
        let mut other = good.clone();
        other[at] = to;
        other
    };
    let long_length = [&[0x30, 0x81, 0x31], &DIGEST_INFO[2..]].concat();
    let bare_hash = [vec![0, 1], vec![0xff; 256 - 3 - 32], vec![0], hash.clone()].concat();
    let other_hash =
        [vec![0, 1], vec![0xff; 256 - 3 - 51], vec![0], DIGEST_INFO.to_vec(), Sha256::digest("x").to_vec()].concat();
    let forged = [
        ("no NULL in the parameters", padded(&without_null, 256, 0xff, 1)),
        ("a length in the long form", padded(&long_length, 256, 0xff, 1)),
        ("bytes after the hash", garbage_after),
        ("block type 2", padded(&DIGEST_INFO, 256, 0xff, 2)),
        ("block type 0", padded(&DIGEST_INFO, 256, 0x00, 0)),
        ("fill of another byte", padded(&DIGEST_INFO, 256, 0xfe, 1)),
        ("one byte of the fill", changed(100, 0)),
        ("the first byte", changed(0, 1)),
        ("no zero after the fill", changed(204, 0xff)),
        ("SHA-1's name", changed(218, 0x00)),
        ("the last byte", changed(255, hash[31] ^ 1)),
        ("the bare hash", bare_hash),
        ("another text's hash", other_hash),
    ];
    let tokens = forged.map(|(_, em)| format!("{input}.{}", encode(&rsa_raw(&em))));
    assert_eq!(refused_for("signature_invalid", tokens), 13);
    assert_eq!(format!("{input}.{}", encode(&rsa_raw(&good))), honest(Key::Rsa), "the forger's tools are right");
}

/// A signature has the length of the modulus, and is below it.
#[test]
fn class_14_a_signature_of_another_length_or_range_is_refused() {
    let token = honest(Key::Rsa);
    let (input, signature) = token.rsplit_once('.').unwrap();
    let signature = decode(signature);
    let modulus = decode(crate::signing::RSA_N);
    let rows = [
        [&[0], signature.as_slice()].concat(),
        [signature.as_slice(), &[0]].concat(),
        signature[..255].to_vec(),
        signature[1..].to_vec(),
        vec![0; 256],
        vec![0xff; 256],
        modulus,
        [vec![0; 255], vec![1]].concat(),
        vec![1],
        signature.repeat(2),
    ];
    assert_eq!(refused_for("signature_invalid", rows.map(|bytes| format!("{input}.{}", encode(&bytes)))), 10);
}

/// DER where RFC 7518 section 3.4 has `r || s`, and every length but 64.
#[test]
fn class_16_der_and_other_lengths_are_refused() {
    let token = honest(Key::Ec);
    let (input, signature) = token.rsplit_once('.').unwrap();
    let signature = decode(signature);
    let integer = |number: &[u8]| {
        let lead: &[u8] = if number[0] & 0x80 == 0 { &[] } else { &[0] };
        let body = [lead, number].concat();
        [&[2, u8::try_from(body.len()).unwrap()], body.as_slice()].concat()
    };
    let body = [integer(&signature[..32]), integer(&signature[32..])].concat();
    let der = [&[0x30, u8::try_from(body.len()).unwrap()], body.as_slice()].concat();
    let indefinite = [&[0x30, 0x80], body.as_slice(), &[0, 0]].concat();
    let mut rows = vec![der.clone(), [der.as_slice(), &[0]].concat(), indefinite];
    rows.extend(
        (1..140).filter(|length| *length != 64).map(|length| signature.iter().copied().cycle().take(length).collect()),
    );
    let swapped = [&signature[32..], &signature[..32]].concat();
    rows.push(swapped);
    // Each number with a zero in front, as if they were of P-384.
    rows.push([&[0; 16], &signature[..32], &[0; 16], &signature[32..]].concat());
    let count = rows.len();
    let tokens = rows.into_iter().map(|bytes| format!("{input}.{}", encode(&bytes)));
    assert_eq!(refused_for("signature_invalid", tokens), count);
    assert_eq!(count, 3 + 138 + 2);
}
