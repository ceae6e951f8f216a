//! What limbs stand for, in a library's big integers.

use num_bigint::{BigInt, BigUint, Sign};

use crate::p256::{
    inverse::Modulus,
    limbs::{Bounds, Element, Factor, Limbs},
};

/// The number that limbs stand for.
pub(super) fn number(limbs: &Limbs<i64>) -> BigInt {
    limbs.iter().rev().fold(BigInt::ZERO, |number, limb| (number << 29) + *limb)
}

/// The limbs of a number from 0 on, each of 29 bits but the last.
pub(super) fn limbs(number: &BigUint) -> Limbs<i64> {
    core::array::from_fn(|index| {
        let limb: BigUint = number >> (29 * index);
        let limb = if index < 8 { limb % (1u32 << 29) } else { limb };
        i64::try_from(limb).expect("a limb")
    })
}

pub(super) fn modulus(modulus: &Modulus) -> BigInt {
    number(&modulus.limbs)
}

/// The least remainder from 0 on.
pub(super) fn reduced(number: &BigInt, modulus: &BigInt) -> BigUint {
    let remainder = ((number % modulus) + modulus) % modulus;
    remainder.to_biguint().expect("not negative")
}

/// 2^261.
pub(super) fn r() -> BigInt {
    BigInt::from(1) << 261
}

/// The residue that an element stands for, out of Montgomery's form.
pub(super) fn residue(element: &Element, p: &BigInt) -> BigUint {
    let r_inverse = BigInt::from_biguint(Sign::Plus, reduced(&r(), p)).modinv(p).expect("p is odd");
    reduced(&(number(element.limbs()) * r_inverse), p)
}

pub(super) fn bytes(number: &BigUint) -> [u8; 32] {
    let least_first = number.to_bytes_le();
    let mut bytes = [0; 32];
    for (to, from) in bytes.iter_mut().rev().zip(least_first) {
        *to = from;
    }
    bytes
}

/// Random limbs of a class, most of them at or beside its bounds.
pub(super) fn extreme(bounds: Bounds, random: &mut impl FnMut() -> u64) -> Limbs<i64> {
    core::array::from_fn(|index| {
        let (low, high) = bounds[usize::from(index == 8)];
        match random() % 8 {
            0..=2 => low,
            3..=5 => high,
            6 => i64::try_from(random() % 3).expect("small") - 1,
            _ => low + i64::try_from(random() % u64::try_from(high - low + 1).expect("a range")).expect("in range"),
        }
    })
}
