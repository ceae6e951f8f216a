//! Which keys there are: within the bounds of `limits`, by their true length, whatever octets they come in.

use alloc::{vec, vec::Vec};

use num_bigint::BigUint;

use super::moduli::{Random, as_modulus, octets, ones, power_of_two};
use crate::rsa::{
    Key,
    montgomery::negated_inverse,
    number, scalar,
    simd::{self, carries::Width},
};

const EXPONENT: [u8; 3] = [1, 0, 1];

fn modulus(bits: usize) -> Vec<u8> {
    as_modulus(&Random(10).number(bits), bits).to_bytes_be()
}

#[test]
fn moduli_out_of_bounds_make_no_key() {
    for bits in [1, 8, 27, 1024, 2040, 2047, 8193, 8200, 16_384] {
        assert!(Key::new(&modulus(bits), &EXPONENT).is_none(), "{bits} bits");
        // Zeros before it make no number longer, nor shorter.
        let long = octets(&as_modulus(&Random(10).number(bits), bits), 4096);
        assert!(Key::new(&long, &EXPONENT).is_none(), "{bits} bits in 4096 octets");
    }
    for empty in [&[][..], &[0], &[0; 256], &[0; 2048]] {
        assert!(Key::new(empty, &EXPONENT).is_none(), "{} zeros", empty.len());
    }
    for bits in [2048, 2049, 8191, 8192] {
        assert!(Key::new(&modulus(bits), &EXPONENT).is_some(), "{bits} bits");
        let even = (BigUint::from_bytes_be(&modulus(bits)) - 1_u8).to_bytes_be();
        assert!(Key::new(&even, &EXPONENT).is_none(), "an even number of {bits} bits");
    }
    assert!(Key::new(&power_of_two(2048).to_bytes_be(), &EXPONENT).is_none(), "a power of two");
    assert!(Key::new(&ones(8193).to_bytes_be(), &EXPONENT).is_none(), "one bit more than there may be");
}

#[test]
fn exponents_out_of_bounds_make_no_key() {
    let n = modulus(2048);
    for exponent in [0_u64, 1, 2, 4, 65_536, 1 << 32, (1 << 33) + 1, (1 << 34) - 1, u64::MAX] {
        assert!(Key::new(&n, &exponent.to_be_bytes()).is_none(), "{exponent}");
    }
    for exponent in [3_u64, 5, 65_537, (1 << 32) + 1, (1 << 33) - 1] {
        assert!(Key::new(&n, &exponent.to_be_bytes()).is_some(), "{exponent}");
    }
    assert!(Key::new(&n, &[]).is_none(), "none");
    assert!(
        Key::new(&n, &[&[1], [0; 16].as_slice(), &[1]].concat()).is_none(),
        "longer than a word, and like one at its end"
    );
}

/// A modulus with zeros before it is the same number: its length, and so a signature's, is the number's.
#[test]
fn leading_zeros_change_nothing() {
    for bits in [2048, 2049, 2055] {
        let n = modulus(bits);
        let plain = Key::new(&n, &EXPONENT).unwrap();
        let padded = Key::new(&[[0; 5].as_slice(), &n].concat(), &[[0; 9].as_slice(), &EXPONENT].concat()).unwrap();
        let base = octets(&BigUint::from(3_u8), n.len());
        assert!(plain.power(&base).is_some());
        assert_eq!(plain.power(&base), padded.power(&base), "{bits} bits");
        assert_eq!(padded.power(&[[0; 5].as_slice(), &base].concat()), None, "as long as the padded modulus");
        assert_eq!(plain.power(&base[1..]), None, "an octet less");
    }
}

#[test]
fn a_key_says_how_large_it_is() {
    // 76 limbs three times, and two groups.
    let limbs = (3 * 76 + 8) * 4;
    assert_eq!(Key::new(&modulus(2048), &EXPONENT).unwrap().bytes(), limbs + size_of::<Key>());
}

#[test]
fn inverses_are_those_of_odd_numbers() {
    let mut random = Random(11);
    for n in (0..100).map(|_| random.word() as u32 | 1).chain([1, 3, u32::MAX, (1 << 31) + 1]) {
        assert_eq!(n.wrapping_mul(negated_inverse(n)), u32::MAX, "{n}");
    }
}

/// A signature has as many octets as the modulus, up to seven bits more: if the limbs lost one, there would be other signatures that
/// hold as well.
#[test]
fn the_limbs_of_every_modulus_hold_its_octets() {
    for bits in 2048..=8192_usize {
        let octets = bits.div_ceil(8) * 8;
        assert!(scalar::limb_count(bits) * 27 >= octets, "{bits} bits");
        for width in [Width::Bits12, Width::Bits13] {
            assert!(simd::group_count(bits, width) * 16 * width.bits() as usize >= octets, "{bits} bits, {width:?}");
        }
    }
}

/// Octets and limbs of every width in use, at lengths that are no multiple of either.
#[test]
fn limbs_hold_the_number_they_were_read_from() {
    let mut random = Random(12);
    for width in [12, 13, 27] {
        for length in [1, 2, 26, 27, 256, 257] {
            let read = random.octets(length);
            let count = (length * 8).div_ceil(width as usize) + length % 3;
            let limbs = number::to_limbs(&read, width, count);
            assert_eq!(limbs.len(), count);
            let value = limbs.iter().rev().fold(BigUint::ZERO, |sum, limb| (sum << width) + *limb);
            assert_eq!(value, BigUint::from_bytes_be(&read), "{width} bits, {length} octets");
            assert_eq!(number::to_octets(&limbs, width, length), read, "{width} bits, {length} octets");
        }
    }
    assert_eq!(number::bit_length(&[]), 0);
    assert_eq!(number::bit_length(&[0, 0, 1]), 1);
    assert_eq!(number::bit_length(&[0, 0x80, 0]), 16);
    let mut difference = vec![0, 0, 1];
    number::subtract(&mut difference, &[1, 0, 0], 13);
    assert_eq!(difference, [number::mask(13), number::mask(13), 0]);
}
