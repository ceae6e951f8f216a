//! Verdicts on signatures, ours and those of the `rsa` crate, and s^65537 by vectors as by 64-bit sums.

extern crate std;

use alloc::{vec, vec::Vec};
use std::sync::OnceLock;

use edgeward::{
    crypto::{PreparedKey, RustCrypto, SignatureEngine},
    jose::{
        PublicKey,
        algorithm::{self, Algorithm},
    },
};

use super::{
    emulated_lanes::EmulatedLanes,
    flaws::{FLAWS, Flaw, Scheme},
    generator::{Case, Signer, case_of_any_length},
    moduli::Random,
};
use crate::{
    Hash,
    rsa::{Key, number, simd},
};

fn hash(scheme: Scheme) -> Hash {
    match scheme.hash_bits {
        256 => Hash::Sha256,
        384 => Hash::Sha384,
        _ => Hash::Sha512,
    }
}

fn algorithm(scheme: Scheme) -> &'static Algorithm {
    match (scheme.is_pss, scheme.hash_bits) {
        (false, 256) => &algorithm::RS256,
        (false, 384) => &algorithm::RS384,
        (false, _) => &algorithm::RS512,
        (true, 256) => &algorithm::PS256,
        (true, 384) => &algorithm::PS384,
        (true, _) => &algorithm::PS512,
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
    let key = PublicKey::Rsa { n: number::without_leading_zeros(n).to_vec(), e: e.to_vec() };
    let by = algorithm(scheme).scheme();
    RustCrypto.verify(by, &PreparedKey::from(key), message, signature).is_ok()
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

/// Judges a case by a key that was made of its numbers; `vectors` says whether powers are compared as well.
fn judge(key: &Key, case: &Case, vectors: bool) {
    let Case { n, e, scheme, message, signature, holds, flaw, what } = case;
    assert_eq!(ours(Some(key), *scheme, message, signature), *holds, "{flaw:?}, {what}: {case:?}");
    assert_eq!(rustcrypto(n, e, *scheme, message, signature), *holds, "RustCrypto, {flaw:?}, {what}: {case:?}");
    assert!(!vectors || vectors_agree(key, n, e, signature), "{case:?}");
}

fn key(case: &Case) -> Key {
    Key::new(&case.n, &case.e).expect("a key within the bounds")
}

/// Keys of primes, with every exponent in turn with which something differs: most have 2,048 bits to 2,062, a few 3,072, 4,096 and 8,192.
fn signers() -> &'static [Signer] {
    static SIGNERS: OnceLock<Vec<Signer>> = OnceLock::new();
    SIGNERS.get_or_init(|| {
        let short = (1..=8).flat_map(|one| (0..one).map(move |other| vec![other, one]));
        let long = [vec![9, 10], vec![11, 12], vec![13, 14], vec![11, 12, 13, 14]];
        let exponents = [65_537, 3, 65_537, 17, 65_537, (1 << 32) + 1];
        short.chain(long).zip(exponents.into_iter().cycle()).map(|(places, e)| Signer::new(&places, e)).collect()
    })
}

/// Verdicts on a signer's signatures, and on one by a modulus that was made for it; returns how many there were.
pub fn check_verdicts(seed: u64) -> u64 {
    let mut random = Random(seed);
    let signers = signers();
    let scheme = Scheme::ALL[random.below(6)];
    let cases = signers[random.below(signers.len())].cases(scheme, &mut random, 2);
    let made = key(&cases[0]);
    // One of them by vectors as well: emulated, they are slow.
    let by_vectors = random.below(2 * cases.len());
    for (at, case) in cases.iter().enumerate() {
        judge(&made, case, at == by_vectors);
    }
    // Around one octet mostly, anywhere sometimes.
    let bits = if random.below(16) == 0 { 2048 + random.below(6145) } else { 2048 + random.below(17) };
    let flaw = if random.below(2) == 0 { Flaw::Absent } else { FLAWS[random.below(FLAWS.len())] };
    let another = case_of_any_length(bits, scheme, flaw, &mut random);
    if let Some(case) = &another {
        judge(&key(case), case, false);
    }
    cases.len() as u64 + u64::from(another.is_some())
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
                    judge(&key(&case), &case, false);
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
