//! s^e mod n against another implementation, for moduli and bases that an adversary would choose.

use alloc::vec::Vec;

use num_bigint::BigUint;

use super::{
    emulated_lanes::EmulatedLanes,
    moduli::{Random, THINNED, bases, moduli, octets, power_of_two},
};
use crate::rsa::{
    Key,
    number::bit_length,
    simd::{self, carries::Width},
};

/// Compares a power for every base of a modulus; s = n, n + 1 and 2^bits − 1 are refused.
fn compare(n: &BigUint, exponent: u64, random: &mut Random, mut power: impl FnMut(&[u8]) -> Option<Vec<u8>>) {
    let length = usize::try_from(n.bits().div_ceil(8)).unwrap();
    for base in bases(n, random) {
        let expected = octets(&base.modpow(&exponent.into(), n), length);
        assert_eq!(power(&octets(&base, length)), Some(expected), "{base:x}^{exponent} mod {n:x}");
    }
    let greatest = power_of_two(8 * length) - 1_u8;
    for base in [n, &(n + 1_u8), &greatest] {
        if *base <= greatest {
            assert_eq!(power(&octets(base, length)), None, "{base:x} is not below {n:x}");
        }
    }
}

fn scalar(n: &BigUint, exponent: u64) -> Key {
    Key::new(&n.to_bytes_be(), &exponent.to_be_bytes()).expect("a key within the bounds")
}

/// A modulus and an exponent of those that a key may have: short and with extreme limbs mostly.
fn some_key(random: &mut Random) -> (BigUint, u64) {
    let bits = match random.below(16) {
        0 => 2048 + random.below(6145),
        1..=3 => 2048 + random.below(1100),
        _ => 2048 + random.below(33),
    };
    let moduli = moduli(bits, random);
    let exponents = [65_537, 65_537, 65_537, 3, 17, (1 << 32) + 1, (1 << 33) - 1, random.word() >> 31 | 3];
    (moduli[random.below(moduli.len())].clone(), exponents[random.below(exponents.len())])
}

/// Powers of one modulus' bases, by 64-bit sums and some by vectors; returns how many were compared.
pub fn check_powers(seed: u64) -> u64 {
    let mut random = Random(seed);
    let (n, exponent) = some_key(&mut random);
    let key = scalar(&n, exponent);
    let mut count = 0;
    compare(&n, exponent, &mut random, |base| {
        count += 1;
        key.power(base)
    });
    if n.bits() <= 4096 && random.below(4) == 0 {
        // 0, a random one and one with extreme limbs: emulated vectors are slow.
        compare_simd(&n, None, 7, &mut random);
        count += 3;
    }
    count
}

#[test]
fn powers_by_64_bit_sums_are_those_of_another_implementation() {
    let mut random = Random(1);
    for bits in [2048, 2049, 2050, 2051, 2052, 2053, 2054, 2055, 3072, 4096] {
        for n in moduli(bits, &mut random).iter().step_by(2 * THINNED) {
            let key = scalar(n, 65_537);
            compare(n, 65_537, &mut random, |base| key.power(base));
        }
    }
    let n = moduli(8192, &mut random).remove(5);
    let key = scalar(&n, 3);
    compare(&n, 3, &mut random, |base| key.power(base));
}

/// The least, usual ones, one that is no power of two and one, and the greatest that the bounds allow.
#[test]
fn powers_hold_for_every_exponent_within_the_bounds() {
    let mut random = Random(2);
    let n = &moduli(2048, &mut random)[5];
    for exponent in [3, 5, 7, 17, 65_537, 15_659_537, (1 << 32) + 1, (1 << 33) - 1] {
        let key = scalar(n, exponent);
        compare(n, exponent, &mut random, |base| key.power(base));
    }
}

/// Each number of limbs has its own path through tiles and groups: half of one more or less, and the last of each kind.
#[test]
fn powers_hold_for_moduli_of_every_number_of_groups() {
    let mut random = Random(3);
    for bits in (2048..8192).step_by(108).chain([8191, 8192]) {
        let n = &moduli(bits, &mut random)[5];
        let key = scalar(n, 3);
        let base = random.number(bits) % n;
        let length = bits.div_ceil(8);
        let expected = octets(&base.modpow(&3_u8.into(), n), length);
        assert_eq!(key.power(&octets(&base, length)), Some(expected), "{n:x}");
    }
}

/// By the emulated vectors, which panic where real ones would wrap or saturate. Returns the width of the limbs.
fn compare_simd(n: &BigUint, width: Option<Width>, every: usize, random: &mut Random) -> Width {
    let octets_of_n = n.to_bytes_be();
    let bits = bit_length(&octets_of_n);
    let modulus = match width {
        Some(width) => simd::Modulus::<EmulatedLanes>::of_width(&octets_of_n, bits, width),
        None => simd::Modulus::new(&octets_of_n, bits),
    };
    let modulus = modulus.expect("a modulus within the bounds");
    let length = octets_of_n.len();
    for base in bases(n, random).iter().step_by(every) {
        let expected = octets(&base.modpow(&simd::EXPONENT.into(), n), length);
        assert_eq!(modulus.power(&octets(base, length), length), Some(expected), "{base:x}^65537 mod {n:x}");
    }
    assert_eq!(modulus.power(&octets_of_n, length), None, "s = n");
    modulus.reduction.width
}

#[test]
fn powers_by_vectors_are_those_of_another_implementation() {
    let mut random = Random(4);
    // Among them those that fill whole groups of limbs with no bit to spare but the four, and those that are one bit longer.
    let usual = [(2048, 1), (2049, 4), (2055, 4), (2304, 5), (2912, 5), (3072, 4), (4096, 5)];
    let full = [(2076, 4), (2077, 4), (2080, 4), (3116, 5), (3117, 5), (4028, 5)];
    for (bits, every) in usual.into_iter().chain(full) {
        for n in moduli(bits, &mut random).iter().step_by(every * THINNED) {
            compare_simd(n, None, 7, &mut random);
        }
    }
}

#[test]
fn narrow_limbs_fit_every_modulus_up_to_4096_bits() {
    let mut random = Random(5);
    for (bits, every) in [(2048, 4), (3072, 4), (4096, 7)] {
        for n in moduli(bits, &mut random).iter().step_by(every * THINNED) {
            compare_simd(n, Some(Width::Bits12), 9, &mut random);
        }
    }
    assert!(simd::Modulus::<EmulatedLanes>::new(&moduli(4097, &mut random)[5].to_bytes_be(), 4097).is_none());
}
