//! Verdicts on signatures, ours and those of the `rsa` crate, and s^65537 by vectors as by 64-bit sums.

use alloc::vec::Vec;

use super::{
    emulated_lanes::EmulatedLanes,
    flaws::{FLAWS, Flaw, Scheme},
    generator::{Case, Signer, case_of_any_length},
    moduli::Random,
};
use crate::{
    crypto::fast::rsa::{Key, number, simd},
    jose::algorithm::Hash,
};

fn hash(scheme: Scheme) -> Hash {
    match scheme.hash_bits {
        256 => Hash::Sha256,
        384 => Hash::Sha384,
        _ => Hash::Sha512,
    }
}

/// Ours, without anything if there is no such key.
pub fn ours(key: Option<&Key>, scheme: Scheme, message: &[u8], signature: &[u8]) -> bool {
    key.is_some_and(|key| {
        if scheme.is_pss {
            key.verify_pss(hash(scheme), message, signature)
        } else {
            key.verify_pkcs1(hash(scheme), message, signature)
        }
    })
}

/// That of the other engine, by the `rsa` crate.
pub fn rustcrypto(n: &[u8], e: &[u8], scheme: Scheme, message: &[u8], signature: &[u8]) -> bool {
    let key = crate::crypto::rsa::Key { n: number::without_leading_zeros(n), e };
    if scheme.is_pss {
        key.verify_pss(hash(scheme), message, signature).is_ok()
    } else {
        key.verify_pkcs1(hash(scheme), message, signature).is_ok()
    }
}

/// Whether vectors, emulated, give the same power; true where they are not used.
pub fn vectors_agree(key: &Key, n: &[u8], e: &[u8], signature: &[u8]) -> bool {
    let n = number::without_leading_zeros(n);
    let bits = number::bit_length(n);
    if number::without_leading_zeros(e) != [1, 0, 1] || signature.len() != n.len() {
        return true;
    }
    simd::Modulus::<EmulatedLanes>::new(n, bits)
        .is_none_or(|modulus| modulus.power(signature, n.len()) == key.power(signature))
}

/// Judges a case; `vectors` says whether they are compared as well.
fn judge(case: &Case, vectors: bool) {
    let Case { n, e, scheme, message, signature, holds, flaw, what } = case;
    let key = Key::new(n, e).expect("a key within the bounds");
    assert_eq!(ours(Some(&key), *scheme, message, signature), *holds, "{flaw:?}, {what}: {case:?}");
    assert_eq!(rustcrypto(n, e, *scheme, message, signature), *holds, "RustCrypto, {flaw:?}, {what}: {case:?}");
    assert!(!vectors || vectors_agree(&key, n, e, signature), "{case:?}");
}

/// Keys of primes: the usual lengths and each number of bits over a whole octet, and every exponent with which something differs.
fn signers() -> Vec<Signer> {
    let lengths: [&[usize]; 11] =
        [&[0, 1], &[0, 1], &[0, 2], &[0, 3], &[0, 4], &[0, 5], &[0, 6], &[0, 7], &[0, 8], &[9, 10], &[11, 12]];
    let exponents = [65_537, 3, 65_537, 17, (1 << 32) + 1, 65_537, 3, 65_537, 17, 65_537, 65_537];
    lengths.iter().zip(exponents).map(|(places, e)| Signer::new(places, e)).collect()
}

/// Compares verdicts on `rounds` signers' signatures and as many made moduli, from a seed; returns how many there were.
fn differential(rounds: usize, seed: u64) -> usize {
    let mut random = Random(seed);
    let signers = signers();
    let mut count = 0;
    for round in 0..rounds {
        let scheme = Scheme::ALL[round % 6];
        let cases = signers[random.below(signers.len())].cases(scheme, &mut random, 2);
        for case in &cases {
            // One of them by vectors as well: emulated, they are slow.
            judge(case, random.below(16) == 0);
        }
        count += cases.len();
        // Around one octet mostly, anywhere sometimes.
        let bits = if random.below(8) == 0 { 2048 + random.below(6145) } else { 2048 + random.below(17) };
        let flaw = if random.below(2) == 0 { Flaw::Absent } else { FLAWS[random.below(FLAWS.len())] };
        if let Some(case) = case_of_any_length(bits, scheme, flaw, &mut random) {
            judge(&case, false);
            count += 1;
        }
    }
    count
}

#[test]
fn verdicts_are_those_of_another_implementation() {
    let rounds = if cfg!(debug_assertions) { 24 } else { 400 };
    assert!(differential(rounds, 13) > 12 * rounds);
}

/// Every length from 2,048 bits to the next octet but one, and some up to the greatest: good, and with every flaw.
#[test]
fn every_flaw_is_refused_at_every_length() {
    let mut random = Random(14);
    let mut met = Vec::new();
    for bits in (2048..=2064).chain([2431, 3072, 3073, 4095, 4096, 4097, 6145, 8191, 8192]) {
        for scheme in Scheme::ALL {
            let flaws = [Flaw::Absent, FLAWS[random.below(FLAWS.len())], FLAWS[random.below(FLAWS.len())]];
            let always = if bits % 8 == 1 { Flaw::SurplusOctet } else { Flaw::FirstBitsNotZero };
            for flaw in flaws.into_iter().chain([always]) {
                if let Some(case) = case_of_any_length(bits, scheme, flaw, &mut random) {
                    assert_eq!(number::bit_length(&case.n), bits);
                    judge(&case, false);
                    met.push((scheme.is_pss, flaw));
                }
            }
            assert!(case_of_any_length(bits, scheme, Flaw::Absent, &mut random).is_some(), "{bits} bits, {scheme:?}");
        }
    }
    for flaw in FLAWS {
        assert!(met.iter().any(|(_, met)| *met == flaw), "{flaw:?} was met");
    }
}
